"""The word table (단어표): words to keep whole, to merge and to remove."""

import hashlib
from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from typing import Any, Final, NamedTuple

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record
from korpus.tagsets import group_named

_HEADINGS: Final = {
    "form": ("form", "word", "단어"),
    "tag": ("tag", "품사"),
    "score": ("score", "점수"),
    "becomes": ("becomes", "대표어"),
    "drop": ("drop", "제거"),
}
_YES = {"1", "1.0", "o", "x", "y", "yes", "true", "t", "예", "제거", "✓"}
_YES_OR_NO = _YES | {"", "0", "0.0", "n", "no", "false", "f", "아니오", "nan", "none"}
_BETWEEN_TERMS = "+"  # in becomes: one term into several


class Word(NamedTuple):
    """A row of the table.

    `form`: the word, or a phrase with single spaces. `tag`: a group (`noun`) or a tag of any
    analyzer; empty: a proper noun. `score`: how strongly kiwi prefers it. `becomes`: the terms that
    replace it. `drop`: whether it is removed.
    """

    form: str
    tag: str = ""
    score: float = 0.0
    becomes: tuple[str, ...] = ()
    drop: bool = False

    @property
    def is_kept_whole(self) -> bool:
        """Whether its letters become one token; else only tokens that are there are changed.

        A form in -다 without a tag that is merged or dropped is the dictionary form of a verb.
        """
        if self.tag:
            return group_named(self.tag) not in ("verb", "adjective", "auxiliary")
        return not (self.form.endswith("다") and (self.becomes or self.drop))


def is_hangul(form: str) -> bool:
    """Whether a form has nothing but syllables of Hangul and spaces."""
    return all("가" <= char <= "힣" or char == " " for char in form)


class WordTable:
    """Checked rows. Equal tables are equal objects, so that a loaded analyzer can be kept."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.words = tuple(words)
        content = repr([tuple(word) for word in self.words]).encode()
        self.digest = hashlib.sha256(content).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WordTable) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def whole(self) -> frozenset[str]:
        """The forms that are kept whole."""
        return frozenset(word.form for word in self.words if word.is_kept_whole)

    @cached_property
    def longer(self) -> dict[str, list[str]]:
        """Each form that occurs in longer forms, with these in the order of the table."""
        forms = {word.form for word in self.words}
        lengths = set(map(len, forms))
        found: dict[str, list[str]] = {}
        for form in (word.form for word in self.words):
            shorter = [n for n in lengths if n < len(form)]
            parts = {form[at : at + n] for n in shorter for at in range(len(form) - n + 1)}
            for part in parts & forms:
                found.setdefault(part, []).append(form)
        return found


def word_table(rows: Iterable[Record]) -> WordTable:
    """Make a word table of rows with `form` and perhaps `tag`, `score`, `becomes`, `drop`.

    Korean headings (단어, 품사, 점수, 대표어, 제거) mean the same; other columns are ignored.
    `becomes` may be several terms, as in 인공+지능. Raises KorpusError for a table
    without words, and, with the number of the row, for a form that is missing, given twice or on
    two lines, an unknown tag, a score that is no number, and for terms that become other terms in
    a chain or a circle.
    """
    words: dict[str, Word] = {}
    numbers: dict[str, int] = {}
    listed = list(rows)
    columns = _columns(dict.fromkeys(chain.from_iterable(listed))) if listed else {}
    for number, row in enumerate(listed, 1):
        word = _word({name: row.get(heading) for name, heading in columns.items()}, number)
        if word is None:
            continue
        if word.form in words:
            message = _("word table, row {number}: {form!r} is in row {first} already")
            raise KorpusError(
                message.format(number=number, form=word.form, first=numbers[word.form]),
                _("keep one of the two rows"),
            )
        words[word.form], numbers[word.form] = word, number
    if not words:
        hint = _("write one word per row in the column form (단어)")
        raise KorpusError(_("the word table has no words"), hint)
    for word in words.values():
        _check_chain(word, words, numbers[word.form])
    return WordTable(words.values())


def _columns(row: Iterable[str]) -> dict[str, str]:
    """The heading of each column of ours."""
    found = {}
    for name, headings in _HEADINGS.items():
        heading = next((key for key in row if str(key).strip().lower() in headings), None)
        if heading is not None:
            found[name] = heading
    if "form" not in found and list(row) == ["text"]:  # a list of words, one per line
        found["form"] = "text"
    if "form" not in found:
        hint = _("its columns are {names}; one has to be form or 단어 (are the tabs missing?)")
        raise KorpusError(
            _("the word table has no column 'form'"), hint.format(names=", ".join(map(str, row)))
        )
    return found


def _word(row: dict[str, Any], number: int) -> Word | None:
    """The word of a row; None for a blank row."""
    cells = {name: "" if value is None else str(value) for name, value in row.items()}
    form = cells["form"].strip()
    if not form:
        if any(value.strip() for value in cells.values()):
            raise _bad_row(number, _("no form"), _("give each row a word in the column form"))
        return None
    if "\n" in form or "\r" in form:
        raise _bad_row(number, _("{form!r} is on two lines").format(form=form[:30]), None)
    tag = cells.get("tag", "").strip()
    if tag and group_named(tag) is None:
        hint = _("give a group (noun, propernoun, 명사, 고유명사 …) or a tag such as NNG")
        raise _bad_row(number, _("unknown tag {tag!r}").format(tag=tag), hint)
    score = cells.get("score", "").strip()
    try:
        value = float(score or 0)
    except ValueError:
        raise _bad_row(
            number, _("score {score!r} is not a number").format(score=score), None
        ) from None
    dropped = cells.get("drop", "").strip().lower()
    if dropped not in _YES_OR_NO:
        hint = _("write 1 or o for yes; leave it empty for no")
        raise _bad_row(number, _("drop is {value!r}").format(value=dropped), hint)
    becomes = cells.get("becomes", "")
    terms = map(str.strip, becomes.split(_BETWEEN_TERMS)) if becomes else ()
    listed = tuple(term for term in terms if term)
    if listed and dropped in _YES:
        raise _bad_row(number, _("it both becomes a term and is dropped"), None)
    return Word(" ".join(form.split()), tag, value, listed, dropped in _YES)


def _check_chain(word: Word, words: dict[str, Word], number: int) -> None:
    """Raises KorpusError if what a word becomes becomes something else."""
    for term in word.becomes:
        after = words.get(term)
        if term == word.form and len(word.becomes) == 1:
            raise _bad_row(number, _("{form!r} becomes itself").format(form=term), None)
        if after and after.form != word.form and (after.becomes or after.drop):
            next_term = "+".join(after.becomes) or _("removed")
            reason = _("{form!r} becomes {term!r}, which becomes {next!r}")
            raise _bad_row(
                number,
                reason.format(form=word.form, term=term, next=next_term),
                _("name the last term in both rows"),
            )


def _bad_row(number: int, reason: str, hint: str | None) -> KorpusError:
    return KorpusError(
        _("word table, row {number}: {reason}").format(number=number, reason=reason), hint
    )
