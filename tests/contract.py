"""What every command of the registry does at its edges.

A command that needs arguments has a line in CASES. What it reads and writes is found in the types
of its options, so each test runs for every command that it concerns.
"""

import inspect
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.util import find_spec
from itertools import chain, permutations
from pathlib import Path
from typing import Annotated, Any, ClassVar, NamedTuple, get_origin

import pytest

from korpus.analyzers import subword_train
from korpus.cli import registry
from korpus.cli.options import OnlyWith, Reads, Writes
from korpus.models import index, nmf, word2vec
from korpus.models.classify import classify_train
from korpus.models.lm import lm_train
from tests import runner
from tests.runner import client
from tests.support import (
    ROOT,
    SENTENCE,
    TOKENS,
    environment,
    fresh,
    in_terminal,
    korpus,
    korpus_each,
)
from tests.transformers import tiny

Done = subprocess.CompletedProcess[str]
TIME = re.compile(r", \d+\.\d s$", re.M)  # at the end of a run
# Files that commands are run with, where they are in arguments; see `make_files`.
MODEL = "nmf.safetensors"  # the models are of any analyzer
INDEX = "index.safetensors"
CLASSIFIER = "classify.safetensors"
LM = "lm.safetensors"
WORDS = "words.tsv"
RULES = "rules.txt"
LEXICON = "lexicon.tsv"
TOKENIZER = "tokenizer.json"
VECTORS = "vectors.safetensors"
TRANSFORMERS = {kind: f"tf-{kind}" for kind in tiny.MAKERS}
STUDY = "study.toml"
NEW = "new-study"  # a folder that is made
TUNED = "tuned"  # the folder of a model that is made
GIVEN = frozenset({STUDY, MODEL, INDEX, CLASSIFIER, LM, WORDS, RULES, LEXICON, VECTORS, TOKENIZER})
GIVEN |= {*TRANSFORMERS.values()}
DOCUMENT = '{"id":"1","text":"가나"}\n'
LABELLED = "".join(TOKENS.replace('"text"', f'"label":"{x}","text"') for x in "가나" * 2)


TREE = TOKENS.replace("}\n", ',"heads":[0,1],"relations":["root","case"]}\n')
DATED = TOKENS.replace('"text"', '"date":"2025-01-01","text"')


class Case(NamedTuple):
    """How a command is run.

    `arguments`: what it needs besides a source and an output. `good`: the content of a source that
    it takes, in the format of `suffix`. `empty_is_error`: whether a source without documents ends
    with exit code 1. `source_first`: the arguments follow the source. `variables`: added to the
    environment of the run in a new interpreter.
    """

    arguments: tuple[str, ...] = ()
    good: str = TOKENS
    suffix: str = ".jsonl"
    empty_is_error: bool = False
    source_first: bool = False
    variables: dict[str, str] = {}  # noqa: RUF012

    @property
    def record(self) -> str:
        """Lines of JSON that it takes, one for most commands."""
        return self.good if self.suffix == ".jsonl" else TOKENS


CASES = {
    # Blank text: Kiwi need not start.
    "space": Case(good='{"id":"1","text":" "}\n'),
    "spell": Case(good='{"id":"1","text":" "}\n'),
    "sentences": Case(good='{"id":"1","text":" "}\n'),
    "read": Case(good='{"id":"1","text":"가나다"}\n'),
    "where": Case(("id >= 1",)),
    "sample": Case(("1",)),
    "split": Case(("--test", "1")),
    "join": Case(("--on", "text", "--right-on", "form", WORDS), source_first=True),
    "morph": Case(("--words", WORDS), f"{SENTENCE}\n", suffix=".txt"),
    "tree": Case(good=TREE),
    "units": Case(("--subwords", TOKENIZER), f"{SENTENCE}\n", ".txt", empty_is_error=True),
    "subword train": Case((), f"{SENTENCE}\n", ".txt", empty_is_error=True),
    "subword encode": Case((TOKENIZER,), f"{SENTENCE}\n", ".txt"),
    "stopwords": Case(),
    # Kiwi takes two seconds to start; tests/test_words_learn.py starts it.
    "words learn": Case(("--method", "cohesion,nouns"), f"{SENTENCE}\n", suffix=".txt"),
    "words synonyms": Case(("--method", "spelling")),
    "words apply": Case((WORDS,)),
    "words check": Case((WORDS,)),
    "agree": Case(("-a", "mecab,space", "--pos", ""), f"{SENTENCE}\n", suffix=".txt"),
    "phrases": Case(("--threshold=-1", "--min-pair-count=1")),
    "reliability": Case(
        ("--replicates", "10"), '{"id":"1","coder1":"가","coder2":"나"}\n', empty_is_error=True
    ),
    "evaluate": Case(
        ("--replicates", "10", "--measures", "bleu,wer,labels"),
        '{"id":"1","reference":"가 나","hypothesis":"가 다"}\n',
        empty_is_error=True,
    ),
    "freq": Case(),
    "ngrams": Case(),
    "lexical": Case(("--dispersion",)),
    "tfidf": Case(empty_is_error=True),
    "kwic": Case(("NP",)),
    "encode": Case(empty_is_error=True),
    "keyness": Case(("--reference", "wordfreq", "--min-count", "1"), empty_is_error=True),
    "collocations": Case(("--min-pair-count", "1")),
    "code": Case((RULES,)),
    "crosstab": Case(("text", "--by", "text"), empty_is_error=True),
    "correspondence": Case(("--by", "text", "--min-count", "1"), empty_is_error=True),
    "trend": Case(
        ("--date", "date", "--every", "day", "--min-count", "1"), DATED, empty_is_error=True
    ),
    "similar": Case((MODEL, "병원")),
    "concor": Case(empty_is_error=True),
    "cluster": Case(("--method", "hdbscan"), empty_is_error=True),
    "compare": Case((), TOKENS + TOKENS.replace('"1"', '"2"'), empty_is_error=True),
    "keywords": Case(),
    "summarize": Case(),
    "index": Case(empty_is_error=True),
    "search": Case((INDEX, "병원")),
    "lda": Case(("-k", "1", "--iterations", "5"), empty_is_error=True),
    "nmf": Case(("-k", "1"), empty_is_error=True),
    "plsa": Case(("-k", "1"), empty_is_error=True),
    "lsa": Case(("-k", "1"), empty_is_error=True),
    "dtm": Case(
        ("--date", "date", "--every", "day", "-k", "1", "--iterations", "2"),
        DATED,
        empty_is_error=True,
    ),
    "stm": Case(("-k", "1", "--iterations", "2"), empty_is_error=True),
    "choose-k": Case(("--range=1", "--runs=1", "--iterations=5"), empty_is_error=True),
    "topics show": Case((MODEL,)),
    "topics effects": Case((MODEL, "--formula", "year")),
    "topics trend": Case(
        (MODEL, "--date", "year", "--every", "year"), '{"id":"1","year":"2021"}\n'
    ),
    "topics label": Case((MODEL,)),
    "topics validate": Case((MODEL,)),
    "topics compare": Case((MODEL, MODEL)),
    "topics embed": Case(("-k", "1", "--vectors", VECTORS), empty_is_error=True),
    "word2vec": Case(("--min-count", "1"), empty_is_error=True),
    "infer": Case((MODEL,), '{"id":"1","tokens":["병원","의사"],"tags":["NNG","NNG"]}\n'),
    "classify train": Case(("--folds", "2"), LABELLED, empty_is_error=True),
    # Without a lexicon it would start Kiwi for its vectors.
    "sentiment": Case(("--lexicon", LEXICON)),
    "classify predict": Case((CLASSIFIER,)),
    "classify explain": Case((CLASSIFIER,)),
    "classify evaluate": Case((CLASSIFIER,), LABELLED, empty_is_error=True),
    "lm train": Case(empty_is_error=True),
    # Without a model they would start Kiwi.
    "lm score": Case(("-m", LM)),
    "lm perplexity": Case(("-m", LM), empty_is_error=True),
    "lm complete": Case(("-m", LM, "나는")),
    "lm correct": Case(("-m", LM, "나는")),
    "lm generate": Case(("-m", LM)),
    "report": Case(("--only", "words", "--title", "x"), empty_is_error=True),
    "wordcloud": Case(("--size", "90x60"), empty_is_error=True),
    "info": Case(),
    # Analyzers in Java take 20 s to start, Kiwi 5 s; tests/test_doctor.py starts them.
    "doctor": Case(
        variables={
            "KORPUS_JAVA_HOME": "/nowhere",
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "tests/data/without_kiwi", ROOT))),
        }
    ),
    "vectors": Case(("kiwi",)),
    "recipe": Case(),
    "methods": Case((MODEL,)),
    "tf embed": Case(("-m", TRANSFORMERS["base"]), DOCUMENT, empty_is_error=True),
    "tf attention": Case(("나는", "-m", TRANSFORMERS["base"])),
    "tf fill": Case(("-m", TRANSFORMERS["fill"]), DOCUMENT),
    "tf classify": Case(("-m", TRANSFORMERS["classify"]), DOCUMENT),
    "tf tag": Case(("-m", TRANSFORMERS["tag"]), DOCUMENT),
    "tf answer": Case(("-m", TRANSFORMERS["answer"], "--question", "가"), DOCUMENT),
    "tf summarize": Case(("-m", TRANSFORMERS["rewrite"]), DOCUMENT),
    "tf translate": Case(("-m", TRANSFORMERS["rewrite"]), DOCUMENT),
    "tf generate": Case(("-m", TRANSFORMERS["generate"], "--max-new-tokens", "8"), DOCUMENT),
    "new": Case((NEW, "--for", "topics")),
    "run": Case((STUDY, "--dry-run")),
    "tf pretrain": Case(
        ("--epochs", "1", "--vocab-size", "50", "-o", TUNED), DOCUMENT, empty_is_error=True
    ),
    "tf align": Case(
        ("-m", TRANSFORMERS["generate"], "-o", TUNED),
        '{"prompt":"가","response":"나"}\n',
        empty_is_error=True,
    ),
    "tf finetune": Case(
        ("-m", TRANSFORMERS["classify"], "-o", TUNED), LABELLED, empty_is_error=True
    ),
}


class Option(NamedTuple):
    """An option that names a file to write: its long name, and a suffix that it takes."""

    flag: str
    suffix: str


class Command:
    """A command of the registry, with its case and what its options read and write."""

    folder: ClassVar[Path]  # of the files it is run with, and of outputs that nobody looks at

    def __init__(self, entry: registry.Command) -> None:
        self.name, self.entry = entry.name, entry
        self.case = CASES.get(entry.name, Case())
        self.reads: set[str] = set()
        self.writes: list[Option] = []
        self.parameters = inspect.signature(registry.load(entry.target)).parameters
        for name, parameter in self.parameters.items():
            hint = parameter.annotation
            marks = hint.__metadata__ if get_origin(hint) is Annotated else ()
            needed = {f"--{mark.name}" for mark in marks if isinstance(mark, OnlyWith)}
            for mark in marks:
                if isinstance(mark, Reads):
                    self.reads.add(name)
                elif getattr(mark, "kind", None) == "folder":
                    continue  # see tests/test_folders.py
                elif isinstance(mark, Writes) and needed <= set(self.case.arguments):
                    suffix = _SUFFIXES[mark.kind] if isinstance(mark.kind, str) else mark.kind[0]
                    self.writes.append(Option(f"--{name.replace('_', '-')}", suffix))
        self.has_source = bool(self.reads & {"source", "sources"})
        self.needs_tokens = "tokens" in entry.columns_in
        # -o, or the first option for a file where all that is written is a model.
        self.output = min(self.writes, key=lambda option: option.flag != "--output")
        self.prints = self.output.flag == "--output" and self.output.suffix != ".safetensors"

    @property
    def given(self) -> Path:
        """The file that an argument names, if it has no source."""
        return self.folder / next(item for item in self.case.arguments if item in GIVEN)

    def line(self, *more: object, output: object = None) -> list[str]:
        """Its arguments. `more`: source, options. `output`: a file; default: standard output."""
        paths = GIVEN | {NEW, TUNED}
        given = [str(self.folder / item) if item in paths else item for item in self.case.arguments]
        if output is None and not self.prints:
            output = self.folder / f"out{self.output.suffix}"
        elif output is None and self.parameters["output"].default is inspect.Parameter.empty:
            output = "-"
        to = [self.output.flag, output] if output is not None else []
        shown = [*map(str, [*more, *to])]
        parts = [shown, given] if self.case.source_first else [given, shown]
        return [*self.name.split(), *chain.from_iterable(parts)]

    def run(
        self, *more: object, output: object = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run it on a good source at standard input, or with `more` and `stdin`."""
        return korpus(*self.line(*more, output=output), stdin=stdin or self.case.good)

    def line_to(self, option: Option, path: Path, *more: object) -> list[str]:
        """Its arguments with an output named by one of its options."""
        if option == self.output:
            return self.line(*more, output=path)
        return self.line(option.flag, path, *more)

    def run_each(self, lines: Iterable[list[str]]) -> Iterator[Done]:
        """Run it with several lines of arguments, on a good source at standard input."""
        return iter(korpus_each(lines, self.case.good))


_SUFFIXES = {
    "records": ".jsonl",
    "tables": ".csv",
    "picture": ".png",
    "chart": ".svg",
    "page": ".html",
    "networks": ".csv",
    "prose": ".md",
}
COMMANDS = [Command(entry) for entry in registry.COMMANDS]


# What is imported for the commands of an extra, which may not be installed.
EXTRAS = {"transformers": "torch"}


def is_installed(command: Command) -> bool:
    """Whether what a command needs is installed."""
    extra = command.entry.extra
    return not extra or find_spec(EXTRAS[extra]) is not None


def every(
    concerns: Callable[[Command], object] = lambda command: True, *, runs: bool = True
) -> Any:
    """Run a test for each command that it concerns; those of Kiwi in the process that loads it.

    `runs`: whether the test runs more of a command than its options, for which what the command
    needs has to be installed.
    """
    found = [
        pytest.param(command, marks=pytest.mark.xdist_group("taggers"))
        if command.name in ("space", "spell", "sentences", "vectors")
        else command
        for command in COMMANDS
        if concerns(command) and (not runs or is_installed(command))
    ]
    return pytest.mark.parametrize("command", found, ids=lambda command: command.name)


def run_with_stdout(
    command: Command, stdout: int | None, *more: object
) -> tuple[int, bytes, bytes]:
    """Run a command on a good source at standard input, or with `more`; see tests.runner.run."""
    given = environment() | command.case.variables
    source = command.case.good.encode()
    return runner.run(command.line(*more), source, ROOT, given, stdout=stdout)


@pytest.fixture(scope="session", autouse=True)
def shared_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    make_files(tmp_path_factory.mktemp("contract"))


def make_files(folder: Path) -> None:
    """Make the files that commands are run with, and say where outputs go."""
    Command.folder = folder
    if find_spec("torch") is not None:
        for kind, name in TRANSFORMERS.items():
            tiny.make(kind, folder / name)
    (folder / WORDS).write_text("form\tbecomes\n나\t저\n")
    (folder / RULES).write_text("*나  나 | 너\n")
    (folder / TOKENIZER).write_text(subword_train([SENTENCE]).content)
    (folder / STUDY).write_text('[steps.list]\ncommand = "recipe"\noutput = "recipes.csv"\n')
    (folder / LEXICON).write_text("나\t1\n")
    tokens = [{"id": "1", "tokens": ["나", "는"]}, {"id": "2", "tokens": ["병원", "의사"]}]
    dated = [
        {**row, "id": f"{row['id']}{n}", "year": f"202{row['id']}"}
        for n in ("", *range(3))
        for row in tokens
    ]
    nmf(dated, k=2, keep="year").save(folder / MODEL)
    index(tokens).save(folder / INDEX)
    word2vec(tokens, vector_size=4, min_count=1).save(folder / VECTORS)
    lm_train([json.loads(TOKENS)]).model.save(folder / LM)
    documents = [{"id": n, "text": n, "tokens": [n], "label": n} for n in "가나"]
    classify_train(documents, folds=0, min_df=1).model.save(folder / CLASSIFIER)


def test_every_case_is_of_a_command() -> None:
    assert CASES.keys() <= {command.name for command in COMMANDS}


@every(runs=False)
def test_help_names_columns_and_an_example(command: Command) -> None:
    name = command.name.split()
    shown, short = korpus_each([[*name, "--help"], [*name, "-h"]], columns=80)
    assert shown.returncode == 0 and shown.stderr == ""
    assert ("In: " in shown.stdout) == bool(command.entry.columns_in)
    assert "Out: " in shown.stdout
    (example,) = re.findall(r"^ *Example: (korpus .*)$", shown.stdout, re.M)
    doc = inspect.getdoc(registry.load(command.entry.target)) or ""
    assert doc.endswith(f"Example: {example.rstrip()}"), "the example does not fit on one line"
    assert f"korpus {command.name}" in example
    assert (short.returncode, short.stdout) == (0, shown.stdout)


@every(runs=False)
def test_an_unknown_option_is_a_usage_error(command: Command) -> None:
    done = command.run("--no-such-option")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("korpus: error: no such option: --no-such-option\nhint: ")


@every(runs=False)
def test_absurd_numbers_are_usage_errors(command: Command) -> None:
    options = []
    for parameter in command.parameters.values():
        hint = parameter.annotation
        kinds = hint.__args__[0] if get_origin(hint) is Annotated else None
        if int in (kinds, *getattr(kinds, "__args__", ())):
            info = hint.__metadata__[0]
            options.append([info.default, *info.param_decls][-1])
    found = command.run_each(command.line(option, 10**26) for option in options)
    for option, done in zip(options, found, strict=True):
        assert done.returncode == 2, (option, done.stderr)
        lines = [line for line in done.stderr.splitlines() if "is given 2 times" not in line]
        assert "more than " in lines[0], (option, done.stderr)


@every()
def test_the_same_bytes_in_a_new_interpreter(command: Command, tmp_path: Path) -> None:
    """Forks are what users get: the same output, messages and files, with other hashes.

    Large libraries take up to two seconds to import. A command with one runs in a fork that shares
    the libraries and nothing else, and in a new interpreter as far as an error. Files that are
    there before are replaced.
    """
    variables = command.case.variables
    source = tmp_path / f"source{command.case.suffix}"
    source.write_text(command.case.good)
    others = [option for option in command.writes if option != command.output]
    files = [(option.flag, f"x{option.flag}{option.suffix}") for option in others]
    more = [*([source] if command.has_source else []), *chain.from_iterable(files)]
    output = f"out{command.output.suffix}"

    def ran(run: Callable[..., Done], name: str) -> tuple[object, ...]:
        folder = tmp_path / name
        folder.mkdir()
        if name == "other":
            for path in (output, *(path for _flag, path in files)):
                (folder / path).write_text("an older file\n" * 1000)
        done = run(*command.line(*more, output=output), cwd=folder, **variables)
        assert done.returncode == 0, done.stderr
        written = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert len(written) >= len(command.writes)
        return done.stdout, re.sub(TIME, "", done.stderr), written

    is_small = client.is_small([item.encode() for item in command.line(*more)])
    other = partial(fresh, PYTHONHASHSEED="1") if is_small else partial(korpus, is_bare=True)
    assert ran(korpus, "fork") == ran(other, "other")
    if not is_small:
        wrong = command.line("--no-such-option")
        done, new = korpus(*wrong), fresh(*wrong)
        assert (new.returncode, new.stdout, new.stderr) == (2, "", done.stderr)


@every(lambda command: command.has_source or GIVEN.intersection(command.case.arguments))
def test_a_missing_file_is_one_line_and_a_hint(command: Command, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.jsonl"
    line = command.line(*[missing] if command.has_source else [])
    if not command.has_source:
        line = [str(missing) if item == str(command.given) else item for item in line]
    done = korpus(*line)
    assert done.returncode == 1 and done.stdout == ""
    error, hint = done.stderr.splitlines()
    assert error.startswith("korpus: error: ") and "nowhere.jsonl: no such file" in error
    assert hint.startswith("hint: ")


@every(lambda command: command.has_source)
def test_an_empty_source(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "empty.jsonl"
    source.write_text("")
    done = command.run(source)
    assert "used before" not in done.stderr
    assert done.returncode == (1 if command.case.empty_is_error else 0)
    assert "empty" in done.stderr
    assert "Traceback" not in done.stderr


@every(lambda command: command.has_source)
def test_a_broken_line_is_numbered(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "broken.jsonl"
    source.write_text(command.case.record + '{"id": "2", \n')
    strict = ["--strict"] if "strict" in command.parameters else []
    done = command.run(source, *strict)
    assert done.returncode == 1
    number = command.case.record.count("\n") + 1
    assert f"broken.jsonl: line {number}: broken JSON" in done.stderr
    assert len(done.stderr.splitlines()) == 2


# topics effects needs more than two documents; see tests/test_topics_effects.py.
@every(lambda command: "rejects" in command.parameters and command.name != "topics effects")
def test_a_broken_line_is_set_aside(command: Command, tmp_path: Path) -> None:
    good, source, aside = (tmp_path / f"{name}.jsonl" for name in ("good", "broken", "aside"))
    line = command.case.record
    good.write_text(line * 2)
    source.write_text(line + '{"id": "2", \n' + line)
    first, second = (tmp_path / f"{n}{command.output.suffix}" for n in (1, 2))
    done, clean = command.run(source, output=first), command.run(good, output=second)
    assert done.returncode == 3 and clean.returncode == 0, done.stderr
    if command.name != "info":  # it describes the file
        assert first.read_bytes() == second.read_bytes()
    number = command.case.record.count("\n") + 1
    assert f"broken.jsonl: line {number}: broken JSON" in done.stderr
    assert "1 document set aside" in done.stderr
    named = command.run(source, "--rejects", aside, output=first)
    assert named.returncode == 0, named.stderr
    (row,) = [json.loads(line) for line in aside.read_text().splitlines()]
    assert row["line"] == number and row["raw"] == '{"id": "2", ' and "broken JSON" in row["reason"]


@every(lambda command: command.has_source and "column" in command.parameters)
def test_a_wrong_column_names_the_columns(command: Command) -> None:
    done = command.run("--input-format", "jsonl", "-c", "본문이다", stdin=TOKENS)
    assert done.returncode == 1 and done.stdout == ""
    error, hint = done.stderr.splitlines()
    assert "no column '본문이다'" in error and "id, text, tokens" in hint


@every(lambda command: command.has_source)
def test_standard_input_gives_what_the_file_gives(command: Command, tmp_path: Path) -> None:
    source = tmp_path / f"good{command.case.suffix}"
    source.write_text(command.case.good)
    code, shown, errors = run_with_stdout(command, None, source)
    piped, from_pipe, _errors = run_with_stdout(command, None)
    assert code == piped == 0, errors
    if command.name == "info":  # it names the source
        shown = re.sub(b"file,.*good.jsonl", b"file,standard input", shown)
    assert shown == from_pipe


@every(lambda command: command.has_source)
def test_a_terminal_as_input_shows_help(command: Command, tmp_path: Path) -> None:
    picture = tmp_path / "a.png" if command.output.suffix == ".png" else None
    code, shown = in_terminal(*command.line(output=picture), plain=True)
    assert code == 2
    assert f"Usage: korpus {command.name}" in shown and "standard input is a terminal" in shown


@every(lambda command: command.needs_tokens)
def test_plain_documents_name_the_command_to_run(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "reviews.csv"
    source.write_text(f"id,text\n1,{SENTENCE}\n")
    done = command.run(source)
    assert done.returncode == 1
    assert "has no tokens" in done.stderr
    assert f"hint: run: korpus morph {source} | korpus {command.name}" in done.stderr


@every(lambda command: command.has_source)
def test_messages_name_only_options_of_the_command(command: Command, tmp_path: Path) -> None:
    text = json.loads(command.case.record.splitlines()[0]).get("text", SENTENCE)
    lines = []
    for number, header in enumerate(("번호,리뷰", "번호,이것", "id,text,text")):
        source = tmp_path / f"{number}.csv"
        source.write_text(f"{header}\n1,{text}{',가' * (header.count(',') - 1)}\n")
        lines.append(command.line(source))
    *found, shown = command.run_each([*lines, command.line("--help")])
    known = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", shown.stdout))
    for done in found:
        errors = done.stderr.replace(str(tmp_path), "")
        ours = errors.partition("korpus morph ")[0]  # the hint names another command
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", ours)) <= known, errors


@every(lambda command: command.needs_tokens)
def test_tokens_and_tags_of_unequal_length(command: Command) -> None:
    done = command.run(stdin='{"id":"7","tokens":["나","는"],"tags":["NP"]}\n')
    assert done.returncode == 1
    assert "document '7' has 2 tokens but 1 tag" in done.stderr


@every(lambda command: command.needs_tokens)
def test_tokens_of_the_wrong_type(command: Command) -> None:
    done = command.run(stdin='{"id":"7","tokens":"나 는","tags":["NP"]}\n')
    assert done.returncode == 1
    assert "tokens is not a list of strings" in done.stderr


@every()
def test_a_folder_is_no_output(command: Command, tmp_path: Path) -> None:
    folders = [tmp_path / f"folder{option.suffix}" for option in command.writes]
    for folder in folders:
        folder.mkdir(exist_ok=True)
    lines = map(command.line_to, command.writes, folders)
    for option, folder, done in zip(command.writes, folders, command.run_each(lines), strict=True):
        assert done.returncode in (1, 2) and list(folder.iterdir()) == [], option
        error, hint = done.stderr.splitlines()
        assert error.startswith("korpus: error: ") and "folder" in error
        assert hint.startswith("hint: ")


@every()
def test_an_output_in_no_folder_leaves_nothing(command: Command, tmp_path: Path) -> None:
    lines = [
        command.line_to(option, tmp_path / "no" / "such" / f"folder{option.suffix}")
        for option in command.writes
    ]
    for option, done in zip(command.writes, command.run_each(lines), strict=True):
        assert done.returncode == 1, option
        assert "cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []


@every(lambda command: len(command.writes) > 1)
def test_two_outputs_are_not_one_file(command: Command, tmp_path: Path) -> None:
    pairs, lines = [], []
    for first, second in permutations(command.writes, 2):
        more = []
        if first == command.output and "format" in command.parameters:
            more = ["-f", command.output.suffix.removeprefix(".")]  # so any suffix will do
        elif first.suffix != second.suffix:
            continue
        path = tmp_path / f"both{second.suffix}"
        pairs.append((first, second))
        lines.append(command.line_to(first, path, second.flag, path, *more))
    for (first, second), done in zip(pairs, command.run_each(lines), strict=True):
        assert done.returncode == 2, (first, second)
        assert f"{first.flag} and {second.flag}" in done.stderr or (
            f"{second.flag} and {first.flag}" in done.stderr
        )
    assert list(tmp_path.iterdir()) == []


# Of a transformer, which is a folder, nothing is written over.
@every(
    lambda command: (
        command.has_source
        or (GIVEN - {*TRANSFORMERS.values()}).intersection(command.case.arguments)
    )
)
def test_an_input_is_no_output(command: Command, tmp_path: Path) -> None:
    lines, before = [], {}
    for option in command.writes:
        path = tmp_path / f"input{option.suffix}"
        if command.has_source:
            before[path] = command.case.good.encode()
            given = [path, "--input-format", command.case.suffix.removeprefix(".")]
            lines.append(command.line_to(option, path, *given))
        else:
            before[path] = command.given.read_bytes()
            line = command.line(output=None if option != command.output else path)
            line += [] if option == command.output else [option.flag, str(path)]
            lines.append([str(path) if item == str(command.given) else item for item in line])
        path.write_bytes(before[path])
    for option, done in zip(command.writes, command.run_each(lines), strict=True):
        assert done.returncode == 2 and "is an input too" in done.stderr, option
    assert {path: path.read_bytes() for path in before} == before


@every()
def test_no_clobber_keeps_the_file(command: Command, tmp_path: Path) -> None:
    paths = [tmp_path / f"old{option.suffix}" for option in command.writes]
    for path in paths:
        path.write_text("old")
    lines = [
        command.line_to(option, path, "--no-clobber")
        for option, path in zip(command.writes, paths, strict=True)
    ]
    for option, done in zip(command.writes, command.run_each(lines), strict=True):
        assert done.returncode == 1 and "--no-clobber" in done.stderr, option
    assert all(path.read_text() == "old" for path in paths)


@every()
def test_a_full_disk_is_reported(command: Command, tmp_path: Path) -> None:
    full = Path("/dev/full")
    if command.prints:
        with full.open("wb") as stream:
            code, _output, said = run_with_stdout(command, stream.fileno())
        errors = said.decode()
    else:
        model = tmp_path / f"full{command.output.suffix}"
        model.symlink_to(full)
        found = command.run(output=model)
        code, errors = found.returncode, found.stderr
    assert code == 1
    assert "No space left" in errors and "Traceback" not in errors


@every()
def test_a_closed_pipe_is_quiet(command: Command) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    code, _output, errors = run_with_stdout(command, writer)
    os.close(writer)
    assert code == 0
    assert b"rror" not in errors and b"Broken" not in errors
