"""CoNLL-U (.conllu): a record per sentence, with the tokens of a dependency treebank."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from korpus.errors import KorpusError
from korpus.files.readers.bad_rows import bad_row
from korpus.files.readers.reading import Reading
from korpus.files.sources import ESCAPED, detect_most
from korpus.messages import _
from korpus.records import TREE_COLUMNS, Record, rename_clashes, rootless_token

_WIDTH = 10
_FORM, _LEMMA, _TAG, _HEAD = 1, 2, 3, 6
_NOTHING = "_"
_RANGE, _EMPTY = re.compile(r"(\d+)-(\d+)"), re.compile(r"\d+\.\d+")
_COMMENT = re.compile(r"#\s*([^=]+?)\s*=\s*(.*)")
_NEW_DOCUMENT = re.compile(r"#\s*newdoc(?:\s+id\s*=\s*(.*))?")
_IS_ESCAPED = re.compile(f"[{ESCAPED}]").search
# The place in a line of each column of a record.
_PLACES = dict(zip(TREE_COLUMNS, (2, 4, 5, 6, 7, 8, 9), strict=True))
_OURS = ("id", "text", "document", "tokens", "tags", "analyzer", *TREE_COLUMNS)


class _Line(NamedTuple):
    """A line of a sentence: its number in the file, and its text."""

    number: int
    text: str


class _Broken(Exception):
    """What is wrong with a sentence, and the number of the line."""

    def __init__(self, line: int, message: str, hint: str) -> None:
        self.line, self.message, self.hint = line, message, hint


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The sentences of a file: `text`, `tokens` (FORM), `tags` (UPOS), `analyzer`. Streams.

    Also `id` (sent_id) and `document` (newdoc), if the file has them, and of the other columns
    those in which not all is `_`: `lemmas`, `xpos`, `feats`, `heads`, `relations`, `deps`, `misc`.
    Other comments (`# key = value`) are columns of that name. Words that are written together (1-2)
    and empty nodes (1.1) are counted and left out. A sentence that cannot be read is a bad row.
    """
    found, errors = detect_most(stream, name, reading.encoding, strict=reading.strict)
    lines = io.TextIOWrapper(stream, found, errors)
    document: str | None = None
    documents = 0
    for sentence in _sentences(lines):
        for line in sentence:
            if new := _NEW_DOCUMENT.fullmatch(line.text):
                documents += 1
                document = new[1] or str(documents)
        if all(line.text.startswith("#") for line in sentence):
            continue
        try:
            yield _record(sentence, document, reading)
        except _Broken as broken:
            error = KorpusError(
                _("{name}: line {line}: {problem}").format(
                    name=name, line=broken.line, problem=broken.message
                ),
                broken.hint,
            )
            if reading.strict:
                raise error from None
            raw = "\n".join(line.text for line in sentence)
            yield bad_row("conllu", error, broken.line, raw)


def _sentences(lines: Iterable[str]) -> Iterator[list[_Line]]:
    """The lines of each sentence; a blank line ends it."""
    sentence: list[_Line] = []
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        if text.strip():
            sentence.append(_Line(number, text))
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _record(sentence: list[_Line], document: str | None, reading: Reading) -> Record:
    words: list[list[str]] = []
    numbers: list[int] = []  # of the lines of the words
    together: dict[int, tuple[int, list[str]]] = {}  # first word: last word, fields of the range
    comments: dict[str, str] = {}
    for line in sentence:
        if _IS_ESCAPED(line.text):
            raise _Broken(line.number, _("bytes that the encoding lacks"), _("CoNLL-U is UTF-8"))
        if line.text.startswith("#"):
            if found := _COMMENT.fullmatch(line.text):
                comments[found[1]] = found[2]
            continue
        fields = _fields(line)
        if span := _RANGE.fullmatch(fields[0]):
            together[int(span[1])] = int(span[2]), fields
            reading.counts["range"] += 1
        elif _EMPTY.fullmatch(fields[0]):
            reading.counts["empty node"] += 1
        elif fields[0] == str(len(words) + 1):
            words.append(fields)
            numbers.append(line.number)
        else:
            raise _Broken(
                line.number,
                _("word {number} is called {given!r}").format(
                    number=len(words) + 1, given=fields[0]
                ),
                _("words are numbered 1, 2, 3 …; a blank line ends a sentence"),
            )
    if not words:
        raise _Broken(sentence[-1].number, _("a sentence without words"), _columns_hint())
    columns = _columns(words)
    if "heads" in columns:
        columns["heads"] = _heads(columns["heads"], numbers)
    record = {"id": comments.pop("sent_id")} if comments.get("sent_id") else {}
    text = comments.pop("text", None)
    record["text"] = text if text is not None else _text(words, together)
    for name in [name for name in comments if name.startswith(("newdoc", "newpar", "global."))]:
        del comments[name]
    if document is not None:
        record["document"] = document
    tokens = [word[_FORM] for word in words]
    tags = [_value(word, _TAG) for word in words]
    ours = {"tokens": tokens, "tags": tags, "analyzer": "conllu", **columns}
    return {**record, **ours, **rename_clashes(comments, _OURS)}


def _fields(line: _Line) -> list[str]:
    fields = line.text.split("\t")
    if len(fields) != _WIDTH:
        message = _("{found} columns instead of {wanted}")
        raise _Broken(
            line.number, message.format(found=len(fields), wanted=_WIDTH), _columns_hint()
        )
    if not fields[_FORM]:
        raise _Broken(line.number, _("a word without a form"), _columns_hint())
    return fields


def _columns_hint() -> str:
    return _("each word has ten columns with tabs between them: {columns}").format(
        columns="ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC"
    )


def _columns(words: list[list[str]]) -> Record:
    """The columns beside the tokens, without those in which all is `_`."""
    found = {name: [_value(word, place) for word in words] for name, place in _PLACES.items()}
    return {name: values for name, values in found.items() if any(values)}


def _value(word: list[str], place: int) -> str:
    """What is in a column of a word, empty for `_`, unless that is the lemma of the word `_`."""
    value = word[place]
    if value == _NOTHING and not (place == _LEMMA and word[_FORM] == _NOTHING):
        return ""
    return value


def _heads(values: list[str], numbers: list[int]) -> list[int]:
    """The heads of a sentence as numbers. Raises _Broken if they make no tree."""
    heads = []
    for value, line in zip(values, numbers, strict=True):
        # int() of thousands of digits is slow, and refused.
        is_number = value.isascii() and value.isdecimal() and len(value) < len(str(len(values))) + 9
        if not is_number or int(value) > len(values):
            raise _Broken(
                line,
                _("the head {head!r} is no word of the sentence").format(head=value or _NOTHING),
                _("HEAD, the seventh column, is a number from 0 (root) to {last}").format(
                    last=len(values)
                ),
            )
        heads.append(int(value))
    if (word := rootless_token(heads)) is not None:
        no_root = 0 not in heads
        raise _Broken(
            numbers[word - 1],
            _("no word is the root")
            if no_root
            else _("word {word} is its own ancestor").format(word=word),
            _("from each word the heads must lead to one whose HEAD is 0"),
        )
    return heads


def _text(words: list[list[str]], together: dict[int, tuple[int, list[str]]]) -> str:
    """The text of a sentence by its forms: spaces between them, but for SpaceAfter=No."""
    pieces: list[str] = []
    number = 1
    while number <= len(words):
        last, fields = together.get(number, (number, words[number - 1]))
        is_close = "SpaceAfter=No" in fields[9].split("|")
        pieces.append(fields[_FORM] + ("" if is_close else " "))
        number = max(last, number) + 1
    return "".join(pieces).rstrip()
