"""korpus new: each study that it starts runs, in both languages the same."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from korpus.cli.new_study import STUDIES
from tests.support import SAMPLE, korpus

DATA = Path(str(files("korpus.data") / "studies"))
SMALLER = {
    '"{numbers}"': '"2:3", runs = 2, iterations = 5',
    'topics = "{topics}"': "topics = 2, iterations = 5",
    "nodes = 50": "nodes = 20",
    '"cloud.png"': '"cloud.png"\noptions = {size = "200x100"}',
}


def text(purpose: str, name: str) -> str:
    return (DATA / purpose / name).read_text("utf-8")


def test_each_purpose_has_a_folder() -> None:
    assert {path.name for path in DATA.iterdir() if path.is_dir()} == set(STUDIES)


@pytest.mark.parametrize("purpose", STUDIES)
def test_a_new_study_runs_and_its_readme_names_what_it_makes(purpose: str, tmp_path: Path) -> None:
    made = korpus("new", "here", "--for", purpose, cwd=tmp_path)
    assert made.returncode == 0 and made.stderr == ""
    folder = tmp_path / "here"
    assert {path.name for path in folder.iterdir()} == {"study.toml", "words.csv", "README.md"}
    study = (folder / "study.toml").read_text("utf-8")
    for before, after in SMALLER.items():
        study = study.replace(before, after)
    (folder / "study.toml").write_text(study, "utf-8")
    rows = SAMPLE.read_text("utf-8").splitlines(keepends=True)
    (folder / "data.csv").write_text("".join(rows[:100]), "utf-8")
    done = korpus("run", cwd=folder)
    assert done.returncode == 0, done.stderr
    named = set(re.findall(r"`([\w.]+\.\w+)`", text(purpose, "README.en.md").partition("|---|")[2]))
    there = {path.name for path in folder.iterdir() if path.stat().st_size}
    assert named <= there
    assert there - named <= {"data.csv", "study.toml", "README.md"} | set(
        re.findall(r'output = "(.*?\.jsonl)"', study)
    )
    again = korpus("run", cwd=folder).stdout
    assert set(re.findall(r",(\w+),\n", again)) == {"unchanged"}
    assert "# Methods" in korpus("methods", "study.lock", "--lang", "en", cwd=folder).stdout


@pytest.mark.parametrize("purpose", STUDIES)
def test_both_languages_are_the_same_study(purpose: str) -> None:
    english, korean = (tomllib.loads(text(purpose, f"study.{name}.toml")) for name in ("en", "ko"))
    assert english | {"title": ""} == korean | {"title": ""}
    hangul = re.compile("[가-힣]")
    assert hangul.search(text(purpose, "study.ko.toml"))
    assert not hangul.search(text(purpose, "study.en.toml"))
    codes = re.compile(r"`.*?`")
    first, second = (
        sorted(set(codes.findall(text(purpose, f"README.{name}.md")))) for name in ("en", "ko")
    )
    assert [code for code in first if not hangul.search(code)] == [
        code for code in second if not hangul.search(code)
    ]


def test_nothing_is_replaced(tmp_path: Path) -> None:
    line = ["new", tmp_path / "a", "--for", "topics"]
    assert korpus(*line).returncode == korpus(*line).returncode == 0
    done = korpus("new", tmp_path / "a", "--for", "network")
    assert done.returncode == 1 and "study.toml is there already" in done.stderr
    assert (tmp_path / "a" / "README.md").read_text("utf-8") == text("topics", "README.en.md")
    (tmp_path / "file").write_text("x")
    done = korpus("new", tmp_path / "file", "--for", "topics")
    assert done.returncode == 1 and "file is a file, not a folder\nhint: " in done.stderr
    done = korpus("new", tmp_path / "file" / "b", "--for", "topics")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 2
    done = korpus("new", tmp_path / "c", "--for", "poems")
    assert done.returncode == 2 and "topics, sentiment, network" in done.stderr
    assert not (tmp_path / "c").exists()


def test_korean_readers_get_korean(tmp_path: Path) -> None:
    assert korpus("new", tmp_path / "a", "--for", "network", KORPUS_LANG="ko").returncode == 0
    assert (tmp_path / "a" / "study.toml").read_text("utf-8") == text("network", "study.ko.toml")
