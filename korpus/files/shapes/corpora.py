"""Corpora: Sejong, NIKL (모두의 말뭉치), AI Hub, KorQuAD."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from korpus.errors import KorpusError
from korpus.files.readers import Reading, bad_row
from korpus.files.shapes.shape import Shape, field, flat, items
from korpus.messages import _
from korpus.records import BadRow, Record, rename_clashes

_WORD = re.compile(r"([^\t\n]{1,100})\t([^\t\n]*)\t([^\t\n]*)")
_BLOCK = re.compile(r"</?(?:p|head|l|u|div\d?|text)\b[^<>]*>", re.IGNORECASE)
_TAGGED = re.compile(r"(?:^|\n)[^\t\n]{1,100}\t[^\t\n]+\t[^\t\n]*[^\s/]/[A-Z]{1,5}(?:\s|$)")


def _is_sejong(start: str) -> bool:
    return bool(_TAGGED.search(start))


def _sejong(rows: Iterator[Record], name: str, reading: Reading) -> Iterator[Record]:
    """A document per paragraph; its tokens and tags are those of the corpus."""
    words: list[tuple[str, str]] = []
    tokens: list[str] = []
    tags: list[str] = []
    found = False

    def document() -> Iterator[Record]:
        if words:
            text = " ".join(word for _id, word in words)
            yield {
                **({} if reading.id_column else {"id": words[0][0]}),
                "text": text,
                "tokens": tokens.copy(),
                "tags": tags.copy(),
                "analyzer": "sejong",
            }
            for part in (words, tokens, tags):
                part.clear()

    for line, row in enumerate(rows, 1):
        if type(row) is BadRow:
            yield row
            continue
        text = str(row.get("text", "")).rstrip("\r")
        match = _WORD.fullmatch(text)
        if match is None:
            if _BLOCK.fullmatch(text.strip()):
                yield from document()
            elif "\t" in text:
                yield _refused(name, line, text, reading)
            continue
        pairs = [part.rpartition("/") for part in match[3].strip().split(" + ")]
        if not all(form and tag for form, _slash, tag in pairs):
            yield _refused(name, line, text, reading)
            continue
        found = True
        words.append((match[1], match[2]))
        tokens += [form for form, _slash, _tag in pairs]
        tags += [tag for _form, _slash, tag in pairs]
    yield from document()
    if not found:
        raise KorpusError(_("{name} has no tagged words of the Sejong corpus").format(name=name))


def _refused(name: str, line: int, text: str, reading: Reading) -> Record:
    """A line without tags, as a bad row. Raises its error if the reading is strict."""
    error = KorpusError(
        _("{name}: line {line}: no word with its morphemes and tags").format(name=name, line=line)
    )
    if reading.strict:
        raise error
    return bad_row("tags", error, line, text)


def _is_nikl(row: Record) -> bool:
    first = next(items(row, "document"), None)
    return first is not None and bool({"paragraph", "utterance", "sentence"} & first.keys())


def _nikl(row: Record) -> Iterator[Record]:
    """A document per text of paragraphs, per utterance, or per tagged sentence."""
    for text in items(row, "document"):
        about = {**flat(field(row, "metadata")), **flat(field(text, "metadata"))}
        about.pop("id", None)
        if "sentence" in text:
            yield from (_sentence(item, about) for item in items(text, "sentence"))
        elif "utterance" in text:
            yield from (_utterance(item, about) for item in items(text, "utterance"))
        else:
            forms = [item.get("form") for item in items(text, "paragraph")]
            yield _beside({"id": text.get("id"), "text": _joined(forms)}, about)


def _sentence(item: Record, about: Record) -> Record:
    record: Record = {"id": item.get("id"), "text": str(item.get("form") or "")}
    if "morpheme" in item or "morp" in item:
        found = [*items(item, "morpheme"), *items(item, "morp")]
        record["tokens"] = [str(one.get("form", one.get("lemma", ""))) for one in found]
        record["tags"] = [str(one.get("label", one.get("type", ""))) for one in found]
        record["analyzer"] = "nikl"
    if "NE" in item:
        record["NE"] = item["NE"]
    return _beside(record, about)


def _utterance(item: Record, about: Record) -> Record:
    record: Record = {"id": item.get("id"), "text": str(item.get("form") or "")}
    if "speaker_id" in item:
        record["speaker"] = item["speaker_id"]
    known = ("id", "form", "speaker_id")
    rest = {key: value for key, value in flat(item).items() if key not in known}
    return _beside(record, rest | about)


def _is_aihub(row: Record) -> bool:
    if "사람문장1" in row:
        return True
    first = next(items(row, "documents"), None)
    if first is not None and any(True for _ in _sentences(first)):
        return True
    return isinstance(field(next(items(row, "data"), None), "body", "dialogue"), list)


def _aihub(row: Record) -> Iterator[Record]:
    """A document per text, per utterance of a dialogue, or per row of a workbook."""
    if "사람문장1" in row:
        said = [row[key] for key in sorted(row) if re.fullmatch(r"사람문장\d+", key)]
        yield _beside({"text": _joined(said)}, row)
    for text in items(row, "documents"):
        about = {key: value for key, value in flat(text).items() if key != "id"}
        plain = about.pop("text", None)  # of some, among others that are lists of sentences
        content = plain if isinstance(plain, str) else "\n".join(_sentences(text))
        yield _beside({"id": text.get("id"), "text": content}, about)
    for talk in items(row, "data"):
        about = flat(field(talk, "header", "dialogueInfo"))
        if (dialogue := field(talk, "header", "id")) is not None:
            about["dialogue"] = dialogue
        for one in items(field(talk, "body"), "dialogue"):
            record: Record = {"text": str(one.get("utterance") or "")}
            yield _beside(record, flat(one) | about, without=("utterance", "id"))


def _sentences(text: Record) -> Iterator[str]:
    """A line per paragraph of a text."""
    for paragraph in text.get("text") or [] if isinstance(text.get("text"), list) else []:
        found = paragraph if isinstance(paragraph, list) else [paragraph]
        sentences = [str(one["sentence"]) for one in found if field(one, "sentence")]
        if sentences:
            yield " ".join(sentences)


def _is_korquad(row: Record) -> bool:
    first = next(items(row, "data"), None)
    return field(next(items(first, "paragraphs"), None), "context") is not None


def _korquad(row: Record) -> Iterator[Record]:
    """A document per paragraph, with its questions and answers.

    The id has the number of the paragraph among those of its title, which several may have.
    """
    numbers: Counter[str] = Counter()
    for article in items(row, "data"):
        title = article.get("title")
        for paragraph in items(article, "paragraphs"):
            about = str(title or "")
            numbers[about] += 1
            asked = list(items(paragraph, "qas"))
            answers = [next(items(one, "answers"), {}).get("text") for one in asked]
            yield {
                "id": f"{about}#{numbers[about]}",
                "text": str(paragraph.get("context") or ""),
                "title": title,
                "questions": [one.get("question") for one in asked],
                "answers": answers,
            }


def _joined(forms: list[Any]) -> str:
    return "\n".join(str(form) for form in forms if form)


def _beside(record: Record, about: Record, without: tuple[str, ...] = ()) -> Record:
    """A document and what is known about it."""
    if record.get("id") is None:
        record.pop("id", None)
    rest = {key: value for key, value in about.items() if key not in without}
    return {**record, **rename_clashes(rest, record)}


def _per_row(
    shape: str,
    path: str,
    is_row: Callable[[Record], bool],
    make: Callable[[Record], Iterator[Record]],
) -> Shape:
    """A shape whose documents come from one row at a time. `path`: of what each row must have."""

    def rows(rows: Iterator[Record], name: str, reading: Reading) -> Iterator[Record]:
        for row in rows:
            if type(row) is BadRow:
                yield row
            elif is_row(row):
                yield from make(row)
            else:
                raise KorpusError(
                    _("{name} is not of the shape {shape}: nothing at {path}").format(
                        name=name, shape=shape, path=path
                    ),
                    _("--as none reads its plain rows"),
                )

    return Shape(shape, rows, is_row=is_row)


CORPORA = [
    Shape("sejong", _sejong, is_text=_is_sejong),
    _per_row("nikl", "document[]", _is_nikl, _nikl),
    _per_row("aihub", "documents[].text, data[].body.dialogue, 사람문장1", _is_aihub, _aihub),
    _per_row("korquad", "data[].paragraphs[].context", _is_korquad, _korquad),
]
