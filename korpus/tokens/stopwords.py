"""The stage stopwords (불용어): tokens → fewer tokens."""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import compress

from korpus.errors import UsageError
from korpus.records import Record, Table, as_list, plural, tokenized
from korpus.tagsets import GROUPS, KOREAN, TAGSETS, WIDER, TagSelection, base_tag, group_of

logger = logging.getLogger("korpus")

# word, word/TAG or */TAG, where TAG is a native tag or a group; the word may hold a slash itself.
_ENTRY = re.compile(rf"(?P<word>.+)/(?P<tag>[A-Za-z][A-Za-z0-9_+-]*|{'|'.join(KOREAN)})")
_ANY = "*"
_KEPT = "!"
_REMEMBERED = 1 << 18  # verdicts, so that memory does not grow with the input


def shipped_stopwords() -> list[str]:
    """The entries of the Korean stopword list that korpus ships."""
    return stopword_entries(files("korpus.data").joinpath("stopwords_ko.txt").read_text("utf-8"))


def stopword_entries(text: str) -> list[str]:
    """The entries in the text of a word list, one a line; a `#` at a line's start or after a blank
    begins a comment.
    """
    lines = (re.split(r"(?:^|\s)#", line)[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def stopwords(
    documents: Iterable[Record],
    *,
    words: Iterable[str] | None = None,
    add: str | Sequence[str] = (),
    keep: str | Sequence[str] = (),
    drop_pos: str | Sequence[str] = (),
    min_length: int = 1,
) -> Iterator[Record]:
    """Remove stopwords (불용어) from tokens. Streams.

    Parameters: `words`, `add`: entries to remove, `words` being the shipped Korean list by
    default. `keep`: entries to keep whatever else says to remove them. An entry is `word`,
    `word/TAG`, or `*/TAG` for every word of that tag; TAG is a native tag (`VV`, `Josa`) or a
    group (`verb`, `particle`); a `!` before an entry of a list makes it an exception. `drop_pos`:
    groups and tags to remove altogether. `min_length`: shortest token to keep, in characters.

    Columns in: `tokens`, `tags`, `analyzer`. Out: the same columns; documents stay, if need be
    with empty tokens. Says on the log how much was removed, and each one-syllable noun that
    `min_length` took: 물, 암 and 눈 are words too.
    Raises UsageError for a bad entry, KorpusError for records without tokens.
    """
    entries = [*(shipped_stopwords() if words is None else as_list(words)), *as_list(add)]
    drop = [_entry(entry) for entry in entries if not entry.startswith(_KEPT)]
    kept = [entry.removeprefix(_KEPT) for entry in entries if entry.startswith(_KEPT)]
    keeps = [_entry(entry) for entry in [*kept, *as_list(keep)]]
    if min_length < 0:
        raise UsageError(f"--min-length {min_length} is less than 0", "1 keeps every token")
    return _stopwords(tokenized(documents), _Rules(drop, keeps, as_list(drop_pos), min_length))


def stopword_table(entries: Iterable[tuple[str, str]]) -> Table:
    """Entries with the list each is from, as a table. Columns out: `word`, `tag`, `list`."""
    rows = [(*_entry(entry), source) for entry, source in entries]
    return Table(["word", "tag", "list"], lambda: rows)


@dataclass(frozen=True)
class _Rules:
    """What to remove: entries as (word, tag), the tag "" for any."""

    drop: list[tuple[str, str]]
    keep: list[tuple[str, str]]
    drop_pos: list[str]
    min_length: int


def _stopwords(documents: Iterator[Record], rules: _Rules) -> Iterator[Record]:
    verdicts: dict[str | None, _Verdicts] = {}
    short_nouns: Counter[str] = Counter()
    before = after = 0
    for record in documents:
        analyzer = record.get("analyzer")
        verdict = verdicts.get(analyzer)
        if verdict is None:
            verdict = verdicts[analyzer] = _Verdicts(rules, analyzer)
        tokens, tags = record["tokens"], record["tags"]
        pairs = list(zip(tokens, tags, strict=True))
        stays = list(map(verdict.__getitem__, pairs))
        if verdict.short_nouns:
            short_nouns.update(pair[0] for pair in pairs if pair in verdict.short_nouns)
        before += len(stays)
        after += sum(stays)
        kept = {"tokens": list(compress(tokens, stays)), "tags": list(compress(tags, stays))}
        record.pop("readings", None)  # they would be of the tokens before
        yield {**record, **kept}
    logger.info("removed %s of %s", f"{before - after:,}", plural(before, "token"))
    if short_nouns:
        most = ", ".join(f"{noun} {count:,}" for noun, count in short_nouns.most_common(8))
        logger.info(
            "--min-length %d removed %s of one syllable (%s …); --keep WORD,… keeps some",
            rules.min_length,
            plural(short_nouns.total(), "noun"),
            most,
        )


class _Verdicts(dict[tuple[str, str], bool]):
    """Whether a token with a tag of one analyzer stays: decided once, then looked up."""

    def __init__(self, rules: _Rules, analyzer: str | None) -> None:
        self.rules = rules
        self.analyzer = analyzer
        self.drop_pos = TagSelection(rules.drop_pos, analyzer)
        self.short_nouns: set[tuple[str, str]] = set()
        self.words = cache(self._words)

    def __missing__(self, pair: tuple[str, str]) -> bool:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[pair] = stays = self._stays(*pair)
        return stays

    def _stays(self, token: str, tag: str) -> bool:
        dropped, kept = self.words(tag)
        if token in kept or _ANY in kept:
            return True
        if token in dropped or _ANY in dropped or tag in self.drop_pos:
            return False
        if len(token) >= self.rules.min_length:
            return True
        if len(token) == 1 and group_of(tag, self.analyzer) in WIDER["noun"]:
            self.short_nouns.add((token, tag))
        return False

    def _words(self, tag: str) -> tuple[set[str], set[str]]:
        """The words to drop and those to keep of one tag."""
        group = group_of(tag, self.analyzer)
        names = {"", tag, base_tag(tag), group}
        names |= {wider for wider, groups in WIDER.items() if group in groups}
        return (
            {word for word, its_tag in self.rules.drop if its_tag in names},
            {word for word, its_tag in self.rules.keep if its_tag in names},
        )


def _entry(entry: str) -> tuple[str, str]:
    """(word, tag) of an entry; the tag is "" where it has none."""
    match = _ENTRY.fullmatch(entry)
    if match is None:
        if "," in entry.strip(","):
            logger.info("stopword %r holds a comma: a list has one word a line", entry)
        return entry, ""
    tag = KOREAN.get(match["tag"], match["tag"])
    if tag not in GROUPS and not any(base_tag(tag) in tags for tags in TAGSETS):
        raise UsageError(
            f"stopword {entry!r}: no analyzer has a part of speech (품사) {tag!r}",
            f"groups: {', '.join(GROUPS)}; or a native tag such as NNG, VV, Josa",
        )
    return match["word"], tag
