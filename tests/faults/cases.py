"""Every command that writes, with every option that names a file, and what these runs read."""

import random
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

from korpus.analyzers import morph
from korpus.files import write_records
from tests.support import ROOT, SAMPLE, korpus
from tests.transformers import tiny

DOCUMENTS = 1500  # enough for several writes
SOME = 200  # enough for several batches


class Case(NamedTuple):
    """A command line; `outputs` are the files that it names, in the folder where it runs."""

    name: str
    arguments: list[str]
    outputs: list[str]


TOPICS = ["tokens.jsonl", "-k", "2", "--iterations", "3", "--top", "3"]
CLASSIFIER = shlex.split("classify train tokens.jsonl --label category --folds 0")
CLASSIFIER += ["-m", "classify.safetensors"]
EXTRA_LINES = [
    "tf embed tiny.csv -m tf-base -o out.safetensors",
    "tf attention 나는 -m tf-base -o a.svg --table t.csv",
    "tf fill few.csv -m tf-fill --mask 빈칸 -o out.jsonl",
    "tf classify few.csv -m tf-classify -o out.csv",
    "tf tag few.csv -m tf-tag -o out.txt -f tagged",
    "tf answer few.csv -m tf-answer --question 가 -o out.jsonl",
    "tf summarize few.csv -m tf-rewrite --max-new-tokens 2 -o out.csv",
    "tf translate few.csv -m tf-rewrite --max-new-tokens 2 -o out.jsonl",
    "tf generate few.csv -m tf-generate --max-new-tokens 2 -o out.jsonl",
    "tf pretrain few.csv --epochs 1 --max-length 8 -o model --table t.csv --curve c.csv "
    "--plot p.svg",
    "tf finetune few.csv -m tf-base --epochs 1 --max-length 8 -o model --table t.csv --curve c.csv "
    "--plot p.svg",
    "tf align turns.jsonl -m tf-generate -o model --table t.csv --curve c.csv --plot p.svg",
]
SLOW = "vectors kiwi -m model.safetensors --export v.vec"  # 300 MB in 900 writes
LINES = [
    "read big.csv -o out.jsonl",
    "read big.csv -o out.jsonl.gz",
    "read big.csv -o out.jsonl.zst",
    "read big.csv -o out.csv --excel",
    "read big.csv -o out.tsv",
    "read bad.csv -o out.jsonl --rejects aside.jsonl",
    "read small.csv -o out.json",
    "read small.csv -o out.parquet",
    "read small.csv -o out.xlsx",
    "clean big.csv --repeat 2 -o out.jsonl",
    "clean some.csv --boilerplate 0.5 -o out.csv",
    "dedupe big.csv --near 0.8 -o out.jsonl --groups groups.csv",
    "space tiny.csv -o out.jsonl",
    "spell tiny.csv -o out.csv",
    "sentences tiny.csv -o out.jsonl",
    "clean some.csv --boilerplate 0.5 -o out.csv",
    "where id>=100 big.csv -o out.jsonl",
    "sample 0.5 some.csv -o out.jsonl",
    "split some.csv --test 0.5 -o out-{group}.jsonl",
    "join some.csv words.csv --on text --right-on form -o out.jsonl",
    "head -n 100 big.csv -o out.jsonl",
    "morph some.csv -a space -o out.jsonl",
    "morph some.csv -o out.txt -f tagged",
    "morph some.csv -a space -o out.jsonl --rejects aside.jsonl",
    "morph some.csv -o out.csv.gz",
    "morph some.csv -a space --words words.csv -o out.jsonl --words-report report.csv",
    "tree trees.conllu -o out.jsonl --plot t.svg",
    "tree trees.conllu -o out.conllu",
    "units some.csv -o out.csv",
    "subword train some.csv --vocab-size 100 -m subwords.json -o out.csv",
    "subword encode tokenizer.json tiny.csv -o out.jsonl",
    "words learn some.csv --method cohesion --min-count 2 -o out.csv",
    "words synonyms tokens.jsonl --method spelling -o out.csv",
    "words check words.csv -a space -o out.csv",
    "agree some.csv -a mecab,space --pos '' -o out.csv --terms terms.csv --plot a.svg",
    "words apply words.csv tokens.jsonl -o out.jsonl",
    "stopwords tokens.jsonl -o out.jsonl",
    "stopwords --show -o out.csv",
    "freq tokens.jsonl -o out.csv --plot f.svg",
    "freq tokens.jsonl -o out.md",
    "freq tokens.jsonl -o out.xlsx",
    "code rules.txt tokens.jsonl -o out.jsonl",
    "crosstab rating tokens.jsonl --by category -o out.csv --tests t.csv --plot t.svg",
    "correspondence tokens.jsonl --by category -o out.csv --inertia i.csv --plot t.svg",
    "trend tokens.jsonl --date date -o out.csv --series s.csv --plot t.svg",
    "keyness tokens.jsonl --by category -o out.csv --plot k.svg",
    "encode tokens.jsonl -o out.csv -m model.safetensors --matrix matrix.npz",
    "tfidf tokens.jsonl -o out.csv -m model.safetensors --matrix matrix.npz",
    "tfidf tokens.jsonl -o out.csv --matrix matrix.mtx",
    "tfidf tokens.jsonl --overall -o out.csv --plot t.svg",
    "collocations tokens.jsonl -o out.csv --plot c.svg",
    "kwic NNG tokens.jsonl -o out.csv --plot k.svg",
    "ngrams tokens.jsonl -o out.csv --plot n.svg",
    "lexical tokens.jsonl --by category -o out.csv --plot l.svg",
    "ngrams --join tokens.jsonl -o out.jsonl",
    "phrases tokens.jsonl --threshold=-1 --min-pair-count 1 -o out.tsv",
    "lda tokens.jsonl -k 2 --iterations 3 -o out.csv -m model.safetensors --documents docs.csv "
    "--plot t.svg",
    "lda tokens.jsonl -k 2 --iterations 3 --by category -o out.csv --priors p.csv --plot p.svg",
    "dtm tokens.jsonl -k 2 --iterations 2 --date date --every year -o out.csv --plot p.svg",
    "dtm tokens.jsonl -k 2 --iterations 2 --date date -o out.csv --periods p.csv -m m.safetensors "
    "--documents d.csv",
    "stm tokens.jsonl -k 2 --iterations 2 --formula rating -o out.csv -m m.safetensors "
    "--documents docs.csv --plot t.svg",
    "nmf tokens.jsonl -k 2 --iterations 3 -o out.csv -m model.safetensors --documents docs.parquet "
    "--plot t.svg",
    "plsa tokens.jsonl -k 2 --iterations 3 -o out.jsonl -m model.safetensors --documents docs.tsv "
    "--plot t.svg",
    "lsa tokens.jsonl -k 2 -o out.csv -m model.safetensors --documents docs.xlsx --plot t.svg",
    "choose-k tokens.jsonl --range 2:3 --runs 2 --iterations 2 -o out.csv --plot k.svg",
    "choose-k tokens.jsonl --range 2:3 --runs 2 --iterations 2 -o out.csv --plot k.png",
    "topics show lda.safetensors -o out.csv --plot map.svg",
    "topics label lda.safetensors tokens.jsonl -o out.csv --named model.safetensors",
    "topics validate lda.safetensors tokens.jsonl -o out.xlsx --write-key k.csv",
    "topics compare lda.safetensors lda.safetensors -o out.csv --plot m.svg",
    "topics effects lda.safetensors tokens.jsonl --formula rating*category -o out.csv "
    "--tests t.csv --expected e.csv --plot e.svg",
    "topics trend lda.safetensors tokens.jsonl --date date -o out.csv --series s.csv --plot t.svg",
    "topics embed tokens.jsonl -k 2 --vectors w2v.safetensors -o out.csv -m model.safetensors "
    "--documents docs.csv --plot t.svg",
    "word2vec tokens.jsonl --vector-size 20 --epochs 1 -m model.safetensors --export v.vec",
    "word2vec tokens.jsonl --vector-size 20 --epochs 1 --export v.bin",
    SLOW,
    "similar w2v.safetensors 영화 -o out.csv --plot near.svg",
    "network tokens.jsonl --top-edges 20 -o out.graphml --nodes nodes.csv --summary whole.csv",
    "network tokens.jsonl --top-edges 20 -o out.xlsx --plot net.svg",
    "network tokens.jsonl --by category -o out.dl",
    "network tokens.jsonl -o out.net",
    "network tokens.jsonl -o out.gexf",
    "cluster tokens.jsonl -k 2 --dimensions 5 -o out.csv --members m.csv --plot map.svg",
    "compare tokens.jsonl --top 5 -o out.csv --plot c.svg",
    "concor tokens.jsonl --top-nodes 20 -o out.csv --density d.csv --image i.csv --plot c.svg",
    "index tokens.jsonl --vectors w2v.safetensors -m index.safetensors",
    "search i.safetensors 영화 -o out.csv",
    "keywords tokens.jsonl --by category -o out.csv --plot k.svg",
    "summarize tokens.jsonl -o out.csv",
    "infer lda.safetensors tokens.jsonl -o out.csv",
    "classify train tokens.jsonl --label category --folds 2 -o o.csv -m m.safetensors --curve c.md "
    "--plot p.svg",
    "classify predict classify.safetensors tokens.jsonl -o out.jsonl",
    "sentiment tokens.jsonl --learn rating -o out.csv --save-lexicon l.csv --plot p.svg",
    "classify explain classify.safetensors tokens.jsonl -o out.csv --plot t.svg",
    "classify evaluate classify.safetensors tokens.jsonl -o o.csv --errors e.csv --confusion c.csv "
    "--plot p.svg",
    "lm train tokens.jsonl -o out.csv -m m.safetensors --arpa m.arpa",
    "lm train some.csv --unit syllable --order 2 -o out.csv --arpa m.arpa.gz",
    "lm score tokens.jsonl --model lm.safetensors -o out.csv",
    "lm perplexity tokens.jsonl --model lm.safetensors -o out.csv",
    "lm complete 병원 --model lm.safetensors -o out.csv",
    "lm correct 병원 --model lm.safetensors -o out.csv",
    "lm generate --model lm.safetensors -o out.jsonl",
    "wordcloud tokens.jsonl --size 300x200 --max-words 20 -o cloud.png",
    "wordcloud tokens.jsonl --size 300x200 --max-words 20 -o cloud.svg",
    "wordcloud tokens.jsonl --size 300x200 --max-words 20 --by category -o cloud.pdf",
    "info tokens.jsonl -o out.csv",
    "reliability codes.csv --replicates 5 -o out.csv --plot r.svg",
    "evaluate some.csv some.csv --tokenize space --replicates 5 -o out.csv --documents each.csv",
    "reliability some.csv --sample 5 -o out.xlsx",
    "report tokens.jsonl --only words,documents -o out.html",
    "recipe -o out.csv",
    "new study --for topics -o out.csv",
    "run study.toml --dry-run -o out.csv",
    "methods lda.safetensors -o out.docx --bib out.bib",
]
# Of the extra transformers: run where it is installed. Their folders are not compared.
LINES += EXTRA_LINES
_WRITING = (
    "-o",
    "-m",
    "--documents",
    "--periods",
    "--priors",
    "--matrix",
    "--members",
    "--bib",
    "--nodes",
    "--summary",
    "--density",
    "--image",
    "--export",
    "--groups",
    "--plot",
    "--rejects",
    "--words-report",
    "--named",
    "--write-key",
    "--series",
    "--tests",
    "--expected",
    "--inertia",
    "--terms",
    "--errors",
    "--confusion",
    "--curve",
    "--save-lexicon",
    "--arpa",
    "--table",
)


def cases() -> Iterator[Case]:
    """The runs; each writes at least one file."""
    for line in LINES:
        if line in EXTRA_LINES and find_spec("torch") is None:
            continue
        arguments = shlex.split(line)
        outputs = [path for option, path in pairwise(arguments) if option in _WRITING]
        outputs = [path for path in outputs if "." in path]  # -m model of tf is a folder
        if "matrix.mtx" in outputs:
            outputs += ["matrix.ids.txt", "matrix.terms.txt"]
        if "out-{group}.jsonl" in outputs:
            outputs = ["out-train.jsonl", "out-test.jsonl"]
        yield Case(line, arguments, outputs)


def make_inputs(folder: Path, tokens: int | None = None) -> None:
    """What the runs read: documents, tokens of the sample data, and models.

    `tokens`: of how many documents; default: of all.
    """
    dice = random.Random(0)
    syllables = [chr(dice.randrange(0xAC00, 0xD7A4)) for _ in range(300)]
    rows = [f"{number},{''.join(dice.choices(syllables, k=200))}\n" for number in range(DOCUMENTS)]
    (folder / "big.csv").write_text("id,text\n" + "".join(rows))
    (folder / "bad.csv").write_text("id,text\n" + "".join(rows[:SOME]) + "x,y,z\n" * 3)
    (folder / "some.csv").write_text("id,text\n" + "".join(rows[:SOME]))
    (folder / "tiny.csv").write_text("id,text\n1,\n2,\n")
    (folder / "small.csv").write_text("".join(SAMPLE.read_text().splitlines(keepends=True)[:60]))
    trees = (ROOT / "tests" / "data" / "sentences.conllu").read_text()
    (folder / "trees.conllu").write_text(trees * 20)
    (folder / "codes.csv").write_text("id,coder1,coder2\n1,a,b\n2,b,b\n")
    rows = [f"{number},말 {number % 3},{number % 2}\n" for number in range(20)]
    (folder / "few.csv").write_text("id,text,label\n" + "".join(rows))
    (folder / "turns.jsonl").write_text('{"prompt": "가", "response": "나"}\n')
    if find_spec("torch") is not None:
        for kind in tiny.MAKERS:
            tiny.make(kind, folder / f"tf-{kind}")
    (folder / "study.toml").write_text('[steps.a]\ncommand = "recipe"\noutput = "a.csv"\n')
    (folder / "words.csv").write_text("form,becomes\n병원,의원\n")
    (folder / "rules.txt").write_text("*병원  병원 | 의사\n*맛  맛 | 국물 & !병원\n")
    from korpus.files import read

    found = islice(morph(read(SAMPLE), pos=["noun"]), tokens)
    write_records(found, str(folder / "tokens.jsonl"))
    for arguments in (
        ["lda", *TOPICS, "-m", "lda.safetensors"],
        ["index", "tokens.jsonl", "-m", "i.safetensors"],
        ["lm", "train", "tokens.jsonl", "-m", "lm.safetensors"],
        [
            "word2vec",
            "tokens.jsonl",
            "--vector-size",
            "20",
            "--epochs",
            "1",
            "-m",
            "w2v.safetensors",
        ],
        CLASSIFIER,
        ["subword", "train", "small.csv", "-m", "tokenizer.json"],
    ):
        done = korpus(*arguments, cwd=folder)
        assert done.returncode == 0, done.stderr
