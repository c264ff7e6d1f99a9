"""The house: what may import what, and what may not be in the package."""

import ast
import re
from pathlib import Path

import pytest

from korpus.tagsets import GROUPS, KAIST, OKT, SEJONG, TagSelection, group_of
from tests.support import ROOT

PACKAGE = ROOT / "korpus"
FILES = sorted(PACKAGE.rglob("*.py"))
SHARED = {
    *("korpus", "korpus.records", "korpus.errors", "korpus.messages", "korpus.tagsets"),
    *("korpus.signals", "korpus.inputs", "korpus.tables"),
}
# Data flows to the right; a room may use those on its left. Only commands use files.
ROOMS = ["documents", "analyzers", "tokens", "models", "views"]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("room", [*ROOMS, "files", "workers"])
def test_imports_point_one_way(room: str) -> None:
    left = ROOMS[: ROOMS.index(room) + 1] if room in ROOMS else [room]
    allowed = tuple(f"korpus.{name}" for name in left)
    for path in (PACKAGE / room).glob("*.py"):
        ours = {name for name in imports(path) if name.split(".")[0] == "korpus"}
        assert {n for n in ours - SHARED if not n.startswith(allowed)} == set(), path


def test_the_command_layer_imports_nothing_heavy_at_the_top() -> None:
    for path in [
        *(PACKAGE / "commands").glob("*.py"),
        PACKAGE / "options.py",
        PACKAGE / "fitting.py",
        PACKAGE / "running.py",
        PACKAGE / "cli.py",
    ]:
        tree = ast.parse(path.read_text())
        top = {
            (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
            for node in tree.body
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        outside = {name.split(".")[0] for name in top} - {"korpus", "typer"}
        assert outside <= {
            "collections",
            "contextlib",
            "functools",
            "itertools",
            "logging",
            "os",
            "signal",
            "sys",
            "typing",
        }


def test_no_pickle_in_the_package() -> None:
    """Nor what runs code that is in a file, or loads a library's own format, which may."""
    harmful = r"\b(c?[Pp]ickle|joblib|marshal|shelve|dill|torch|yaml|allow_pickle=True)\b"
    running = r"\b(?:eval|exec|compile|__import__)\(|\b(?:np|numpy)\.load\(|Model\.load\("
    for path in FILES:
        text = path.read_text()
        found = re.findall(harmful, text) + re.findall(running, text.replace("re.compile(", ""))
        assert found == [], path


def test_files_are_read_in_one_sitting() -> None:
    assert [path for path in FILES if len(path.read_text().splitlines()) > 300] == []
    commands = (PACKAGE / "commands").glob("*.py")
    assert [path for path in commands if len(path.read_text().splitlines()) > 90] == []


def test_every_command_has_a_test_file() -> None:
    names = {path.stem for path in (PACKAGE / "commands").glob("*.py")} - {"__init__"}
    assert {name for name in names if not (ROOT / "tests" / f"test_{name}.py").is_file()} == set()


def test_public_functions_have_docstrings() -> None:
    for path in FILES:
        if path.parent.name == "commands" or path.name == "cli.py":
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def test_tagsets_are_consistent() -> None:
    for tagset in (SEJONG, OKT, KAIST):
        tags = [tag for tags in tagset.values() for tag in tags.split()]
        assert len(tags) == len(set(tags))
        assert set(tagset) <= set(GROUPS)


@pytest.mark.parametrize("analyzer", ["mecab", "komoran", "kkma", "okt", "hannanum"])
def test_konlpys_tagsets_are_covered(analyzer: str) -> None:
    """Every tag that konlpy lists has a group, but for the headings of its own tables."""
    import json

    import konlpy

    name = "twitter" if analyzer == "okt" else analyzer
    path = Path(konlpy.__file__).parent / "data" / "tagset" / f"{name}.json"
    headings = {"E", "I", "J", "M", "N", "P", "X", "JK", "MA", "MD", "NN", "VC", "XP", "ET"}
    for tag in json.loads(path.read_text()):
        if tag not in headings or analyzer == "hannanum":
            if analyzer == "hannanum" and tag in {"E", "I", "J", "M", "N", "P", "X"}:
                continue
            assert group_of(tag, analyzer) != "unknown" or tag in ("UN", "NA", "Unknown"), tag


def test_kiwis_tags_are_covered() -> None:
    from kiwipiepy import Kiwi

    text = "안녕 😀 http://a.com #태그 a@b.c ㅋㅋ 12 漢字 ABC ‘나’ ① "
    text += "걸었다 깨끗이 첫 열 것 서울이여 와 및 —"
    for token in Kiwi().tokenize(text):
        assert group_of(token.tag, "kiwi") != "unknown", token


def test_selection() -> None:
    selection = TagSelection(["noun", "VV"], "kiwi")
    assert all(tag in selection for tag in ("NNG", "NNP", "VV", "VV-I", "VV+EP"))
    assert not any(tag in selection for tag in ("NNB", "VA", "EP", "", "nonsense"))
    assert "SL" in TagSelection(["foreign"], "mecab")
    assert "SL" in TagSelection(["punctuation"], "hannanum")
