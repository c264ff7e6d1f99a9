"""The stage stopwords (불용어): tokens → fewer tokens."""

import logging
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import compress
from operator import call

from korpus.messages import _, listed, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_list,
    as_tokens,
    check_strings,
    lazily,
    split_names,
    tokenized,
    without_tree,
)
from korpus.tokens.analysis import add_step, with_analysis
from korpus.tokens.purposes import purpose_of
from korpus.tokens.stopword_rules import EXCEPTION, Rules, rules_of

logger = logging.getLogger("korpus")

_TOKENS, _REMOVED, _SHORT, _USED = "tokens", "removed", "short ", "used "
_NEGATION = "negation "
_SHOWN = 8  # entries that matched no token
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
    purpose: str | None = None,
    min_length: int = 1,
    counts: Counts | None = None,
) -> Records:
    """Remove stopwords (불용어) from tokens. Streams.

    Parameters: `words`, `add`: entries to remove, besides the shipped Korean list; `default=False`
    leaves that out. `keep`: entries to keep, which override all other rules. An entry is `word`,
    `word/TAG`, or `*/TAG` for every word of that tag; TAG is a native tag (`VV`, `Josa`) or a group
    (`verb`, `particle`). In `영*` the star stands for any characters. An entry of a list that
    begins with `!` is an exception to the list. Entries that match no token are logged at the end.
    `lists`: names of the lists that `words` come from, for `analysis`. `drop_pos`: groups and tags
    to remove entirely. `purpose`: `topics`, `keywords` or `sentiment`: removes the parts of speech
    that the method does not use (see `korpus.tokens.purposes`). `min_length`: minimum length of a
    token in characters. Negation (안, 못, 않다, 못하다, 말다, 없다, 아니다) stays against the
    shipped list and `min_length`; `add`, `words`, `drop_pos` and purposes without it remove it.
    `counts`: where to count for `log_removed`; without it the totals are logged at the end.

    Columns in: `tokens`, `tags`, `analyzer`. Out: the same columns, and `analysis` with this step
    and its options added. Documents stay, even with no tokens left; `readings` is removed.
    Raises UsageError for a bad entry, KorpusError for records without tokens.
    """
    given = tuple(as_list(words))
    added, kept, dropped = (tuple(split_names(names)) for names in (add, keep, drop_pos))
    needs = purpose_of(purpose) if purpose is not None else None
    rules = rules_of(default, (*given, *added), kept, dropped, min_length, needs)
    sources = [f"--list {_quoted(name)}" for name in lists]
    if given and not sources:
        sources = [f"--list {_number_of(given)}"]
    if not default:
        sources.insert(0, "--no-default")
    step = " ".join(["stopwords", *sources, *_options(added, kept, dropped, purpose, min_length)])
    stage = partial(_logging, rules, step)
    if counts is not None:
        stage = partial(_stopwords, rules, step, counts)
    return lazily(as_tokens(documents), lambda found: stage(tokenized(found, looked_up=True)))


def log_removed(counts: Counts, min_length: int = 1, entries: Iterable[str] = ()) -> None:
    """Log how many tokens stopwords removed, the negation that stays, and short nouns.

    Nouns of one syllable below `min_length` are named, as many are content words: 물, 암, 눈.
    `entries`: the user's own, of which those that matched no token are logged.
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
    negations = [name.removeprefix(_NEGATION) for name in counts if name.startswith(_NEGATION)]
    if negations:
        negations.sort(key=lambda form: (len(form), form))
        logger.info(
            _("negation stays: %s; --add removes a word; morph --join negation joins it"),
            listed(negations, _SHOWN),
        )
    given = dict.fromkeys(entry.removeprefix(EXCEPTION) for entry in entries)
    unused = [entry for entry in given if not counts[_USED + entry]]
    if unused and counts[_TOKENS]:
        phrases = [entry for entry in unused if len(entry.split()) > 1]
        unused.sort(key=lambda entry: entry not in phrases)  # stable
        logger.info(
            _("%s matched no token: %s"),
            plural(len(unused), "listed word"),
            listed(unused, _SHOWN),
        )
        if phrases:
            logger.info(
                _("a listed word is compared with one token at a time: a phrase never matches")
            )


def _options(
    add: tuple[str, ...],
    keep: tuple[str, ...],
    drop_pos: tuple[str, ...],
    purpose: str | None,
    min_length: int,
) -> Iterator[str]:
    """The options of this step as `analysis` records them; long lists of words by their number."""
    for option, words in (("--add", add), ("--keep", keep)):
        listed = ",".join(words)
        if words:
            is_short = len(listed) <= _LONGEST_LISTED
            yield f"{option} {_quoted(listed) if is_short else _number_of(words)}"
    if min_length != 1:
        yield f"--min-length {min_length}"
    if purpose is not None:
        yield f"--for {purpose}"
    if drop_pos:
        yield f"--drop-pos {','.join(drop_pos)}"


def _number_of(words: tuple[str, ...]) -> str:
    return f"[{len(words):,} words]"


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else shlex.quote(text)


def _logging(rules: Rules, step: str, documents: Iterable[Record]) -> Iterator[Record]:
    counts = Counts()
    yield from _stopwords(rules, step, counts, documents)
    log_removed(counts, rules.min_length, sorted(rules.given))


def _stopwords(
    rules: Rules, step: str, counts: Counts, documents: Iterable[Record]
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
                record = with_analysis(record)
            analysis = first
        kept_tags = list(compress(tags, stays))
        if "heads" in record and len(kept) < len(tokens):
            record = without_tree(record)
        record = {**record, "tokens": kept, "tags": kept_tags, "analysis": analysis}
        if "spans" in record:
            for name in ("spans", "positions"):
                if type(places := record.get(name)) is list and len(places) == len(stays):
                    record[name] = list(compress(places, stays))
        if "readings" in record:  # they have the tokens before removal
            del record["readings"]
        yield record
    counts.update(_USED + entry for entry in rules.used)
    rules.used.clear()
    counts.update(_NEGATION + form for form in rules.negated)
    rules.negated.clear()
    counts[_TOKENS] += before
    counts[_REMOVED] += before - after
