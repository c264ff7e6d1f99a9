"""korpus methods: the methods section says what was run, and nothing else."""

import io
import re
from pathlib import Path

import pytest
from docx import Document

import korpus as api
from korpus.reports import Study, bibtex, methods, render, study_of_header, study_of_lock
from korpus.reports.methods import _data, keys_of
from tests.studies import make
from tests.support import korpus

TOKENS = [
    {
        "id": str(n),
        "tokens": ["병원", "의사"],
        "tags": ["NNG"] * 2,
        "analyzer": "mecab",
        "analysis": "--pos noun | stopwords --add 그것,저것 --min-length 2",
    }
    for n in range(4)
]
SENTENCES, REFERENCES = _data("sentences"), _data("references")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("methods") / "lda.safetensors"
    api.lda(TOKENS, k=2, iterations=3, seed=7, min_df=2).save(path)
    return path


COLLOCATIONS = {"window": 5, "measure": "npmi,g2", "min_pair_count": 3}


def text(study: Study, language: str = "en") -> str:
    return render(methods(study, lang=language), "txt").decode()


def step(command: str, **options: object) -> str:
    """What is said of one step."""
    section = methods({"steps": [{"command": command, "options": options}]}, lang="en")
    return " ".join(line for part in section.sections for line in part.paragraphs)


def test_a_model_tells_its_corpus_analysis_options_and_references(model: Path) -> None:
    done = korpus("methods", model, "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    for part in (
        "4 documents with 8 tokens",
        "MeCab-ko, which is MeCab with a Korean dictionary (Kudo et al., 2004)",
        "parts of speech were kept: noun",
        "removed too: 그것, 저것",
        "fewer than 2 syllables",
        "k = 2 (Blei et al., 2003)",
        "3 iterations (Griffiths & Steyvers, 2004) in tomotopy (random seed 7)",
        "fewer than 2 documents",
        "| lda | seed | 7 |",
        "korpus 0.",
        "- Blei, D. M., Ng, A. Y., & Jordan, M. I. (2003). Latent Dirichlet allocation.",
    ):
        assert part in done.stdout, part
    assert "not used" not in done.stdout  # the model does not say which lists were


def test_korean_is_the_language_of_a_korean_reader(model: Path) -> None:
    shown = korpus("methods", model, KORPUS_LANG="ko").stdout
    assert shown == korpus("methods", model, "--lang", "ko").stdout
    assert "품사의 형태소만 남겼다: 명사." in shown
    assert "# 연구방법" in shown and "난수 시드 7" in shown and "## 참고문헌" in shown


def test_formats_hold_the_same_words(model: Path, tmp_path: Path) -> None:
    for name in ("m.md", "m.txt", "m.docx", "m.tex"):
        assert korpus("methods", model, "-o", tmp_path / name).returncode == 0
    document = Document(str(tmp_path / "m.docx"))
    shown = {paragraph.text for paragraph in document.paragraphs}
    plain = (tmp_path / "m.txt").read_text().split("\n")
    assert shown == {line for line in plain if line and "\t" not in line}
    cells = [tuple(cell.text for cell in row.cells) for row in document.tables[0].rows]
    assert ("lda", "k", "2") in cells
    first = (tmp_path / "m.docx").read_bytes()
    assert korpus("methods", model, "-o", tmp_path / "m.docx").returncode == 0
    assert (tmp_path / "m.docx").read_bytes() == first


def test_latex_cites_what_bibtex_holds(model: Path, tmp_path: Path) -> None:
    done = korpus("methods", model, "-o", tmp_path / "m.tex", "--bib", tmp_path / "refs.bib")
    assert done.returncode == 0
    tex, bib = (tmp_path / "m.tex").read_text(), (tmp_path / "refs.bib").read_text()
    cited = {key for keys in re.findall(r"\\citep\{(.*?)\}", tex) for key in keys.split(",")}
    assert cited == set(re.findall(r"^@\w+\{(\w+),", bib, re.M)) and "\\bibliography{refs}" in tex
    assert bib.count("{") == bib.count("}")
    assert korpus("methods", model, "-o", tmp_path / "m.tex").returncode == 0
    alone = (tmp_path / "m.tex").read_text()
    assert set(re.findall(r"\\bibitem\[.*?\]\{(\w+)\}", alone)) == cited


def test_nothing_is_said_that_was_not_recorded() -> None:
    assert text({"steps": []}).split() == ["Methods"]
    assert step("lda", engine="tomotopy", k=5) == ""  # the iterations are unknown
    assert step("network") == ""
    assert step("stopwords") == "Stopwords were removed."
    assert "Only" not in step("morph", analyzer="kiwi")


def test_measures_are_cited_that_were_used() -> None:
    said = text({"steps": [{"command": "collocations", "options": COLLOCATIONS}]})
    assert "NPMI, G²" in said and "(Bouma, 2009)" in said and "(Dunning, 1993)" in said
    assert "Church" not in said and "Rychlý" not in said


def test_latex_has_letters_for_the_words_of_a_study() -> None:
    for by, package in (("언론사", "kotex"), ("party", "fontspec")):
        study: Study = {"steps": [{"command": "freq", "options": {"by": by}}]}
        assert f"\\usepackage{{{package}}}".encode() in render(methods(study, lang="en"), "tex")


def test_advice_is_left_out_of_what_was_said() -> None:
    line = "removed 7 nouns (때 4 …); --keep WORD,… keeps some"
    said = text({"steps": [{"command": "stopwords", "options": {}, "messages": [line]}]})
    assert "removed 7 nouns (때 4 …)" in said and "--keep" not in said


def test_steps_that_are_unknown_stand_in_the_table_only() -> None:
    section = methods({"steps": [{"command": "no-such", "options": {"n": 0}}]}, lang="en")
    assert section.sections == [] and section.parameters == [("no-such", "n", "0")]


def test_text_of_options_is_text_in_every_format() -> None:
    condition = "a_b <b>&x</b> | 100% {x} ~\\"
    study: Study = {"steps": [{"command": "where", "options": {"condition": condition}}]}
    section = methods(study, lang="en")
    assert condition in render(section, "txt").decode()
    assert "a\\_b \\<b\\>&x\\</b\\> \\|" in render(section, "md").decode()
    tex = render(section, "tex").decode()
    assert r"a\_b <b>\&x</b> | 100\% \{x\} \textasciitilde{}\textbackslash{}" in tex
    assert render(section, "docx").startswith(b"PK")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_text_is_a_citation_or_breaks_a_format(language: str) -> None:
    nasty = "[@none] @x [@blei2003] \x00\x1b[31m\udcff\ufffe\ue000 {0} \\input{x} $%&#_^~"
    study: Study = {
        "korpus": nasty,
        "versions": {nasty: nasty},
        "steps": [
            {"command": "where", "options": {"condition": nasty}, "messages": [nasty]},
            {"command": nasty, "options": {nasty: [nasty]}, "inputs": {nasty: 2}, "set_aside": 3},
        ],
    }
    section = methods(study, lang=language)
    assert section.references == []
    shown = render(section, "txt").decode()
    assert shown.count("[@none] @x [@blei2003] ? {0} \\input{x} $%&#_^~") == 11
    tex = render(section, "tex").decode()
    assert "\\citep" not in tex and "\\input" not in tex and not re.search("[\x00-\x08\ue000]", tex)
    assert tex.count("{[}@none]") == 7
    text = "\n".join(p.text for p in Document(io.BytesIO(render(section, "docx"))).paragraphs)
    assert "[@none] @x" in text
    assert render(section, "md")


def test_the_column_analysis_is_read() -> None:
    header = {"kind": "tfidf", "korpus": "1", "options": {}, "analyzer": "okt"}
    header["analysis"] = "--words 12ab | words apply 34cd | stopwords --add [1,234 words]"
    steps = study_of_header(header)["steps"]
    assert [(item["command"], item["options"]) for item in steps[:-1]] == [
        ("morph", {"analyzer": "okt", "words": "12ab"}),
        ("words apply", {"words": "34cd"}),
        ("stopwords", {"add": "[1,234 words]"}),
    ]
    assert study_of_header({"kind": "index", "korpus": "1"})["steps"][0]["command"] == "index"


@pytest.mark.parametrize("command", SENTENCES)
def test_both_languages_name_and_cite_the_same(command: str) -> None:
    for entry in SENTENCES[command]:
        korean, english = entry["ko"], entry["en"]
        named = re.compile(r"\{\w+\}")
        assert set(named.findall(korean)) == set(named.findall(english))
        assert sorted(keys_of(korean)) == sorted(keys_of(english))
        assert re.search("[가-힣]", korean) and not re.search("[가-힣]", english)
        assert english.endswith(".") and korean.endswith(".")


def test_sentences_are_of_commands_and_of_their_options() -> None:
    from korpus.cli.app import load_command
    from korpus.cli.registry import COMMANDS

    commands = {command.name: command for command in COMMANDS}
    recorded = {"inputs", "analyzer_version", "documents", "tokens", "alpha_learned", "formula"}
    for command, entries in SENTENCES.items():
        if command in ("corpus", "vocabulary"):
            continue
        known = {parameter.name for parameter in load_command(commands[command]).params} | recorded
        for entry in entries:
            conditions = [*entry.get("when", {}), *entry.get("given", [])]
            conditions += [
                name for key in ("above", "below", "names") for name in entry.get(key, {})
            ]
            assert {*conditions, *re.findall(r"\{(\w+)\}", entry["en"])} <= known, entry


def test_references_are_complete_and_all_cited() -> None:
    cited = {
        key for entries in SENTENCES.values() for item in entries for key in keys_of(item["en"])
    }
    assert cited == REFERENCES.keys()
    for key, item in REFERENCES.items():
        needed = {"type", "authors", "year", "title", "in"}
        assert needed <= item.keys() <= needed | {"volume", "number", "pages", "doi", "edition"}
        assert item["type"] in ("article", "inproceedings", "book", "misc")
        family = item["authors"][0].partition(",")[0].lower().translate(str.maketrans("öéř", "oer"))
        assert (
            key == f"{family.replace('ů', 'u').replace('ý', 'y').replace('á', 'a')}{item['year']}"
        )
    everything = methods({"steps": []}, lang="en")
    assert bibtex(everything) == b""


def test_a_file_that_records_nothing_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "t.jsonl"
    source.write_text('{"id": "1"}\n')
    done = korpus("methods", source)
    assert done.returncode == 1 and "t.jsonl: not a lock file, a model or a report" in done.stderr
    (tmp_path / "m.safetensors").write_text("id,text")
    done = korpus("methods", tmp_path / "m.safetensors")
    assert done.returncode == 1 and "m.safetensors: not a model file, or damaged\n" in done.stderr
    assert korpus("methods", source, "-o", "m.odt").returncode == 2


def test_a_header_is_read_without_the_arrays(model: Path, tmp_path: Path) -> None:
    from korpus.files import load_header, load_model

    assert load_header(str(model)) == load_model(str(model))[0]
    (tmp_path / "cut.safetensors").write_bytes(model.read_bytes()[:300])
    done = korpus("methods", tmp_path / "cut.safetensors")
    assert done.returncode == 1 and "not a model file, or damaged" in done.stderr


def test_a_lock_file_tells_counts_versions_and_what_was_said(tmp_path: Path) -> None:
    folder = make(tmp_path)
    assert korpus("run", cwd=folder).returncode == 0
    done = korpus("methods", "study.lock", "--lang", "en", cwd=folder)
    assert done.returncode == 0, done.stderr
    for part in (
        "12 documents were read from reviews.csv.",
        "Tokens are the words between spaces (eojeol). The version of the analyzer was korpus ",
        "Nouns of fewer than 2 syllables were removed.",
        "Counts were made for each value of category.",
        "Software versions: Python 3.",
        "scikit-learn 1.",
        "stopwords: removed ",
        "| stopwords | default | yes |",
        "| freq | by | rating |",
    ):
        assert part in done.stdout, part
    assert done.stdout.count("Terms were counted") == 1
    for noise in ("output", "whole\\_file", "strict", "jobs"):
        assert f"| {noise} |" not in done.stdout
    for content in ("{}", ""):
        (folder / "x.lock").write_text(content)
        said = korpus("methods", "x.lock", cwd=folder).stderr
        assert "not a lock file" in said and "hint: give the study.lock" in said
    assert "y.lock: no such file" in korpus("methods", "y.lock", cwd=folder).stderr


def test_a_model_in_a_study_tells_its_options(model: Path) -> None:
    study = study_of_lock(
        {
            "versions": {"korpus": "1", "kiwipiepy": "0.24", "kiwipiepy_model": "0.23"},
            "python": "3.11",
            "steps": [
                {
                    "command": "morph",
                    "options": {"analyzer": "kiwi"},
                    "corpus": {"documents": 5, "tokens": 1234},
                    "sources": ["a.csv", "made.jsonl"],
                    "records": {"a.csv": 5},
                    "outputs": {"made.jsonl": "0"},
                    "set_aside": 2,
                    "messages": [],
                }
            ],
        }
    )
    shown = text(study)
    assert "5 documents with 1,234 tokens" in shown and "read from made" not in shown
    assert "kiwipiepy 0.24, kiwipiepy_model 0.23" in shown
    assert "In the step morph, 2 documents that could not be processed were set aside." in shown


def test_a_report_holds_the_record_of_its_study(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    study = '{"korpus": "1", "steps": [{"command": "freq", "options": {"by": "\\u003c/script>"}}]}'
    data = f'{{"sections": {{"methods": {{"study": {study}}}}}}}'
    page.write_text(f'<p>x</p><script type="application/json" id="data">{data}</script>')
    shown = korpus("methods", page, "--lang", "en").stdout
    assert "Counts were made for each value of \\</script\\>." in shown
    for content in ("<p>", page.read_text().replace('"study"', '"other"')):
        page.write_text(content)
        done = korpus("methods", page)
        assert done.returncode == 1 and "report.html: not a report of korpus" in done.stderr
