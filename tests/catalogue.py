"""The Korean catalogue: collect the messages of the source, update korpus.po, compile korpus.mo.

`python -m tests.catalogue` does it. Entries without Korean stay empty, and a test fails.
"""

import ast
import inspect
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file

from korpus.cli import app, registry
from korpus.messages import LOCALE
from tests.support import ROOT

PO = LOCALE / "ko" / "LC_MESSAGES" / "korpus.po"
MO = PO.with_suffix(".mo")
# Functions whose string arguments are nouns that `plural` counts.
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

Message = str | tuple[str, str]


def messages() -> dict[Message, str]:
    """All messages (a pair for singular and plural), and where each is from."""
    found: dict[Message, str] = {}
    for message, place in _all():
        found.setdefault(message, place)
    return found


def _all() -> Iterator[tuple[Message, str]]:
    for path in sorted((ROOT / "korpus").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for _, message, _, _ in extract_from_file("python", str(path), {"_": None}):
            yield message, place
        for noun in _nouns(path):
            ending = "es" if noun.endswith("s") else "s"
            yield (f"{{count}} {noun}", f"{{count}} {noun}{ending}"), place
    yield from ((text, "typer") for text in _OPTIONS)
    yield from ((text, "korpus/cli/app.py") for text in (app.HELP, app.EPILOG))
    yield from _help()
    spec = find_spec("typer")
    assert spec is not None and spec.origin is not None
    for name in _TYPER:
        path = Path(spec.origin).parent / name
        for _, message, _, _ in extract_from_file("python", str(path), {"_": None}):
            yield message, f"typer/{name}"


def _nouns(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _COUNTING:
            for argument in node.args[-1:]:
                for part in ast.walk(argument):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def _help() -> Iterator[tuple[str, str]]:
    """Summaries, columns, details and options of all commands, before they are translated."""
    import typer

    yield from ((group, "korpus/cli/registry.py") for group in registry.GROUPS)
    for entry in registry.COMMANDS:
        place = entry.target.partition(":")[0].replace(".", "/") + ".py"
        yield from ((text, place) for text in entry[2:5] if text)
        function = registry.load(entry.target)
        details = (inspect.getdoc(function) or "").rpartition("Example: ")[0].strip()
        if details:
            yield details, place
        single = typer.Typer(add_completion=False)
        single.command()(function)
        for parameter in typer.main.get_command(single).params:
            if text := getattr(parameter, "help", None):
                yield text, place


def read() -> Catalog:
    """The catalogue as it is."""
    if not PO.is_file():
        return Catalog("ko")
    with PO.open("rb") as stream:
        return pofile.read_po(stream, "ko")


def update() -> None:
    """Write the catalogue with all messages, keeping their translations, and compile it."""
    before, after = read(), Catalog("ko", project="korpus", charset="utf-8")
    for message, place in sorted(messages().items(), key=lambda item: (item[1], str(item[0]))):
        known = before.get(message)
        after.add(message, known.string if known else None, locations=[(place, 0)])
    for known in before:
        if known.context and known.string:  # headings of columns, added by hand
            after.add(known.id, known.string, context=known.context)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as stream:
        pofile.write_po(stream, after, width=100, sort_output=False, include_lineno=False)
    MO.write_bytes(compiled())


def compiled() -> bytes:
    """The catalogue as a .mo file."""
    import io

    stream = io.BytesIO()
    mofile.write_mo(stream, read())
    return stream.getvalue()


if __name__ == "__main__":
    update()
