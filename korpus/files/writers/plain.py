"""Plain text: the tokens of a document on one line, or its text."""

from korpus.records import Record

NUL_REPLACEMENT = "\ufffd"  # a text file with a NUL would be taken for binary


def plain_line(record: Record) -> bytes:
    """Tokens joined by spaces (a space inside a token becomes `_`), else the text on one line."""
    if "tokens" in record:
        line = " ".join("_".join(token.split()) for token in record["tokens"])
    else:
        line = " ".join(str(record.get("text", "")).splitlines())
    return text_line(line)


def text_line(line: str) -> bytes:
    """A line in UTF-8, without NUL and without unpaired surrogates."""
    return line.replace("\0", NUL_REPLACEMENT).encode("utf-8", "replace") + b"\n"
