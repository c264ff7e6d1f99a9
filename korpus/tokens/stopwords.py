"""The stage stopwords (불용어): tokens → fewer tokens."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import compress
from operator import call

from korpus.errors import UsageError
from korpus.messages import plural
from korpus.records import Counts, Record, Table, as_list, check_strings, tokenized
from korpus.tagsets import GROUPS, KOREAN, TAGSETS, WIDER, TagSelection, base_tag, group_of

logger = logging.getLogger("korpus")

# word, word/TAG or */TAG, where TAG is a native tag or a group; the word may hold a slash itself.
_ENTRY = re.compile(rf"(?P<word>.+)/(?P<tag>[A-Za-z][A-Za-z0-9_+-]*|{'|'.join(KOREAN)})")
_ANY = "*"
_KEPT = "!"
_REMEMBERED = 1 << 16  # verdicts of a tag, so that memory does not grow with the input
_TOKENS, _REMOVED, _SHORT = "tokens", "removed", "short "


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
    counts: Counts | None = None,
) -> Iterator[Record]:
    """Remove stopwords (불용어) from tokens. Streams.

    Parameters: `words`, `add`: entries to remove, `words` being the shipped Korean list by
    default. `keep`: entries to keep whatever else says to remove them. An entry is `word`,
    `word/TAG`, or `*/TAG` for every word of that tag; TAG is a native tag (`VV`, `Josa`) or a
    group (`verb`, `particle`); a `!` before an entry of a list makes it an exception. `drop_pos`:
    groups and tags to remove altogether. `min_length`: shortest token to keep, in characters.
    `counts`, where to count what `log_removed` says, which is said at the end without it.

    Columns in: `tokens`, `tags`, `analyzer`. Out: the same columns; documents stay, if need be
    with empty tokens.
    Raises UsageError for a bad entry, KorpusError for records without tokens.
    """
    entries = (*(shipped_stopwords() if words is None else as_list(words)), *as_list(add))
    rules = _rules(entries, tuple(as_list(keep)), tuple(as_list(drop_pos)), min_length)
    if counts is not None:
        return _stopwords(tokenized(documents, looked_up=True), rules, counts)
    return _saying(tokenized(documents, looked_up=True), rules)


def log_removed(counts: Counts, min_length: int = 1) -> None:
    """Say on the log how much stopwords removed, and which nouns of one syllable were shorter than
    `min_length`: 물, 암 and 눈 are words too.
    """
    logger.info("removed %s of %s", f"{counts[_REMOVED]:,}", plural(counts[_TOKENS], "token"))
    nouns = Counter(
        {name[len(_SHORT) :]: n for name, n in counts.items() if name.startswith(_SHORT)}
    )
    if nouns:
        # By their letters where they are equally many, as workers count them in any order.
        first = sorted(nouns.items(), key=lambda item: (-item[1], item[0]))[:8]
        logger.info(
            "--min-length %d removed %s of one syllable (%s …); --keep WORD,… keeps some",
            min_length,
            plural(nouns.total(), "noun"),
            ", ".join(f"{noun} {count:,}" for noun, count in first),
        )


def stopword_table(entries: Iterable[tuple[str, str]]) -> Table:
    """Entries with the list each is from, as a table. Columns out: `word`, `tag`, `list`."""
    rows = [(*_entry(entry), source) for entry, source in entries]
    return Table(["word", "tag", "list"], lambda: rows)


@lru_cache(maxsize=1)  # a worker asks for every batch
def _rules(
    entries: tuple[str, ...], keep: tuple[str, ...], drop_pos: tuple[str, ...], min_length: int
) -> "_Rules":
    drop = [_entry(entry) for entry in entries if not entry.startswith(_KEPT)]
    kept = [entry.removeprefix(_KEPT) for entry in entries if entry.startswith(_KEPT)]
    if min_length < 0:
        raise UsageError(f"--min-length {min_length} is less than 0", "1 keeps every token")
    return _Rules(drop, [_entry(entry) for entry in (*kept, *keep)], drop_pos, min_length)


class _Rules:
    """What to remove: entries as (word, tag), the tag "" for any; and verdicts by analyzer."""

    def __init__(
        self,
        drop: list[tuple[str, str]],
        keep: list[tuple[str, str]],
        drop_pos: tuple[str, ...],
        min_length: int,
    ) -> None:
        self.drop = drop
        self.keep = keep
        self.drop_pos = drop_pos
        self.min_length = min_length
        self.of_analyzer = cache(partial(_Tags, self))


def _saying(documents: Iterator[Record], rules: _Rules) -> Iterator[Record]:
    counts = Counts()
    yield from _stopwords(documents, rules, counts)
    log_removed(counts, rules.min_length)


def _stopwords(documents: Iterator[Record], rules: _Rules, counts: Counts) -> Iterator[Record]:
    before = after = 0
    for record in documents:
        of_tag = rules.of_analyzer(record.get("analyzer"))
        tokens, tags = record["tokens"], record["tags"]
        try:
            stays = list(map(call, map(of_tag.__getitem__, tags), tokens))
        except TypeError:
            check_strings(record)
            raise
        if of_tag.short_nouns:
            pairs = zip(tokens, tags, strict=True)
            counts.update(_SHORT + pair[0] for pair in pairs if pair in of_tag.short_nouns)
        kept = list(compress(tokens, stays))
        before += len(tokens)
        after += len(kept)
        record = {**record, "tokens": kept, "tags": list(compress(tags, stays))}
        if "readings" in record:  # they would be of the tokens before
            del record["readings"]
        yield record
    counts[_TOKENS] += before
    counts[_REMOVED] += before - after


class _Tags(dict[str, Callable[[str], bool | int]]):
    """For each tag of one analyzer, what tells whether a token stays."""

    def __init__(self, rules: _Rules, analyzer: str | None) -> None:
        self.rules = rules
        self.analyzer = analyzer
        self.drop_pos = TagSelection(rules.drop_pos, analyzer)
        self.short_nouns: set[tuple[str, str]] = set()

    def __missing__(self, tag: str) -> Callable[[str], bool | int]:
        if type(tag) is not str:
            raise TypeError
        group = group_of(tag, self.analyzer)
        names = {"", tag, base_tag(tag), group}
        names |= {wider for wider, groups in WIDER.items() if group in groups}
        dropped = {word for word, its_tag in self.rules.drop if its_tag in names}
        kept = {word for word, its_tag in self.rules.keep if its_tag in names}
        whole = tag in self.drop_pos or _ANY in dropped

        def stays(token: str) -> bool:
            if token in kept or _ANY in kept:
                return True
            if token in dropped or whole:
                return False
            if len(token) >= self.rules.min_length:
                return True
            if len(token) == 1 and group in WIDER["noun"]:
                self.short_nouns.add((token, tag))
            return False

        nothing: list[str] = []
        # An empty list counts 0 of any token, which takes no look-up.
        self[tag] = nothing.count if whole and not kept else _Verdicts(stays).__getitem__
        return self[tag]


class _Verdicts(dict[str, bool]):
    """Whether a token of one tag stays: decided once, then looked up."""

    def __init__(self, stays: Callable[[str], bool]) -> None:
        self.stays = stays

    def __missing__(self, token: str) -> bool:
        if type(token) is not str:
            raise TypeError
        if len(self) >= _REMEMBERED:
            self.clear()
        self[token] = stays = self.stays(token)
        return stays


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
