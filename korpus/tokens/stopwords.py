"""The stage stopwords (불용어): tokens → fewer tokens."""

import logging
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import compress
from operator import call

from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_list,
    as_tokens,
    check_strings,
    lazily,
    rename_clashes,
    split_names,
    tokenized,
)
from korpus.tagsets import (
    NEVER,
    WIDER,
    FormDecisions,
    TagSelection,
    base_tag,
    group_by_form,
    group_of,
    groups_of,
)
from korpus.tokens.analysis import add_step
from korpus.tokens.stopword_lists import shipped, split_entry

logger = logging.getLogger("korpus")

_ANY = "*"
_EXCEPTION = "!"
_TOKENS, _REMOVED, _SHORT = "tokens", "removed", "short "
_LONGEST_LISTED = 80  # characters of --add and --keep in the column `analysis`
_PLAIN = re.compile(r"[^\s|'\"\\]+")


def stopwords(
    documents: DocumentSource,
    *,
    words: Iterable[str] = (),
    lists: Sequence[str] = (),
    default: bool = True,
    add: str | Sequence[str] = (),
    keep: str | Sequence[str] = (),
    drop_pos: str | Sequence[str] = (),
    min_length: int = 1,
    counts: Counts | None = None,
) -> Records:
    """Remove stopwords (불용어) from tokens. Streams.

    Parameters: `words`, `add`: entries to remove, besides the shipped Korean list; `default=False`
    leaves that out. `keep`: entries to keep, which override all other rules. An entry is `word`,
    `word/TAG`, or `*/TAG` for every word of that tag; TAG is a native tag (`VV`, `Josa`) or a group
    (`verb`, `particle`). An entry of a list that begins with `!` is an exception to the list.
    `lists`: names of the lists that `words` come from, for `analysis`. `drop_pos`: groups and tags
    to remove entirely. `min_length`: minimum length of a token in characters. `counts`: where to
    count for `log_removed`; without it the totals are logged at the end.

    Columns in: `tokens`, `tags`, `analyzer`. Out: the same columns, and `analysis` with this step
    and its options added. Documents stay, even with no tokens left; `readings` is removed.
    Raises UsageError for a bad entry, KorpusError for records without tokens.
    """
    given = tuple(as_list(words))
    entries = (*(shipped() if default else ()), *given)
    added, kept, dropped = (tuple(split_names(names)) for names in (add, keep, drop_pos))
    rules = _rules((*entries, *added), kept, dropped, min_length)
    sources = [f"--list {_quoted(name)}" for name in lists]
    if given and not sources:
        sources = [f"--list {_number_of(given)}"]
    if not default:
        sources.insert(0, "--no-default")
    step = " ".join(["stopwords", *sources, *_options(added, kept, dropped, min_length)])
    stage = partial(_logging, rules, step)
    if counts is not None:
        stage = partial(_stopwords, rules, step, counts)
    return lazily(as_tokens(documents), lambda found: stage(tokenized(found, looked_up=True)))


def log_removed(counts: Counts, min_length: int = 1) -> None:
    """Log how many tokens stopwords removed, and the one-syllable nouns below `min_length`.

    Such nouns are named because many are content words: 물, 암, 눈.
    """
    logger.info(_("removed %s of %s"), f"{counts[_REMOVED]:,}", plural(counts[_TOKENS], "token"))
    nouns = Counter(
        {name[len(_SHORT) :]: n for name, n in counts.items() if name.startswith(_SHORT)}
    )
    if nouns:
        # Ties in alphabetical order, as workers count in any order.
        first = sorted(nouns.items(), key=lambda item: (-item[1], item[0]))[:8]
        logger.info(
            _("--min-length %d removed %s of one syllable (%s …); --keep WORD,… keeps some"),
            min_length,
            plural(nouns.total(), "noun"),
            ", ".join(f"{noun} {count:,}" for noun, count in first),
        )


def _options(
    add: tuple[str, ...], keep: tuple[str, ...], drop_pos: tuple[str, ...], min_length: int
) -> Iterator[str]:
    """The options of this step as `analysis` records them; long lists of words by their number."""
    for option, words in (("--add", add), ("--keep", keep)):
        listed = ",".join(words)
        if words:
            is_short = len(listed) <= _LONGEST_LISTED
            yield f"{option} {_quoted(listed) if is_short else _number_of(words)}"
    if min_length != 1:
        yield f"--min-length {min_length}"
    if drop_pos:
        yield f"--drop-pos {','.join(drop_pos)}"


def _number_of(words: tuple[str, ...]) -> str:
    return f"[{len(words):,} words]"


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else shlex.quote(text)


@lru_cache(maxsize=1)  # a worker asks for the same rules with every batch
def _rules(
    entries: tuple[str, ...], keep: tuple[str, ...], drop_pos: tuple[str, ...], min_length: int
) -> "_Rules":
    drop = [split_entry(entry) for entry in entries if not entry.startswith(_EXCEPTION)]
    kept = [entry.removeprefix(_EXCEPTION) for entry in entries if entry.startswith(_EXCEPTION)]
    if min_length < 0:
        raise UsageError(
            _("{option} {value} is less than 0").format(option="--min-length", value=min_length),
            _("1 keeps every token"),
        )
    return _Rules(drop, [split_entry(entry) for entry in (*kept, *keep)], drop_pos, min_length)


class _Rules:
    """What to remove and keep: entries as (word, tag), with tag "" for any tag.

    `decisions`: the tag decisions of each analyzer.
    """

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
        self.decisions = cache(partial(_TagDecisions, self))


def _logging(rules: _Rules, step: str, documents: Iterable[Record]) -> Iterator[Record]:
    counts = Counts()
    yield from _stopwords(rules, step, counts, documents)
    log_removed(counts, rules.min_length)


def _stopwords(
    rules: _Rules, step: str, counts: Counts, documents: Iterable[Record]
) -> Iterator[Record]:
    before = after = 0
    first = add_step(None, step)
    for record in documents:
        decisions = rules.decisions(record.get("analyzer"))
        tokens, tags = record["tokens"], record["tags"]
        try:
            stays = list(map(call, map(decisions.__getitem__, tags), tokens))
        except TypeError:
            check_strings(record)
            raise
        if decisions.short_nouns:
            pairs = zip(tokens, tags, strict=True)
            counts.update(_SHORT + pair[0] for pair in pairs if pair in decisions.short_nouns)
        kept = list(compress(tokens, stays))
        before += len(tokens)
        after += len(kept)
        analysis = record.get("analysis")
        if type(analysis) is str:
            analysis = add_step(analysis, step)
        else:
            if analysis is not None or next(reversed(record)) != "analyzer":
                record = _with_analysis(record)
            analysis = first
        kept_tags = list(compress(tags, stays))
        record = {**record, "tokens": kept, "tags": kept_tags, "analysis": analysis}
        if "readings" in record:  # they have the tokens before removal
            del record["readings"]
        yield record
    counts[_TOKENS] += before
    counts[_REMOVED] += before - after


def _with_analysis(record: Record) -> Record:
    """The record with an empty `analysis` after `analyzer`, or at the end if it has none.

    A column of the user's with that name is renamed.
    """
    if record.get("analysis") is not None:
        record = rename_clashes(record, ("analysis",))
    if "analysis" in record or "analyzer" not in record:
        return record
    ordered: Record = {}
    for key, value in record.items():
        ordered[key] = value
        if key == "analyzer":
            ordered["analysis"] = None
    return ordered


class _TagDecisions(dict[str, Callable[[str], bool | int]]):
    """For each tag of one analyzer, the function that decides whether a token stays."""

    def __init__(self, rules: _Rules, analyzer: str | None) -> None:
        self.rules = rules
        self.analyzer = analyzer
        self.drop_pos = TagSelection(rules.drop_pos, analyzer)
        self.short_nouns: set[tuple[str, str]] = set()

    def __missing__(self, tag: str) -> Callable[[str], bool | int]:
        if type(tag) is not str:
            raise TypeError
        rules = {group: self._rule(tag, group) for group in groups_of(tag, self.analyzer)}
        own = group_of(tag, self.analyzer)

        def stays(token: str) -> bool:
            group = own if len(rules) == 1 else group_by_form(token) or own
            dropped, kept, drops_all = rules[group]
            if token in kept or _ANY in kept:
                return True
            if token in dropped or drops_all:
                return False
            if len(token) >= self.rules.min_length:
                return True
            if len(token) == 1 and group in WIDER["noun"]:
                self.short_nouns.add((token, tag))
            return False

        drops_every = all(drops_all and not kept for _dropped, kept, drops_all in rules.values())
        self[tag] = NEVER if drops_every else FormDecisions(stays).__getitem__
        return self[tag]

    def _rule(self, tag: str, group: str) -> tuple[set[str], set[str], bool]:
        """Words to remove, words to keep, and whether all others go, for one tag and group."""
        names = {"", tag, base_tag(tag), group}
        names |= {wider for wider, groups in WIDER.items() if group in groups}
        dropped = {word for word, its_tag in self.rules.drop if its_tag in names}
        kept = {word for word, its_tag in self.rules.keep if its_tag in names}
        return dropped, kept, self.drop_pos.selects(tag, group) or _ANY in dropped
