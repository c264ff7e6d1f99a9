"""The stage recipe: worked chains of commands, from package data."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from korpus.errors import UsageError
from korpus.messages import _, language
from korpus.records import Table

COLUMNS = ["recipe", "description"]


def recipe(name: str | None = None) -> "Table | str":
    """Give the text of a recipe, or without a name the table of all recipes.

    A recipe is Markdown in the reader's language. Columns out: `recipe`, `description`.
    Raises UsageError for an unknown name.
    """
    known = _recipes()
    if name is None:
        rows = [(title, _description(path)) for title, path in known.items()]
        return Table(COLUMNS, lambda: rows)
    if name not in known:
        raise UsageError(
            _("unknown recipe {name!r}").format(name=name),
            _("one of: {names}").format(names=", ".join(known)),
        )
    return known[name].read_text("utf-8")


def _recipes() -> dict[str, Traversable]:
    """The recipes of the reader's language by name: files NAME.ko.md, NAME.en.md."""
    ending = f".{language()}.md"
    found = (files("korpus.data") / "recipes").iterdir()
    ours = {path.name.removesuffix(ending): path for path in found if path.name.endswith(ending)}
    return dict(sorted(ours.items()))


def _description(path: Traversable) -> str:
    """The title of a recipe, its first line."""
    return path.read_text("utf-8").partition("\n")[0].lstrip("# ")
