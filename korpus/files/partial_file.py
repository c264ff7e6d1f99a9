"""The SQLite file NAME.partial: the finished batches of a run, one per row.

SQLite's own lock admits one run at a time. In its WAL mode a finished batch survives the death of
the process without a sync; `NAME.partial-wal` stands beside the file until it is closed. Rows are
only ever added. Each has a checksum, so that damage which SQLite does not notice is found too.
"""

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from glob import escape
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from korpus.errors import KorpusError
from korpus.files.atomic import create_file, in_use, output_errors
from korpus.files.saved_batch import SavedBatch, checked, checksum_of
from korpus.files.sqlite_files import identifier, kind_of, starts_as
from korpus.messages import _

if TYPE_CHECKING:
    import sqlite3

PAGE_SIZE = 1 << 14  # bytes: large pages are fast, but each row fills up its last one
SYNC_EVERY = 64 << 20  # bytes of rows; a power cut loses at most these
_LONGEST_NAME = 239  # bytes; file systems take 255, and SQLite may add 16
_LONGEST_PATH = 504  # bytes; the most that SQLite takes
_TRIES = 10
_KEY_LENGTH = 8
_APPLICATION_ID = 0x4B4F5250  # "KORP"
_SQLITE_START = b"SQLite format 3\0"
_WAL_START = b"\x37\x7f\x06"
_SCHEMA = (
    "CREATE TABLE batches (id INTEGER PRIMARY KEY, number, input, counts, rejects, records, "
    "checksum)",
    "CREATE TABLE run (identity, checksum)",
)


def partial_path(target: Path) -> Path:
    """The path of the partial file of an output."""
    name = os.fsencode(f"{target.name}.partial")
    if len(name) <= _LONGEST_NAME:
        return target.with_name(f"{target.name}.partial")
    return target.with_name(f"{sha256(name).hexdigest()}.partial")


def is_too_long(path: Path) -> bool:
    """Whether the path of a partial file is longer than SQLite takes."""
    return len(os.fsencode(path.absolute())) > _LONGEST_PATH


class PartialFile:
    """The open and locked partial file of an output.

    `restart`: discard what it holds. `aside`: take up the file that was kept aside under this key,
    if there is one. `identity` is that of the run which started it, None for a new one. Raises
    KorpusError if another run has it open, if it is damaged, or if a file of that name is not one
    of ours.
    """

    def __init__(self, path: Path, output: str, *, restart: bool = False, aside: str = "") -> None:
        self.path = path
        self.output = output
        self.is_new = False
        self.identity: str | None = None
        self._unsynced = 0
        with self._errors():
            if aside and self._aside(aside).exists() and not self.path.exists():
                self._aside(aside).rename(self.path)
            if not any(self._open(restart) for _ in range(_TRIES)):
                raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    def start(self, identity: str) -> None:
        """Make a new run, without batches, of a new file."""
        with self._errors():
            self._execute("BEGIN")
            for table in _SCHEMA:
                self._execute(table)
            self.add_identity(identity)
            self._execute("COMMIT")

    def add_identity(self, identity: str) -> None:
        """Note the identity of the run that goes on with this file."""
        with self._errors():
            checksum = sha256(identity.encode()).digest()
            self._execute("INSERT INTO run VALUES (?, ?)", identity.encode(), checksum)

    def rows(self) -> Iterator[tuple[int, SavedBatch]]:
        """The ids of all rows and their batches, without damaged ones. Streams."""
        with self._errors():
            cursor = self._execute(
                "SELECT id, number, input, counts, rejects, records, checksum FROM batches "
                "ORDER BY id"
            )
            for row, *values in cursor:
                if batch := checked(values):
                    yield row, batch

    def read(self, row: int, input: str) -> SavedBatch:
        """The batch of a row. Raises KorpusError if it is damaged, or of another input by now."""
        with self._errors():
            values = self._execute(
                "SELECT number, input, counts, rejects, records, checksum FROM batches "
                "WHERE id = ?",
                row,
            ).fetchone()
            batch = checked(values) if values else None
        if batch is None or batch.input != input:
            raise self._damaged()
        return batch

    def add(self, batch: SavedBatch) -> int:
        """Add a row. Gives its id."""
        counts = json.dumps(batch.counts).encode()
        values = (batch.number, batch.input.encode(), counts, batch.rejects, batch.records)
        with self._errors():
            cursor = self._execute(
                "INSERT INTO batches (number, input, counts, rejects, records, checksum) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                *values,
                checksum_of(values),
            )
            self._unsynced += len(batch.records) + len(batch.rejects)
            if self._unsynced > SYNC_EVERY:
                self._execute("PRAGMA wal_checkpoint")
                self._unsynced = 0
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def close(self) -> None:
        """Close the file for a later run."""
        import sqlite3

        with contextlib.suppress(sqlite3.Error):
            self._connection.close()

    def keep_aside(self, key: str) -> str:
        """Rename the file to a name with `key`, and close it. Gives that name."""
        with self._errors():
            self._execute("PRAGMA journal_mode = DELETE")  # all is in one file then
            try:
                self.path.rename(self._aside(key))  # while it is locked, where the system can
                self.close()
            except PermissionError:
                self.close()
                self.path.rename(self._aside(key))
        return self._aside(key).name

    def remove_aside(self) -> None:
        """Delete the files that were kept aside."""
        for path in self.path.parent.glob(f"{escape(self.path.name)}-{'[0-9a-f]' * _KEY_LENGTH}"):
            if starts_as(path, _SQLITE_START, _APPLICATION_ID):
                with contextlib.suppress(OSError):
                    path.unlink()

    def remove(self) -> None:
        """Delete the file, while it is still locked where the system can."""
        is_deleted = False
        with contextlib.suppress(OSError):
            self._beside("-wal").unlink(missing_ok=True)
            self.path.unlink()
            is_deleted = True
        self.close()
        if not is_deleted:  # Windows deletes no open file
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _open(self, restart: bool) -> bool:
        """Whether the file is open now; else it was deleted meanwhile, and has to be made again."""
        import sqlite3

        self.is_new = self._create()
        before = identifier(self.path)
        if before is None:
            return False
        # Not `connect(path)`, which would create a file that is not there.
        path = self.path.absolute().as_posix()
        uri = f"file://{'' if path.startswith('/') else '/'}{quote(os.fsencode(path))}?mode=rw"
        self._connection = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)
        self._connection.text_factory = bytes
        try:
            self._lock()
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            if not restart or kind_of(error) != "damaged":
                self.remove() if self.is_new and kind_of(error) != "busy" else self.close()
                raise
        if identifier(self.path) != before:
            self.close()
            return False
        if restart and not self.is_new:
            self.remove()
            return self._open(restart=False)
        try:
            self.identity = self._read_identity()
        except BaseException:
            self.close()
            raise
        return True

    def _create(self) -> bool:
        """Make an empty file if there is none. Raises KorpusError for files that are not ours."""
        is_new = False
        with contextlib.suppress(FileExistsError):
            create_file(self.path, 0o600).close()
            is_new = True
        wal = self._beside("-wal")
        if not (
            (is_new or starts_as(self.path, _SQLITE_START, _APPLICATION_ID))
            and starts_as(wal, _WAL_START)
            and not os.path.lexists(self._beside("-journal"))
        ):
            if is_new:
                self.path.unlink()
            raise KorpusError(
                _("{name} exists, and was not made by a run of korpus").format(name=self.path.name),
                _("move it away, or give the output another name"),
            )
        if is_new:  # left by a run that was killed while it deleted its files
            wal.unlink(missing_ok=True)
        return is_new

    def _lock(self) -> None:
        """Take SQLite's lock, and bring a new file into WAL mode."""
        for name, value in {
            "locking_mode": "EXCLUSIVE",
            "cell_size_check": "ON",
            "trusted_schema": "OFF",
            "synchronous": "OFF",  # until there is something to keep
            "wal_autocheckpoint": 0,
            "page_size": PAGE_SIZE,
        }.items():
            self._execute(f"PRAGMA {name} = {value}")
        if self._execute("PRAGMA journal_mode").fetchone() != (b"wal",):
            # So that there is no journal: each of these writes one page.
            self._execute("PRAGMA journal_mode = MEMORY")
            self._execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            if self._execute("PRAGMA journal_mode = WAL").fetchone() != (b"wal",):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        self._execute("SELECT * FROM sqlite_master").fetchall()
        self._execute("PRAGMA synchronous = NORMAL")

    def _read_identity(self) -> str | None:
        tables = self._execute("SELECT sql FROM sqlite_master ORDER BY sql").fetchall()
        if not tables:
            return None
        if tables != [(table.encode(),) for table in _SCHEMA]:
            raise self._damaged()
        rows = self._execute("SELECT identity, checksum FROM run ORDER BY rowid DESC").fetchall()
        for identity, checksum in rows:
            if isinstance(identity, bytes) and sha256(identity).digest() == checksum:
                return identity.decode()
        raise self._damaged()

    def _execute(self, sql: str, *values: object) -> "sqlite3.Cursor":
        return self._connection.execute(sql, values)

    def _aside(self, key: str) -> Path:
        return self._beside(f"-{key}")

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn errors of SQLite into a KorpusError."""
        import sqlite3

        with output_errors(self.output):
            try:
                yield
            except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
                kind = kind_of(error)
                if kind == "busy":
                    raise in_use(self.output) from None
                if kind == "damaged":
                    raise self._damaged() from None
                code = errno.ENOSPC if kind == "full" else errno.EIO
                reason = os.strerror(code) if kind == "full" else str(error)
                raise OSError(code, reason) from None

    def _damaged(self) -> KorpusError:
        return KorpusError(
            _("{name} is damaged").format(name=self.path.name),
            _("discard it with --restart, or delete it"),
        )
