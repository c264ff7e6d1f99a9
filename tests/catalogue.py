"""The Korean catalogue: collect the messages of the source, update korpus.po, compile korpus.mo.

`python -m tests.catalogue` does it: it keeps translations, adds new messages without Korean, for
which a test fails, and drops messages that the source no longer has.
"""

import ast
import inspect
import io
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

from korpus.cli import app, registry
from korpus.messages import LOCALE
from korpus.statistics.association import MEASURES
from tests.support import ROOT

PO = LOCALE / "ko" / "LC_MESSAGES" / "korpus.po"
MO = PO.with_suffix(".mo")
PACKAGE = ROOT / "korpus"
COLUMN = "column"  # context of the headings of tables
# Functions whose last argument is a noun that `plural` counts.
_COUNTING = {"plural", "training_progress"}
# Typer's files with words that users see: usage, errors of the command line, headings of help.
_TYPER = ("core.py", "rich_utils.py")
# Those that Typer does not mark for translation.
_OPTIONS = (
    "Show this message and exit.",
    "Install completion for the current shell.",
    "Show completion for the current shell, to copy it or customize the installation.",
    "Show the version.",
)


class Message(NamedTuple):
    """A message in English. `several`: its plural, for those that count."""

    text: str
    several: str | None = None
    context: str | None = None

    @property
    def key(self) -> str | tuple[str, str]:
        """The message as babel has it."""
        return (self.text, self.several) if self.several else self.text


def messages() -> dict[Message, str]:
    """All messages, and where each is from, in the order of files."""
    found: dict[Message, str] = {}
    for message, place in _all():
        found.setdefault(message, place)
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0].text)))


def sources() -> Iterator[tuple[str, ast.Module]]:
    """The files of the package, parsed."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """The calls of functions with these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in names:
            yield node


def _all() -> Iterator[tuple[Message, str]]:
    for place, tree in sources():
        for text in _marked(tree):
            yield Message(text), place
        for call in calls(tree, *_COUNTING):
            for noun in literals(call.args[-1:]):
                ending = "es" if noun.endswith("s") else "s"
                yield Message(f"{{count}} {noun}", f"{{count}} {noun}{ending}"), place
        assigned = _assigned(tree)
        for call in calls(tree, "Table", "Concordance"):
            for name in literals(call.args[:1], assigned):
                yield Message(name, context=COLUMN), place
        for name in literals(_class_columns(tree)):
            yield Message(name, context=COLUMN), place
    measures = "korpus/statistics/association.py"
    yield from ((Message(name, context=COLUMN), measures) for name in MEASURES)
    yield from ((Message(text), "typer") for text in _OPTIONS)
    yield from ((Message(text), place) for text, place in _help())
    spec = find_spec("typer")
    assert spec is not None and spec.origin is not None
    for name in _TYPER:
        tree = ast.parse((Path(spec.origin).parent / name).read_text("utf-8"))
        for text in _marked(tree):
            yield Message(text), f"typer/{name}"


def _marked(tree: ast.AST) -> Iterator[str]:
    for call in calls(tree, "_"):
        yield from literals(call.args[:1])


def literals(
    nodes: list[ast.expr], assigned: dict[str, list[ast.expr]] | None = None
) -> Iterator[str]:
    """The strings that expressions may give; names give what is `assigned` to them."""
    known = assigned or {}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.IfExp):
            yield from literals([node.body, node.orelse], assigned)
        elif isinstance(node, ast.List | ast.Tuple):
            yield from literals(node.elts, assigned)
        elif isinstance(node, ast.Starred):
            yield from literals([node.value], assigned)
        elif isinstance(node, ast.Name):
            others = {name: found for name, found in known.items() if name != node.id}
            yield from literals(known.get(node.id, []), others)


def _assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What is assigned to each name, anywhere in a file."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def _class_columns(tree: ast.Module) -> list[ast.expr]:
    """What is assigned to attributes of classes that name a column: `share_column`."""
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id.endswith("_column")
        and node.value is not None
    ]


def _help() -> Iterator[tuple[str, str]]:
    """Headings, summaries, columns, details and options of help, before they are translated."""
    yield from ((text, "korpus/cli/app.py") for text in (app.HELP, app.EPILOG))
    yield from ((group, "korpus/cli/registry.py") for group in registry.GROUPS)
    yield from ((summary, "korpus/cli/registry.py") for summary in registry.SUMMARIES.values())
    for entry in registry.COMMANDS:
        place = entry.target.partition(":")[0].replace(".", "/") + ".py"
        yield from ((text, place) for text in entry[2:5] if text)
        details = (inspect.getdoc(registry.load(entry.target)) or "").rpartition("Example: ")[0]
        if details.strip():
            yield details.strip(), place
        for parameter in parameters(entry):
            for text in (parameter.help, parameter.rich_help_panel):
                if text:
                    yield text, place


def parameters(entry: registry.Command) -> list[Any]:
    """The options and arguments of a command, with their help in English."""
    import typer

    single = typer.Typer(add_completion=False)
    single.command()(registry.load(entry.target))
    return list(typer.main.get_command(single).params)


class _Catalog(Catalog):
    """A catalogue whose header has no dates and no names of people or programs."""

    def __init__(self) -> None:
        comment = "# Korean messages of korpus; `python -m tests.catalogue` updates this file."
        super().__init__("ko", header_comment=comment, fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The lines of the header."""
        return [
            ("Language", "ko"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def translations() -> dict[Message, str]:
    """The messages of korpus.po with their Korean, empty where there is none yet."""
    found = {}
    with PO.open("rb") as stream:
        for entry in pofile.read_po(stream, "ko"):
            if not entry.id:
                continue
            several = None if isinstance(entry.id, str) else entry.id[1]
            text = entry.id if isinstance(entry.id, str) else entry.id[0]
            korean = entry.string if isinstance(entry.string, str) else entry.string[0]
            found[Message(text, several, entry.context)] = korean
    return found


def _catalog(known: dict[Message, str], places: dict[Message, str]) -> Catalog:
    catalog = _Catalog()
    for message, korean in known.items():
        string = (korean,) if message.several else korean
        locations = [(places[message], 0)] if message in places else []
        catalog.add(message.key, string, locations, context=message.context)
    return catalog


def update() -> None:
    """Write korpus.po with all messages, keeping their translations, and compile it."""
    known, places = translations(), messages()
    after = _catalog({message: known.get(message, "") for message in places}, places)
    with PO.open("wb") as stream:
        pofile.write_po(stream, after, width=100, sort_output=False, include_lineno=False)
    MO.write_bytes(compiled())


def compiled() -> bytes:
    """korpus.po as a .mo file."""
    stream = io.BytesIO()
    mofile.write_mo(stream, _catalog(translations(), {}))
    return stream.getvalue()


if __name__ == "__main__":
    update()
