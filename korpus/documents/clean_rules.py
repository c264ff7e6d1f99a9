"""The rules of clean, in their order, and how they are applied until nothing changes."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple
from unicodedata import is_normalized, normalize

from korpus.checks import check_choice
from korpus.documents import boilerplate, news, patterns, personal, pictographs, repeats, web
from korpus.documents.boilerplate import Boilerplate
from korpus.documents.characters import (
    CONTROL,
    FILLER,
    HALF,
    INVISIBLE,
    LINE_END,
    MARKS,
    MORE_SUSPECTS,
    OTHER_WIDTH,
    SPACE,
    SUSPECTS,
    usual_width,
)
from korpus.documents.hanja import in_hangul
from korpus.documents.letters import FILLER as LETTER_FILLER
from korpus.documents.letters import filled, mend_lone
from korpus.documents.markup import without_references, without_tags
from korpus.messages import _
from korpus.records import Counts

Apply = Callable[[str], tuple[str, int]]

BOILERPLATE = "boilerplate: "  # before a removed piece, in counts
_PATTERN = "--pattern "
_ROUNDS = 20  # only made-up text, such as <b<b<b>>>, takes more than three
_SUSPECT = re.compile(f"[{SUSPECTS}{MORE_SUSPECTS}]")
_HTML = re.compile("[<&]")
_PARTS = re.compile("[\u1100-\u11ff]")
_OTHER = re.compile("[^ㄱ-ㅎㅏ-ㅣ가-힣 \n]+")
_BLANKS = re.compile("(?:^[ \n]+|[ \n]+\\Z|(?<! ) *+\n[ \n]*|  +)")


class Options(NamedTuple):
    """The options of clean, see there."""

    control: bool = True
    html: bool = True
    spaces: bool = True
    width: bool = False
    boilerplate: Boilerplate | None = None
    bylines: bool = False
    urls: str = "keep"
    emails: str = "keep"
    mentions: str = "keep"
    hashtags: str = "keep"
    mask_personal: bool = False
    emoji: str = "keep"
    hanja: bool = False
    repeat: int = 0
    only_hangul: bool = False
    patterns: tuple[str, ...] = ()


class Cleaner:
    """Applies rules in order, again and again until none changes the text."""

    def __init__(self, options: Options) -> None:
        self.pieces = Counts()
        self.once: list[tuple[str, Apply]] = []
        if options.html:
            self.once.append(("references", without_references))
        self.rules = list(_rules(options, self.pieces))
        self.patterns = [(_PATTERN + one, patterns.rule(one)) for one in options.patterns]
        usual = Options()._replace(**{name: getattr(options, name) for name in _QUICK})
        self.looks = not options.spaces, not options.html
        self.is_clean = self._is_clean if options == usual else _never

    def text(self, text: str) -> str:
        """The cleaned text, uncounted."""
        return text if self.is_clean(text) else self.apply(text, Counts())

    def apply(self, text: str, counts: Counts) -> str:
        """The cleaned text. Adds to `counts` how much each rule changed. Raises TooSlow."""
        text = _applied(self.once, text, counts)
        text = self._until_unchanged(text, counts)
        if self.patterns:
            before, text = text, _applied(self.patterns, text, counts)
            text = text if text == before else self._until_unchanged(text, counts)
        if self.pieces:
            counts.update({BOILERPLATE + piece: number for piece, number in self.pieces.items()})
            self.pieces.clear()
        return text

    def _until_unchanged(self, text: str, counts: Counts) -> str:
        for _round in range(_ROUNDS):
            before, text = text, _applied(self.rules, text, counts)
            if text == before:
                break
        return text

    def _is_clean(self, text: str) -> bool:
        """Whether the usual rules find nothing: a quick look, as most texts are clean."""
        no_spaces, no_html = self.looks
        return (
            is_normalized("NFC", text)
            and (no_html or not _HTML.search(text))
            and not _SUSPECT.search(text)
            and (no_spaces or not _has_blanks(text))
        )


_QUICK = ("control", "html", "spaces")


@lru_cache(maxsize=4)  # a worker asks for the same with every batch
def cleaner_of(options: Options) -> Cleaner:
    """The rules of options. Raises UsageError for a bad one."""
    return Cleaner(options)


def labels(counts: Counts) -> dict[str, str]:
    """The names of the rules for messages, in order."""
    found = {
        "composed": _("letters that were not composed (NFC)"),
        "references": _("HTML character references"),
        "tags": _("HTML tags"),
        "control": _("control and invisible characters"),
        "width": _("characters of full width"),
        "boilerplate": _("boilerplate"),
        "bylines": _("bylines and notes of news"),
        "urls": _("URLs"),
        "emails": _("e-mail addresses"),
        "mentions": _("mentions"),
        "hashtags": _("hashtags"),
        "resident": _("resident registration numbers, masked"),
        "card": _("card numbers, masked"),
        "account": _("account numbers, masked"),
        "telephone": _("telephone numbers, masked"),
        "mail": _("e-mail addresses, masked"),
        "emoji": _("emoji"),
        "hanja": _("words in hanja"),
        "repeats": _("repeated characters"),
        "other": _("pieces other than Hangul"),
        "spaces": _("spaces and line ends"),
    }
    return found | {name: name for name in counts if name.startswith(_PATTERN)}


def _rules(options: Options, pieces: Counts) -> Iterator[tuple[str, Apply]]:
    yield "composed", _composed
    if options.html:
        yield "tags", lambda text: without_tags(text) if "<" in text else (text, 0)
    if options.spaces:
        yield "spaces", _usual_spaces
    if options.control:
        yield "control", _without_control
    if options.width:
        yield "width", _of_usual_width
    if options.spaces:
        yield "spaces", _without_blanks
    if options.boilerplate is not None:
        yield "boilerplate", boilerplate.rule(options.boilerplate, pieces)
    if options.bylines:
        yield "bylines", news.without_bylines
    for kind, allowed in web.CHOICES.items():
        if _choice(kind, getattr(options, kind), allowed):
            yield kind, web.rule(kind, getattr(options, kind))
    if options.mask_personal:
        yield from personal.rules()
    if _choice("emoji", options.emoji, pictographs.CHOICES):
        yield "emoji", pictographs.rule(options.emoji)
    if options.hanja:
        yield "hanja", in_hangul
    if options.repeat:
        yield "repeats", repeats.rule(options.repeat)
    if options.only_hangul:
        yield "other", lambda text: _OTHER.subn("", text)
    if options.spaces:  # those that are left where something was removed are not counted
        yield "spaces", lambda text: (_without_blanks(text)[0], 0)


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> bool:
    """Whether something is to be done. Raises UsageError for an unknown choice."""
    check_choice(f"--{name}", value, allowed)
    return value != "keep"


def _applied(rules: list[tuple[str, Apply]], text: str, counts: Counts) -> str:
    for name, apply in rules:
        text, number = apply(text)
        if number:
            counts[name] += number
    return text


def _never(text: str) -> bool:
    return False


def _composed(text: str) -> tuple[str, int]:
    new = text if is_normalized("NFC", text) else normalize("NFC", text)
    if _PARTS.search(new):
        new = mend_lone(new)
    if LETTER_FILLER in new:
        new = filled(new)
    return new, int(new != text)


def _usual_spaces(text: str) -> tuple[str, int]:
    text, ends = LINE_END.subn("\n", text)
    text, spaces = SPACE.subn(" ", text)
    return text, ends + spaces


def _without_control(text: str) -> tuple[str, int]:
    if not _SUSPECT.search(text):
        return text, 0
    number = 0
    for pattern, replacement in (
        (HALF, ""),
        (CONTROL, ""),
        (INVISIBLE, ""),
        (MARKS, ""),
        (FILLER, " "),
    ):
        text, more = pattern.subn(replacement, text)
        number += more
    return text, number


def _of_usual_width(text: str) -> tuple[str, int]:
    number = len(OTHER_WIDTH.findall(text))
    return (usual_width(text), number) if number else (text, 0)


def _has_blanks(text: str) -> bool:
    return (
        "  " in text
        or " \n" in text
        or "\n " in text
        or "\n\n\n" in text
        or text[:1] in (" ", "\n")
        or text[-1:] in (" ", "\n")
    )


def _without_blanks(text: str) -> tuple[str, int]:
    if not text or not _has_blanks(text):
        return text, 0
    number = 0

    def fewer(found: re.Match[str]) -> str:
        nonlocal number
        blanks = found[0]
        if found.start() == 0 or found.end() == len(text):
            new = ""
        else:
            new = "\n" * min(blanks.count("\n"), 2) or " "
        number += new != blanks
        return new

    return _BLANKS.sub(fewer, text), number
