"""The stage clean: documents → the same documents with cleaner text."""

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from korpus.documents.boilerplate import Boilerplate, check_share, hashes_of, recurring
from korpus.documents.clean_rules import BOILERPLATE, Cleaner, Options, cleaner_of, labels
from korpus.documents.patterns import TooSlow
from korpus.errors import KorpusError
from korpus.messages import _, listed, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_list,
    as_records,
    lazily,
    readable_again,
    set_aside,
)

logger = logging.getLogger("korpus")

_ALL, _CHANGED, _EMPTIED, _STALE = "documents", "changed", "emptied", "with tokens"
_IN = "documents: "  # before the name of a rule
_SHOWN = 5  # pieces of boilerplate
_LONGEST = 60  # of their characters


def clean(
    documents: DocumentSource,
    *,
    column: str | None = None,
    control: bool = True,
    html: bool = True,
    spaces: bool = True,
    width: bool = False,
    boilerplate: float | Boilerplate = 0.0,
    bylines: bool = False,
    urls: str = "keep",
    emails: str = "keep",
    mentions: str = "keep",
    hashtags: str = "keep",
    mask_personal: bool = False,
    emoji: str = "keep",
    hanja: bool = False,
    repeat: int = 0,
    only_hangul: bool = False,
    pattern: str | Iterable[str] = (),
    counts: Counts | None = None,
    rejects: Callable[[Record], None] | None = None,
) -> Records:
    r"""Clean the text of documents. Streams; with a share as `boilerplate` it reads them twice.

    Parameters: `column`, that of the text. By default Unicode is composed (NFC), and these go:
    `control`, control characters, invisible ones and halves of emoji; `html`, tags and character
    references (&quot;); `spaces`, unusual and repeated spaces, and more than one blank line.
    Further: `width`, full width to half (ＡＢＣ → ABC); `boilerplate`, lines and sentences in at
    least this share of the documents (0.05), or those that `find_boilerplate` found; `bylines`,
    reporters (홍길동 기자), agencies, rights and photo credits of news; `urls` and `emails` (keep,
    remove, mask: as [URL]); `mentions` and `hashtags` (keep, remove, word: #맛집 → 맛집);
    `mask_personal`, numbers of residents, cards (Luhn), accounts, telephones, and e-mail, with
    digits as *; `emoji` (keep, remove, name: Korean names); `hanja` to Hangul (漢字 → 한자);
    `repeat`, how often a character may be repeated (2: ㅋㅋㅋㅋ → ㅋㅋ; 0: any number);
    `only_hangul`, removes all but Hangul, spaces and line ends (가.나 → 가나); `pattern`,
    REGEX=REPLACEMENT, in order, on the cleaned text. `counts`: a Counter to fill for `log_cleaned`,
    which otherwise is called at the end. `rejects`: a function called with each document that takes
    a pattern too long.

    Columns in: `id`, `text`. Out: the same; a document that becomes empty stays. Cleaning twice
    changes nothing more, but for references of references (&amp;lt;) and your patterns.
    Raises UsageError for a bad option, and, without `rejects`, KorpusError for a pattern that takes
    too long.
    """
    known = boilerplate if isinstance(boilerplate, Boilerplate) else None
    options = Options(
        control=control,
        html=html,
        spaces=spaces,
        width=width,
        boilerplate=known,
        bylines=bylines,
        urls=urls,
        emails=emails,
        mentions=mentions,
        hashtags=hashtags,
        mask_personal=mask_personal,
        emoji=emoji,
        hanja=hanja,
        repeat=repeat,
        only_hangul=only_hangul,
        patterns=tuple(as_list(pattern)),
    )
    cleaner_of(options)
    records = as_records(documents, column)
    if known is None and boilerplate:
        assert not isinstance(boilerplate, Boilerplate)
        check_share(boilerplate)
        stage = partial(_twice, options, boilerplate, counts, rejects)
    else:
        stage = partial(_counted, options, counts, rejects)
    return lazily(records, stage)


def find_boilerplate(batches: Iterable[tuple[int, bytes]], share: float) -> Boilerplate:
    """The lines and sentences in at least this share of documents; see `boilerplate_hashes`."""
    check_share(share)
    return recurring(batches, share)


def boilerplate_hashes(
    documents: Iterable[Record],
    *,
    control: bool = True,
    html: bool = True,
    spaces: bool = True,
    width: bool = False,
    counts: Counts | None = None,
) -> Iterator[tuple[int, bytes]]:
    """The first pass for boilerplate: hashes of lines and sentences, as clean will see them."""
    options = Options(control=control, html=html, spaces=spaces, width=width)
    return hashes_of(documents, prepare=cleaner_of(options).text)


def log_cleaned(counts: Counts) -> None:
    """Log what clean changed: each kind of change, and the documents."""
    for name, label in labels(counts).items():
        number, documents = counts[name], counts[_IN + name]
        if documents:
            logger.info(_("%s: %s in %s"), label, f"{number:,}", plural(documents, "document"))
    pieces = {
        name.removeprefix(BOILERPLATE): number
        for name, number in counts.items()
        if name.startswith(BOILERPLATE)
    }
    if pieces:
        often = sorted(pieces.items(), key=lambda item: (-item[1], item[0]))
        shown = (f"{_short(piece)!r} {number:,}" for piece, number in often)
        logger.info(_("boilerplate that was removed: %s"), listed(shown, _SHOWN))
    logger.info(_("changed %s of %s"), f"{counts[_CHANGED]:,}", plural(counts[_ALL], "document"))
    if counts[_EMPTIED]:
        logger.info(_("%s empty now: kept, with no text"), plural(counts[_EMPTIED], "document"))
    if counts[_STALE]:
        logger.warning(
            _("%s with tokens of the text before: clean first, then korpus morph"),
            plural(counts[_STALE], "document"),
        )


def _short(piece: str) -> str:
    piece = " ".join(piece.split())
    return piece if len(piece) <= _LONGEST else piece[:_LONGEST] + "…"


def _twice(
    options: Options,
    share: float,
    counts: Counts | None,
    rejects: Callable[[Record], None] | None,
    documents: Iterable[Record],
) -> Iterator[Record]:
    """Clean documents that have to be read twice: those of a generator are held."""
    again = readable_again(documents)
    prepare = cleaner_of(options).text
    options = options._replace(boilerplate=recurring(hashes_of(again, prepare=prepare), share))
    yield from _counted(options, counts, rejects, again)


def _counted(
    options: Options,
    counts: Counts | None,
    rejects: Callable[[Record], None] | None,
    documents: Iterable[Record],
) -> Iterator[Record]:
    own = Counts() if counts is None else counts
    yield from _cleaned(cleaner_of(options), own, rejects, documents)
    if counts is None:
        log_cleaned(own)


def _cleaned(
    cleaner: Cleaner,
    counts: Counts,
    rejects: Callable[[Record], None] | None,
    documents: Iterable[Record],
) -> Iterator[Record]:
    number = 0
    is_clean, apply = cleaner.is_clean, cleaner.apply
    try:
        for record in documents:
            number += 1
            text = record.get("text")
            if type(text) is not str:
                raise KorpusError(
                    _("document {id!r} has no text to clean").format(id=record.get("id")),
                    _("if it was removed with --drop-text, start from the original documents"),
                )
            if is_clean(text):
                yield record
                continue
            found = Counts()
            try:
                new = apply(text, found)
            except TooSlow as error:
                reason = _("the pattern {pattern!r} takes too long").format(pattern=str(error))
                (rejects or _refuse)(set_aside(record, "slow", reason))
                continue
            if new == text:
                yield record
                continue
            counts[_CHANGED] += 1
            counts[_EMPTIED] += not new
            counts[_STALE] += "tokens" in record
            for name in found:
                if not name.startswith(BOILERPLATE):
                    counts[_IN + name] += 1
            counts.update(found)
            yield {**record, "text": new}
    finally:
        counts[_ALL] += number


def _refuse(record: Record) -> None:
    message = _("document {id!r}: {reason}")
    raise KorpusError(
        message.format(id=record["id"], reason=record["reason"]),
        _("one repeat inside another, as in (a+)+, takes time that doubles with each character"),
    )
