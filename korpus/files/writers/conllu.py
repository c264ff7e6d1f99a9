"""CoNLL-U: a line per token with ten columns, and a blank line after each sentence."""

import re
from collections.abc import Iterable, Iterator

from korpus.files.writers.plain import text_line
from korpus.records import TREE_COLUMNS, Record, check_strings
from korpus.tagsets import UPOS, tag_groups

_NOTHING = "_"
_OURS = {"id", "text", "document", "tokens", "tags", "analyzer", "analysis", *TREE_COLUMNS}
_BREAKS = re.compile(r"[\s\0]+")
_UPOS = {tag for tags in UPOS.values() for tag in tags.split()}


def conllu_lines(records: Iterable[Record]) -> Iterator[bytes]:
    """Records with tokens as sentences. Streams. Raises TokensNeeded for one without.

    Tags of other tagsets than UPOS become XPOS. Columns that are one line of text or a number
    become comments. Without a tree the columns of heads and relations are `_`.
    """
    document: object = None
    for record in records:
        if record.get("document") != document:
            document = record.get("document")
            if document is not None:
                yield text_line(f"# newdoc id = {_flat(document)}")
        yield from _sentence(record)


def _sentence(record: Record) -> Iterator[bytes]:
    check_strings({"tags": [], **record})
    if (number := record.get("id")) is not None:
        yield text_line(f"# sent_id = {_flat(number)}")
    if text := record.get("text"):
        yield text_line(f"# text = {_flat(text)}")
    for key, value in record.items():
        if key not in _OURS and isinstance(value, str | int | float) and "=" not in key:
            yield text_line(f"# {_flat(key)} = {_flat(value)}")
    tokens = record["tokens"]
    columns = {"tags": record.get("tags"), **{name: record.get(name) for name in TREE_COLUMNS}}
    of_ud = tag_groups(record.get("analyzer")).keys() == _UPOS
    if not of_ud and not columns["xpos"]:
        columns["xpos"], columns["tags"] = columns["tags"], None
    lists = [
        value if isinstance(value, list) and len(value) == len(tokens) else [""] * len(tokens)
        for value in (columns[name] for name in _ORDER)
    ]
    for number, (token, *cells) in enumerate(zip(tokens, *lists, strict=True), 1):
        yield text_line("\t".join([str(number), *(_cell(cell) for cell in (token, *cells))]))
    yield b"\n"


_ORDER = (TREE_COLUMNS[0], "tags", *TREE_COLUMNS[1:])  # LEMMA, UPOS, XPOS, FEATS …


def _cell(value: object) -> str:
    text = "" if value is None else _flat(value)
    return text or _NOTHING


def _flat(value: object) -> str:
    """A value on one line without tabs."""
    return _BREAKS.sub(" ", str(value)).strip()
