"""The stage keywords (핵심어 추출): tokens → the keywords of each document or group."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator

from korpus.checks import check_choice, check_least
from korpus.documents.groups import heading
from korpus.errors import UsageError
from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.extracts.units import Unit, units
from korpus.models.extracts.word_scores import Scores, nearness, textrank, tfidf, yake
from korpus.models.vector_model import word_vectors
from korpus.records import DocumentSource, Row, Table

logger = logging.getLogger("korpus")

TEXTRANK, YAKE, TFIDF, VECTORS = METHODS = ("textrank", "yake", "tfidf", "vectors")
_COLUMNS = ["rank", "term", "score", "count"]
_DIGITS = 9  # of scores, as ties should not depend on rounding errors
_SHARE = 3  # a phrase has at least one of so many occurrences of its rarest word


def keywords(
    documents: DocumentSource,
    *,
    method: str = TEXTRANK,
    by: str | None = None,
    top: int = 10,
    phrases: int = 1,
    window: int = 5,
    vectors: Model | None = None,
) -> Table:
    """Find the keywords of each document, or of each group (핵심어 추출). Needs the whole input.

    Parameters: `method`: `textrank` (Mihalcea & Tarau 2004), PageRank among words that occur less
    than `window` tokens apart in a sentence; `yake` (Campos et al. 2020), position, spread,
    frequency and variety of neighbours, of which a lower score is better; `tfidf`, with the idf of
    all documents or groups; `vectors`, the cosine of word and document by a model of vectors (by
    default with `vectors`). `by`: a column; one list per group. `top`: keywords per document.
    `phrases`: the most words of a keyword. As with TextRank, keywords that stand side by side in
    the text become one; its score is the mean of theirs. They do so where that is a third or more
    of the occurrences of its rarest word. `window`: see `textrank`.

    Tokens of `morph --spans` keep their places where others were removed, and their sentences;
    else tokens count as neighbours, and documents as single sentences.
    Columns in: `id`, `tokens`, `tags`. Out: `id` or the group, `rank`, `term`, `score`, `count`.
    Ties: the word that occurs first. A document without tokens has no rows.
    Raises UsageError for a bad option, KorpusError for an unknown column.
    """
    check_keywords(method, top, phrases, window, vectors is not None)
    found = units(documents, by)
    rows: list[Row] = []
    without = 0
    for unit, scores in zip(found, _scores(found, method, window, vectors), strict=True):
        best = _ranked(scores, method)[:top]
        without += not best
        terms = list(_joined(unit, dict(best), phrases))
        terms.sort(key=lambda item: _order(item[1], method))  # stable
        counted = enumerate(terms, 1)
        rows += [(unit.name, rank, *term) for rank, term in counted]
    if without:
        things = plural(without, "group" if by else "document")
        logger.info(_("%s without a word that has a score: no keywords"), things)
    return Table([heading(by, _COLUMNS) if by else "id", *_COLUMNS], lambda: rows)


def check_keywords(method: str, top: int, phrases: int, window: int, has_vectors: bool) -> None:
    """Raises UsageError for options that `keywords` does not take."""
    check_choice("--method", method, METHODS)
    check_least("--top", top, 1)
    check_least("--phrases", phrases, 1)
    check_least("--window", window, 2, _("2: words side by side"))
    check_vectors(method == VECTORS, has_vectors)


def check_vectors(needed: bool, given: bool) -> None:
    """Raises UsageError if a model of vectors is missing, or given for nothing."""
    if needed and not given:
        raise UsageError(
            _("--method {method} needs --vectors").format(method=VECTORS),
            _("such as: {example}").format(example="--vectors w2v.safetensors"),
        )
    if given and not needed:
        raise UsageError(
            _("--vectors is for --method {method}").format(method=VECTORS),
            _("add --method {method}, or leave out --vectors").format(method=VECTORS),
        )


def _scores(found: list[Unit], method: str, window: int, vectors: Model | None) -> Iterable[Scores]:
    if not any(sentence.tokens for unit in found for sentence in unit.sentences):
        return [{} for _unit in found]
    if vectors is not None:
        return nearness(found, word_vectors(vectors))
    if method == TFIDF:
        return tfidf(found)
    return (yake(unit) if method == YAKE else textrank(unit, window) for unit in found)


def _order(score: float, method: str) -> float:
    return round(score if method == YAKE else -score, _DIGITS)


def _ranked(scores: Scores, method: str) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda item: _order(item[1], method))


def _joined(unit: Unit, best: Scores, most: int) -> Iterator[tuple[str, float, int]]:
    """Keywords with score and count, those that stand side by side as one."""
    alone, runs = Counter(unit.tokens()), Counter(_runs(unit, best, most))
    counts = dict(alone)
    phrases: dict[tuple[str, ...], int] = {}
    for run, count in runs.items():
        if count * _SHARE >= min(counts[word] for word in run):
            phrases[run] = count
            alone.subtract({word: count * run.count(word) for word in run})
    inside = {word for run in phrases for word in run}
    for word, score in best.items():
        # What is left of a word of a phrase is a keyword if it is most of its occurrences.
        if word not in inside or alone[word] * 2 > counts[word]:
            yield word, score, alone[word]
    for run, count in phrases.items():
        yield " ".join(run), sum(best[word] for word in run) / len(run), count


def _runs(unit: Unit, best: Scores, most: int) -> Iterator[tuple[str, ...]]:
    """Two and more different keywords side by side, as many as there are up to `most`."""
    for sentence in unit.sentences:
        run: list[str] = []
        last = -2
        for token, place in zip([*sentence.tokens, ""], [*sentence.places, -1], strict=True):
            if token in best and token not in run and place == last + 1 and 0 < len(run) < most:
                run.append(token)
            else:
                if len(run) > 1:
                    yield tuple(run)
                run = [token] if token in best else []
            last = place
