"""Tagged text: tokens with their tags, `나/NP 는/JX 학교/NNG`."""

from korpus.files.writers.plain import plain_line, text_line
from korpus.records import Record


def tagged_line(record: Record) -> bytes:
    """A document on one line, each of its readings on its own; the text if it has no tokens."""
    if "readings" in record:
        readings = record["readings"] or [{"tokens": [], "tags": []}]
        return b"".join(_tagged(one["tokens"], one["tags"]) for one in readings)
    if "tokens" not in record:
        return plain_line(record)
    return _tagged(record["tokens"], record["tags"])


def _tagged(tokens: list[str], tags: list[str]) -> bytes:
    pairs = (f"{token}/{tag}" if tag else token for token, tag in zip(tokens, tags, strict=True))
    return text_line(" ".join(pairs))
