"""Recipes: both languages give the same commands, and these run and give what the text says."""

import csv
import json
import os
import re
import shutil
from importlib.resources import files
from pathlib import Path

import networkx
import pytest

from tests.support import ROOT, korpus, shell

RECIPES = Path(str(files("korpus.data") / "recipes"))
NAMES = sorted({path.name.split(".")[0] for path in RECIPES.iterdir()})
HANGUL = re.compile("[가-힣]")


def text(name: str, language: str) -> str:
    return (RECIPES / f"{name}.{language}.md").read_text("utf-8")


def blocks(recipe: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", recipe, re.S | re.M)


def headings(recipe: str) -> list[str]:
    return re.findall(r"^(#+) ", re.sub(r"^```.*?^```", "", recipe, flags=re.S | re.M), re.M)


def outputs(script: str) -> set[str]:
    """The files that a shell block writes; -m kiwi names none."""
    names = "model|output|plot|documents|series|tests|expected|words-report|groups|nodes"
    names += "|summary|density|image"
    names += "|errors|confusion|save-lexicon|matrix"
    options = rf"(?:-o|-m|--(?:{names})|(?<![<>])>)"
    return set(re.findall(rf"{options}\s+([\w.-]+)", script)) - {"kiwi"}


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def check_topics(folder: Path) -> None:
    """The five subjects of the news are the five topics."""
    first = {row["term"]: row["topic"] for row in rows(folder / "terms.csv")}
    assert len({first[term] for term in ("병원", "반도체", "금리", "기온", "투수")}) == 5
    assert [row["k"] for row in rows(folder / "k.csv")] == ["3", "4", "5", "6", "7"]
    # The figures of the sentence for a paper.
    trend = rows(folder / "trend.csv")
    assert [row["trend"] for row in trend] == ["hot", "", "", "", "cold"]
    hot = trend[0]
    assert hot["topic"] == first["반도체"] and trend[-1]["topic"] == first["병원"]
    assert (hot["z"][:4], hot["q"][:5], hot["slope"][:6]) == ("2.67", "0.018", "0.0147")
    tests = {(row["topic"], row["effect"]): row for row in rows(folder / "tests.csv")}
    assert float(tests[hot["topic"], "언론사"]["f"]) == pytest.approx(4.75, abs=0.3)
    effects = {(row["topic"], row["effect"]): row for row in rows(folder / "effects.csv")}
    press = effects[hot["topic"], "언론사: 새벽경제"]
    found = [float(press[name]) for name in ("estimate", "low", "high")]
    assert found == pytest.approx([0.21, 0.05, 0.38], abs=0.02)


def check_keywords(folder: Path) -> None:
    """Heat waves belong to the summer."""
    counts = {row["일자_month"]: int(row["count"]) for row in rows(folder / "heat.csv")}
    summer = sum(count for month, count in counts.items() if month[-2:] in ("06", "07", "08"))
    assert summer > sum(counts.values()) / 2


def check_vectors(folder: Path) -> None:
    """A model of few documents still knows words of the same subject."""
    assert {"환자", "응급실"} & {row["term"] for row in rows(folder / "lsa_terms.csv")}
    assert all(float(row["similarity"]) > 0.8 for row in rows(folder / "near_pitcher.csv"))


def check_infer(folder: Path) -> None:
    """Each of the four new sentences belongs to a topic of its own."""
    heaviest: dict[str, dict[str, str]] = {}
    for row in rows(folder / "new_topics.csv"):
        heaviest.setdefault(row["id"], row)
    assert len({row["topic"] for row in heaviest.values()}) == len(heaviest) == 4
    assert all(float(row["weight"]) > 0.7 for row in heaviest.values())


def check_words(folder: Path) -> None:
    """The words that were learned are kept whole, and merged after that."""
    report = {row["form"]: row for row in rows(folder / "report.csv")}
    assert {"기준금리", "데이터센터"} <= report.keys()
    assert all(int(row["kept"]) >= 3 for row in report.values())
    terms = {row["term"] for row in rows(folder / "freq.csv")}
    assert "의대" in terms and "의과대학" not in terms


def check_files(folder: Path) -> None:
    """The three subjects of the reports are the three topics; a repeated request is one copy."""
    first = {row["term"]: row["topic"] for row in rows(folder / "terms.csv")}
    assert len({first[term] for term in ("도서관", "자전거", "텃밭")}) == 3
    copies = rows(folder / "copies.csv")
    assert [row["kept"] for row in copies] == ["True", "False"]


def check_network(folder: Path) -> None:
    """Words of one subject are in one community, and in one block."""
    graph = networkx.read_gexf(folder / "words.gexf")
    community = {data["label"]: data["community"] for _node, data in graph.nodes(data=True)}
    subjects = ("의사", "배우", "식당", "배터리", "여행")
    assert len({community[word] for word in subjects}) == len(subjects)
    assert community["영화"] == community["배우"] and community["국물"] == community["식당"]
    assert len(rows(folder / "nodes.csv")) == 50
    block = {row["node"]: row["block"] for row in rows(folder / "blocks.csv")}
    assert block["영화"] == block["배우"] != block["의사"] == block["간호사"]
    densities = rows(folder / "density.csv")
    assert [row["block"] for row in densities] == ["1", "2", "3", "4"]
    for number, row in enumerate(densities, 1):
        assert max(float(row[other]) for other in "1234") == float(row[str(number)])


def check_sentiment(folder: Path) -> None:
    """The classifier is better than the largest class; the complaint is one."""
    values = {row["measure"]: float(row["value"]) for row in rows(folder / "quality.csv")}
    assert values["accuracy"] > values["largest_class"]
    predicted = json.loads((folder / "predicted.jsonl").read_text("utf-8"))
    assert predicted["predicted"] in ("1-2", "4-5")
    found = {row["aspect"] for row in rows(folder / "aspects_found.csv")}
    assert found == {"음식", "직원"}
    one_hot = [
        [row[name] for name in row if name not in ("id", "term")]
        for row in rows(folder / "one_hot.csv")
    ]
    assert one_hot == [["1" if n == m else "0" for m in range(5)] for n in range(5)]
    assert all(len(json.loads(row["codes"])) == 60 for row in rows(folder / "test_ids.csv"))
    assert [row["unit"] for row in rows(folder / "units.csv")][2] == "subword"
    # The same predictions as in section 3.
    tested = {row["measure"]: row["value"] for row in rows(folder / "test.csv")}
    assert rows(folder / "f1.csv")[0]["value"] == tested["accuracy"]
    # The zero-probability problem, and what smoothing makes of it.
    unsmoothed, smoothed = (
        rows(folder / "mle_perplexity.csv")[0],
        rows(folder / "perplexity.csv")[0],
    )
    assert int(unsmoothed["zeros"]) > 0 == int(smoothed["zeros"])
    assert unsmoothed["perplexity"] == "inf" and 1 < float(smoothed["perplexity"]) < 10_000
    good, bad = (float(row["log_probability"]) for row in rows(folder / "scores.csv"))
    assert good > bad
    assert {"가", "다니", "오"} <= {row["token"] for row in rows(folder / "next.csv")}
    assert rows(folder / "spellings.csv")[0]["text"] == "부리나케 달려갔다"


def check_search(folder: Path) -> None:
    """Queries find their subject; a prompt has sentences; keywords are of the subject."""
    found = rows(folder / "found.csv")
    assert all(row["category"] == "식당" for row in found[:3])
    meant = rows(folder / "meant.csv")
    assert [row["category"] for row in meant].count("병원") >= 4
    for line in (folder / "prompt.jsonl").read_text("utf-8").splitlines():
        assert {"id", "text", "score", "category"} <= json.loads(line).keys()
    words = {row["term"] for row in rows(folder / "keywords.csv") if row["category"] == "병원"}
    assert {"의사", "치료"} & words
    assert [row["kept"] for row in rows(folder / "summaries.csv")] == ["3"] * 5


CHECKS = {
    "search": check_search,
    "sentiment": check_sentiment,
    "network": check_network,
    "files": check_files,
    "words": check_words,
    "topics": check_topics,
    "keywords": check_keywords,
    "vectors": check_vectors,
    "infer": check_infer,
}


def test_the_list_has_every_recipe_and_its_title() -> None:
    done = korpus("recipe")
    header, *listed = csv.reader(done.stdout.splitlines())
    assert done.returncode == 0 and done.stderr == ""
    assert header == ["recipe", "description"]
    assert listed == [[name, text(name, "en").split("\n")[0][2:]] for name in NAMES]


def test_the_list_is_in_korean_too() -> None:
    header, *listed = csv.reader(korpus("recipe", KORPUS_LANG="ko").stdout.splitlines())
    assert header == ["recipe", "description"]
    assert [name for name, _ in listed] == NAMES
    assert all(HANGUL.search(title) for _, title in listed)


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_is_printed_in_the_language_of_the_reader(name: str) -> None:
    assert korpus("recipe", name).stdout == text(name, "en")
    assert korpus("recipe", name, KORPUS_LANG="ko").stdout == text(name, "ko")


def test_a_recipe_is_written_to_a_file(tmp_path: Path) -> None:
    done = korpus("recipe", "start", "-o", tmp_path / "start.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "start.md").read_text("utf-8") in (text("start", "en"), text("start", "ko"))


def test_an_unknown_name_is_a_usage_error() -> None:
    done = korpus("recipe", "soup")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"korpus: error: unknown recipe 'soup'\nhint: one of: {', '.join(NAMES)}\n"
    )


def test_the_five_first_recipes_are_there() -> None:
    assert {"start", "topics", "keywords", "vectors", "infer"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_commands_and_sections(name: str) -> None:
    korean, english = text(name, "ko"), text(name, "en")
    assert blocks(korean) == blocks(english) != []
    assert headings(korean) == headings(english)
    assert korean.startswith("# ") and english.startswith("# ")
    for recipe in (korean, english):
        title, *rest = recipe.split("\n")
        assert len(title) <= 90 and rest[0] == ""
    prose = re.sub(r"^```.*?^```|^#.*?$", "", korean, flags=re.S | re.M)
    assert all(HANGUL.search(paragraph) for paragraph in re.split(r"\n{2,}", prose.strip()))


@pytest.mark.parametrize(
    "name",
    # Forty pictures take a minute of processor time. tests/test_plots.py checks their commands.
    # The extras transformers and spark have tests of their own, which run these recipes.
    [
        name
        for name in NAMES
        if name not in ("transformers", "spark")
        and (name != "gallery" or os.environ.get("KORPUS_TEST_GALLERY"))
    ],
)
def test_every_block_runs_and_its_files_have_content(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    written: set[str] = set()
    for block in blocks(text(name, "en")):
        done = shell(f"set -eo pipefail; {block}", cwd=tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
        assert done.stdout or outputs(block), block
        for path in map(tmp_path.joinpath, outputs(block)):
            assert path.stat().st_size > 0, path
            if path.suffix == ".csv":
                assert rows(path), path
        written |= outputs(block)
    made = {path.name for path in tmp_path.iterdir()}
    assert made == written | {"sample_data"}
    if name in CHECKS:
        CHECKS[name](tmp_path)


def test_a_closed_pipe_is_quiet() -> None:
    for command in ("korpus recipe", "korpus recipe topics"):
        done = shell(f"{command} | head -n 1")
        assert done.returncode == 0 and done.stdout.count("\n") == 1
        assert done.stderr == ""
        assert shell(f"{command} | true").stderr == ""
