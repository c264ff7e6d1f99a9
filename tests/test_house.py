"""The house: what may import what, and what may not be in the package."""

import ast
import re
import sys
from functools import cache
from graphlib import TopologicalSorter
from importlib.util import find_spec
from itertools import accumulate, takewhile
from pathlib import Path

import pytest

from korpus.cli.registry import COMMANDS
from korpus.cli.registry import GROUPS as GROUPS_OF_HELP
from korpus.tagsets import GROUPS, KAIST, OKT, SEJONG, UPOS, TagSelection, group_of
from tests.support import ROOT

PACKAGE = ROOT / "korpus"
FILES = sorted(PACKAGE.rglob("*.py"))
# A module imports only from its own room and from those before it.
ORDER = [
    *("version", "rooms", "errors", "messages", "checks", "signals", "cache", "pictures"),
    *("tagsets", "tables", "inputs", "elsewhere", "records", "workers"),
    *("statistics", "files", "documents", "analyzers"),
    *("tokens", "networks", "models", "views", "reports", "studies", "spark"),
    *("cli", "commands"),
]
# The rooms that work on records know no files; models are saved by the one module for that.
NO_FILES = ["documents", "analyzers", "statistics", "tokens", "networks", "views", "workers"]
# Data of packages, the Java runtime and temporary files: not paths of the user.
OWN_PATHS = {
    *("messages.py", "analyzers/jvm.py", "analyzers/mecab.py", "models/word2vec.py"),
    *("cache.py", "analyzers/words/dictionaries.py", "models/retrofit.py"),
    *(
        "tokens/stopwords.py",
        "views/fonts.py",
        "views/wordcloud.py",
        "pictures.py",
        "workers/child.py",
        "workers/process.py",
    ),
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in FILES}


def imports(path: Path) -> set[str]:
    """The modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= submodules & MODULES.keys() or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def room(module: str) -> str:
    return module.split(".")[1]


@cache
def imported() -> dict[str, set[str]]:
    """What each module imports of the others."""
    return {
        name: {found for found in imports(path) if found.startswith("korpus.")}
        for name, path in MODULES.items()
        if name not in ("korpus", "korpus.__main__")
    }


def test_imports_never_go_back() -> None:
    back = [
        (name, other)
        for name, others in imported().items()
        for other in others
        if ORDER.index(room(other)) > ORDER.index(room(name))
    ]
    assert back == []


def test_imports_make_no_circle() -> None:
    list(TopologicalSorter(imported()).static_order())  # raises CycleError


def test_only_commands_and_models_use_files() -> None:
    used = {
        (name, other)
        for name, others in imported().items()
        for other in others
        if room(name) in NO_FILES and room(other) == "files"
    }
    assert used == set()
    by_models = {o for n, others in imported().items() if room(n) == "models" for o in others}
    # Models of korpus, and the folders of those that transformers reads.
    allowed = {"model_files", "pretrained", "folders", "pooling"}
    allowed = {f"korpus.files.{name}" for name in allowed}
    assert {o for o in by_models if room(o) == "files"} <= allowed


def test_only_files_and_the_command_layer_know_paths() -> None:
    for name, path in MODULES.items():
        inside = path.relative_to(PACKAGE).as_posix()
        rooms = ("files", "cli", "commands", "spark")  # a cluster has files of its own
        if (name.count(".") and room(name) in rooms) or inside in OWN_PATHS:
            continue
        if name not in ("korpus", "korpus.__main__"):
            assert not re.search(r"\bPath\(|\bopen\(|\bpath: ", path.read_text()), inside


def test_the_command_layer_imports_nothing_heavy_at_the_top() -> None:
    for name, path in MODULES.items():
        if not name.startswith(("korpus.cli", "korpus.commands")):
            continue
        top = {
            (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        outside = {module.split(".")[0] for module in top}
        assert outside <= sys.stdlib_module_names | {"korpus", "typer"}, path


# Their packages import them.
LOADED = {
    *("numpy.linalg", "numpy.random", "os.path", "pyarrow.ipc", "pyarrow.types", "typer.main"),
}


def test_modules_of_libraries_are_imported_where_they_are_used() -> None:
    """`import a` need not import `a.b`. Forks of tests would not see it: they have all imported."""
    for path in FILES:
        text, imported, names = path.read_text(), set(LOADED), {}
        tree = ast.parse(text)
        tree.body = [node for node in tree.body if not isinstance(node, ast.If)]  # TYPE_CHECKING
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                before = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                for module, name in ((before + alias.name, alias.asname) for alias in node.names):
                    imported |= set(accumulate(module.split("."), "{}.{}".format))
                    short = name or module.removeprefix(before).partition(".")[0]
                    names[short] = module if name else before + short
        for name, more in re.findall(r"(?<![\w.\"])(\w+)((?:\.\w+)+)", text):
            if not names.get(name, "korpus").startswith("korpus"):
                parts = accumulate([names[name], *more.split(".")[1:]], "{}.{}".format)
                used = set(takewhile(is_module, parts))
                assert used <= imported, (path, used - imported)


@cache
def is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ImportError:
        return False


def test_no_pickle_in_the_package() -> None:
    """Nor what runs code that is in a file, or loads a library's own format, which may."""
    harmful = r"\b(c?[Pp]ickle|joblib|marshal|shelve|dill|yaml|allow_pickle=True)\b"
    running = r"\b(?:eval|exec|compile|__import__)\(|\b(?:np|numpy)\.load\(|Model\.load\("
    running += r"|\btrust_remote_code=(?!False)|\btorch\.load\b"
    for path in FILES:
        text = path.read_text()
        found = re.findall(harmful, text) + re.findall(running, text.replace("re.compile(", ""))
        assert found == [], path


def test_files_are_read_in_one_sitting() -> None:
    files = set(FILES) - {PACKAGE / "cli" / "registry.py"}  # a table, with an entry per command
    assert [path for path in files if len(path.read_text().splitlines()) > 300] == []
    commands = (PACKAGE / "commands").rglob("*.py")
    assert [path for path in commands if len(path.read_text().splitlines()) > 90] == []


def test_every_command_has_a_test_file() -> None:
    files = {
        ROOT / "tests" / entry.extra / f"test_{entry.target.partition(':')[2]}.py"
        for entry in COMMANDS
    }
    assert {file for file in files if not file.is_file()} == set()


def test_every_command_file_is_registered() -> None:
    names = {command.target.partition(":")[0] for command in COMMANDS}
    assert {n for n in imported() if room(n) == "commands" and n.count(".") == 3} == names
    assert {command.group for command in COMMANDS} <= set(GROUPS_OF_HELP)


def test_public_functions_have_docstrings() -> None:
    for path in FILES:
        if "commands" in path.parts:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def test_tagsets_are_consistent() -> None:
    for tagset in (SEJONG, OKT, KAIST, UPOS):
        tags = [tag for tags in tagset.values() for tag in tags.split()]
        assert len(tags) == len(set(tags))
        assert set(tagset) <= set(GROUPS)


@pytest.mark.xdist_group("taggers")
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


@pytest.mark.xdist_group("taggers")
def test_kiwis_tags_are_covered() -> None:
    from kiwipiepy import Kiwi

    text = "안녕 😀 http://a.com #태그 a@b.c ㅋㅋ 12 漢字 ABC ‘나’ ① "
    text += "걸었다 깨끗이 첫 열 것 서울이여 와 및 —"
    for token in Kiwi().tokenize(text):
        assert group_of(token.tag, "kiwi") != "unknown", token


def test_selection() -> None:
    selection = TagSelection(["noun", "VV"], "kiwi")
    assert all(selection.has("말", tag) for tag in ("NNG", "NNP", "VV", "VV-I", "VV+EP"))
    assert not any(selection.has("말", tag) for tag in ("NNB", "VA", "EP", "", "nonsense"))
    assert TagSelection(["foreign"], "mecab").has("a", "SL")
    assert TagSelection(["punctuation"], "hannanum").has("(", "SL")
