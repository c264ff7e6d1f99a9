"""The stage new: a folder with a study file, a word table and a README to start from."""

from importlib.resources import files
from pathlib import Path

from korpus.checks import check_choice
from korpus.errors import KorpusError
from korpus.messages import _, language
from korpus.records import Row, Table

STUDIES = ("topics", "sentiment", "network")
COLUMNS = ["file", "kind"]


def new(folder: str, *, purpose: str) -> Table:
    """Make a folder with a study file, a word table and a README to start from.

    `purpose`: topics, sentiment or network. The files are in the reader's language. Nothing is
    replaced: files that are there already have to be the same. Columns out: `file`, `kind`.
    Raises UsageError for another purpose, KorpusError for a folder with other files of these names.
    """
    check_choice("--for", purpose, STUDIES)
    data = files("korpus.data") / "studies"
    sources = {
        "study.toml": data / purpose / f"study.{language()}.toml",
        "words.csv": data / "words.csv",
        "README.md": data / purpose / f"README.{language()}.md",
    }
    kinds = (_("study file"), _("word table"), _("what to do"))
    if Path(folder).is_file():
        raise KorpusError(
            _("{path} is a file, not a folder").format(path=folder), _("choose another folder")
        )
    contents = {Path(folder) / name: path.read_bytes() for name, path in sources.items()}
    for path, content in contents.items():
        if path.exists() and (path.is_dir() or path.read_bytes() != content):
            raise KorpusError(
                _("{path} is there already").format(path=path), _("choose another folder")
            )
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            path.write_bytes(content)
    except OSError as error:
        message = _("{name}: cannot be written ({reason})")
        raise KorpusError(
            message.format(name=folder, reason=error.strerror or error), _("choose another folder")
        ) from None
    rows: list[Row] = [(str(path), kind) for path, kind in zip(contents, kinds, strict=True)]
    return Table(COLUMNS, lambda: rows)
