"""The stage words_learn (신조어): documents → a table of words that the analyzers may not know."""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from korpus.analyzers.table import load
from korpus.analyzers.words.candidates import (
    Scores,
    cohesive_words,
    is_unknown,
    kiwi_words,
    noun_compounds,
)
from korpus.analyzers.words.eojeols import Eojeols, occurrences, ranges
from korpus.checks import check_choice, check_least
from korpus.documents import Gate, changes
from korpus.documents.texts import text_of
from korpus.messages import _, plural
from korpus.records import DocumentSource, Record, Row, Table, as_records, set_aside, split_names

logger = logging.getLogger("korpus")

METHODS = ("kiwi", "cohesion", "nouns")
COLUMNS = [
    *("form", "tag", "score", "becomes", "drop"),
    *("methods", "count", "df", "cohesion", "left_entropy", "right_entropy", "contexts"),
]
_PORTION = 1 << 20  # characters that are counted at once
_MOST = 100_000_000  # characters that are read
_MOST_FOR_KIWI = 3_000_000  # it takes three quarters of a minute
_FRAGMENT = 0.9  # share of the occurrences of a form that are in a longer one
_AROUND = 12  # characters of context on each side
_CONTEXTS = 2
_COMMON = {"NNG", "XSN"}  # tags of the last part of a common noun


@dataclass(frozen=True)
class Candidate:
    """A candidate. `score`: 0 to 1. `count`: eojeols that begin with it."""

    form: str
    tag: str
    score: float
    count: int
    methods: str


def words_learn(
    documents: DocumentSource,
    *,
    column: str | None = None,
    method: str | Sequence[str] = METHODS,
    min_count: int = 10,
    top: int = 500,
    rejects: Callable[[Record], None] | None = None,
) -> Table:
    """Find candidates for new words (신조어), as a word table to edit. Needs the whole input.

    Parameters: `documents`, `column`, see `morph`; `method`, where candidates come from, one or
    several of `kiwi` (its `extract_words`), `cohesion` (strings that begin eojeols, by cohesion and
    by branching entropy, Jin & Tanaka-Ishii 2006) and `nouns` (nouns of mecab that occur together,
    by normalised PMI, Bouma 2009); `min_count`, the fewest eojeols that begin with a candidate;
    `top`, the number of candidates to return; `rejects`, a function called with each document that
    has unpaired surrogates, as in `morph`, without which it is only counted.

    What mecab keeps as one token is no candidate, nor is a form nine tenths of whose occurrences
    are in a longer candidate. Holds the different eojeols as an array and the texts, up to
    100 million characters, of which kiwi takes three million, evenly spread.

    Columns in: `text`. Out, best first: `form`, `tag`, `score` (0 to 1, the mean of the scores of
    the chosen methods), `becomes` and `drop` (empty, to fill in), which `morph` takes as `words`;
    and `methods`, `count` (eojeols that begin with it), `df` (documents with these), `cohesion`
    (c(x1…xn) / c(x1)) ^ (1 / (n-1)), `left_entropy` (of the character before it, wherever it
    is, in nats; a space is one), `right_entropy` (of the one after it, where it begins an eojeol)
    and `contexts` (two examples).
    """
    chosen = _methods(method)
    for option, value in (("--min-count", min_count), ("--top", top)):
        check_least(option, value, 1)
    portions: list[list[str]] = []
    eojeols = Eojeols()
    for texts in _portions(as_records(documents, column), rejects):
        portions.append(texts)
        eojeols.add(texts)
    eojeols.merge()
    if eojeols.cut:
        logger.warning(_("too many different words: those that occur once were left out"))
    found = _candidates(portions, eojeols, chosen, min_count)
    if not found:
        logger.warning(
            _("no candidate occurs %s times or more: give a longer input, or a lower --min-count"),
            f"{min_count:,}",
        )
        return Table(COLUMNS, lambda: ())
    found.sort(key=lambda item: (-item.score, -item.count, item.form))
    rows = _rows(portions, eojeols, found[:top])
    logger.info(
        _("%s of new words from %s, %s left out (--top)"),
        plural(len(rows), "candidate"),
        plural(sum(map(len, portions)), "document"),
        f"{len(found) - len(rows):,}",
    )
    return Table(COLUMNS, lambda: rows)


def _methods(method: str | Sequence[str]) -> list[str]:
    given = split_names(method)
    for name in given:
        check_choice("--method", name, METHODS)
    return [name for name in METHODS if name in given or not given]


def _portions(
    documents: Iterable[Record], rejects: Callable[[Record], None] | None
) -> Iterator[list[str]]:
    """The cleaned texts of documents, many at once."""
    gate = Gate()
    texts: list[str] = []
    read = size = broken = left_out = 0
    for record in documents:
        text = text_of(record)
        if read + size + len(text) > _MOST:
            left_out += 1
            continue
        try:
            text = "\n".join(gate.lines(text))
        except UnicodeEncodeError:
            reason = _("text contains an unpaired surrogate (half of an emoji)")
            if rejects:
                rejects(set_aside(record, "surrogates", reason))
            else:
                broken += 1
            continue
        texts.append(text)
        size += len(text)
        if size >= _PORTION:
            yield texts
            read, size, texts = read + size, 0, []
    yield texts
    if cleaned := changes(gate.changed):
        logger.info(_("cleaned for analysis: %s"), cleaned)
    if broken:
        logger.warning(_("%s left out: unpaired surrogates"), plural(broken, "document"))
    if left_out:
        logger.warning(
            _("%s left out: only %s characters are read"),
            plural(left_out, "document"),
            f"{_MOST:,}",
        )


def _candidates(
    portions: list[list[str]], eojeols: Eojeols, methods: list[str], min_count: int
) -> list[Candidate]:
    """The candidates of the methods, unordered."""
    analyze = load("mecab").analyze
    found: defaultdict[str, Scores] = defaultdict(dict)
    for method in methods if len(eojeols.keys) else ():
        if method == "kiwi":
            scores = _kiwi_words(portions, min_count)
        elif method == "cohesion":
            scores = cohesive_words(eojeols, min_count)
        else:
            scores = noun_compounds(eojeols, analyze, min_count)
        for form, score in scores.items():
            found[form][method] = score
    counts = {form: count for form in found if (count := eojeols.count(form)) >= min_count}
    tags = {
        form: "NNG" if next(analyze([form]))[1][-1] in _COMMON else "NNP"
        for form in counts
        if is_unknown(form, analyze, eojeols)
    }
    fragments = _fragments({form: counts[form] for form in tags})
    return [
        Candidate(
            form,
            tag,
            round(sum(found[form].values()) / len(methods), 4),
            counts[form],
            "+".join(found[form]),
        )
        for form, tag in tags.items()
        if form not in fragments
    ]


def _kiwi_words(portions: list[list[str]], min_count: int) -> Scores:
    texts = list(chain.from_iterable(portions))
    step = -(-sum(map(len, texts)) // _MOST_FOR_KIWI)
    if step > 1:
        logger.info(_("kiwi reads one in %d documents: it would take long for all of them"), step)
    return kiwi_words(texts[::step], max(2, min_count // step))


def _fragments(counts: dict[str, int]) -> set[str]:
    """Forms that occur nearly only as part of longer ones."""
    return {
        part
        for form, count in counts.items()
        for start in range(len(form))
        for part in (form[start:end] for end in range(start + 2, len(form) + 1))
        if part != form and part in counts and count >= _FRAGMENT * counts[part]
    }


def _rows(portions: list[list[str]], eojeols: Eojeols, best: list[Candidate]) -> list[Row]:
    forms = [item.form for item in best]
    frequencies, contexts = _in_documents(portions, forms)
    left = eojeols.left_entropies(forms) if forms else []
    return [
        (
            *(item.form, item.tag, item.score, "", "", item.methods, item.count),
            frequencies[item.form],
            round(eojeols.cohesion(item.form), 4),
            round(left_entropy, 4),
            round(eojeols.entropy(item.form), 4),
            " | ".join(contexts[item.form]),
        )
        for item, left_entropy in zip(best, left, strict=True)
    ]


def _in_documents(
    portions: list[list[str]], forms: list[str]
) -> tuple[dict[str, int], dict[str, list[str]]]:
    """For each form, the documents in which it begins an eojeol: their number, and examples."""
    frequencies = dict.fromkeys(forms, 0)
    contexts: dict[str, list[str]] = {form: [] for form in forms}
    for texts in portions if forms else ():
        keys, documents = occurrences(texts)
        for form, first, after in zip(forms, *ranges(keys, forms), strict=True):
            numbers = sorted(set(documents[first:after].tolist()))
            frequencies[form] += len(numbers)
            shown = contexts[form]
            for number in numbers:
                if len(shown) == _CONTEXTS:
                    break
                if (context := _context(texts[number], form)) not in shown:
                    shown.append(context)
    return frequencies, contexts


def _context(text: str, form: str) -> str:
    """A form with what stands around it."""
    found = re.search(f"(?<![0-9A-Za-z가-힣]){form}", text)
    assert found is not None
    at = found.start()
    start, end = max(0, at - _AROUND), at + len(form) + _AROUND
    shown = " ".join(text[start:end].replace("|", " ").split())
    return ("…" if start else "") + shown + ("…" if end < len(text) else "")
