"""The journal of a long run: a line for each batch that is done; and the lock on it."""

import json
import zlib
from io import FileIO
from typing import Any, NamedTuple

from korpus.files.batches import Batch
from korpus.files.digests import batch_digest, digest
from korpus.files.writers import json_line
from korpus.records import Counts, Record


class Done(NamedTuple):
    """A line of the journal: a batch that is done, and how many bytes came of it."""

    given: str
    records: int
    records_digest: str
    rejects: int
    rejects_digest: str
    documents: int
    rejected: int
    counts: dict[str, int]


class Outcome(NamedTuple):
    """A batch that is done, with what came of it."""

    done: Done
    records: bytes
    rejects: bytes


def outcome_of(batch: Batch, records: bytes, rejects: list[Record], counts: Counts) -> Outcome:
    """What came of a batch, with its line."""
    set_aside = b"".join(map(json_line, rejects))
    done = Done(
        batch_digest(batch),
        len(records),
        digest(records),
        len(set_aside),
        digest(set_aside),
        records.count(b"\n") + len(rejects),
        len(rejects),
        dict(counts),
    )
    return Outcome(done, records, set_aside)


def is_of(done: Done, records: bytes, rejects: bytes) -> bool:
    """Whether this is what came of a batch, whole and right."""
    return (digest(records), digest(rejects)) == (done.records_digest, done.rejects_digest)


def outcome_bytes(outcome: Outcome) -> bytes:
    """An outcome as a file of its own."""
    return journal_line(outcome.done) + outcome.records + outcome.rejects


def read_outcome(data: bytes) -> Outcome | None:
    """The outcome in a file of its own; None where it is not whole."""
    line, _, rest = data.partition(b"\n")
    done = read_done(line + b"\n")
    if done is None:
        return None
    outcome = Outcome(done, rest[: done.records], rest[done.records :])
    return outcome if is_of(*outcome) else None


def read_done(line: bytes) -> Done | None:
    """What a line of the journal says of a batch; None if it is not whole, or no such line."""
    fields = read_journal_line(line)
    is_done = isinstance(fields, list) and len(fields) == len(Done._fields)
    return Done(*fields) if is_done else None


def journal_line(content: Any) -> bytes:
    """A line of the journal, with a checksum."""
    data = json.dumps(content, ensure_ascii=True).encode()
    return b"%s %08x\n" % (data, zlib.crc32(data))


def read_journal_line(line: bytes) -> Any:
    """What a line of the journal says; None where it is not whole."""
    data, _, check = line.rpartition(b" ")
    if check != b"%08x\n" % zlib.crc32(data):
        return None
    return json.loads(data)


def lock(stream: FileIO) -> bool:
    """Whether we have the lock of a file now. Processes that we start do not inherit it."""
    try:
        import fcntl

        fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
    except (BlockingIOError, PermissionError):
        return False
    return True
