"""Files of SQLite: what their errors mean, and how they start."""

import stat
from pathlib import Path


def kind_of(error: Exception) -> str:
    """busy, full (the disk), damaged (the file), or disk (all other failures)."""
    import sqlite3

    if isinstance(error, UnicodeDecodeError):  # in a message that quotes the file
        return "damaged"
    kinds = {
        sqlite3.SQLITE_BUSY: "busy",
        sqlite3.SQLITE_FULL: "full",
        **dict.fromkeys(
            (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR), "damaged"
        ),
    }
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_IOERR)
    return kinds.get(code & 0xFF, "disk")


def starts_as(path: Path, start: bytes, application_id: int | None = None) -> bool:
    """Whether a regular file, if there is one, is empty or starts as SQLite's files do."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as stream:
            head = stream.read(100)
    except FileNotFoundError:
        return True
    is_ours = application_id is None or head[68:72] == application_id.to_bytes(4, "big")
    return not head or (head.startswith(start) and is_ours)


def identifier(path: Path) -> tuple[int, int] | None:
    """Device and inode number of a file; None if it does not exist."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
