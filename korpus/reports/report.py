"""The stage report: documents → one page with what they are about."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from inspect import signature

from korpus.analyzers import ANALYZERS, WordTable, entry, morph, word_table
from korpus.errors import KorpusError
from korpus.files.model_files import Model
from korpus.messages import _, in_language, language
from korpus.models.sentiment import Lexicon
from korpus.records import Counts, DocumentSource, Record, as_records, split_names
from korpus.reports.corpus import read_corpus
from korpus.reports.gather import Findings
from korpus.reports.page import Page, made
from korpus.reports.plan import Plan, check_models, check_report
from korpus.reports.section import Section
from korpus.reports.sections import BUILDERS

logger = logging.getLogger("korpus")

_OPTION = re.compile(r"--([a-z][a-z-]*[a-z])")


def report(
    documents: DocumentSource,
    *,
    column: str | None = None,
    by: str | None = None,
    date: str | None = None,
    every: str | None = None,
    rating: str | None = None,
    analyzer: str = "mecab",
    words: WordTable | Iterable[Record] | None = None,
    k: int | None = None,
    term: str | Iterable[str] = (),
    lda: Model | None = None,
    vectors: Model | None = None,
    lexicon: Lexicon | None = None,
    only: str | Iterable[str] = (),
    without: str | Iterable[str] = (),
    title: str | None = None,
    lang: str | None = None,
    seed: int = 0,
    jobs: int = 1,
    rejects: Callable[[Record], None] | None = None,
    encodings: Mapping[str, str] | None = None,
) -> Page:
    """Make one HTML page of documents: what they are and what they are about. Reads them once.

    Documents without tokens are cleaned (`clean`) and analysed (`morph` with `lemma` and negation
    joined); then stopwords go, and all words but nouns, foreign words, roots and adjectives; topics
    are made of nouns, foreign words and roots of two characters and more. Documents with tokens are
    taken as they are.

    Parameters: `by`, a column of groups whose words are compared, see `korpus.freq`; `date`,
    `rating`, columns (default: date, 날짜 …; rating, 평점 …, if there are any); `every`, the unit
    of time: year, quarter, month, week or day (default: by the time spanned); `analyzer`, `words`:
    see `morph`; `k`, the number of topics (default: 10, fewer for less than 200 documents); `term`,
    words whose shares over time are shown first; `lda`, `vectors`: models made before; `lexicon`:
    words with their polarity; `only`, `without`: names of sections, see `korpus.reports.SECTIONS`;
    `title`; `lang`, ko or en (default: as messages); `jobs`: processes of `morph`; `rejects`:
    called with documents that are set aside; `encodings`: of the files that they are read from, by
    name, filled while they are read.

    A section for which documents have nothing, as dates, is left out, which is logged. Columns in:
    `text`, or `tokens` and `tags`; those named. Raises UsageError for wrong options, KorpusError if
    there are no documents or no section is left.
    """
    sections = check_report(
        every=every, k=k, language=lang, only=only, without=without, has_model=lda is not None
    )
    plan = Plan(
        by=by,
        date=date,
        every=every,
        rating=rating,
        k=k,
        terms=tuple(split_names(term)),
        lda=check_models(lda, vectors),
        vectors=vectors,
        lexicon=lexicon,
        title=title or "",
        language=lang or language(),
        seed=seed,
        sections=sections,
    )
    options = entry(analyzer).options
    table = words if words is None or isinstance(words, WordTable) else word_table(words)
    aside = Counts()

    def set_aside(record: Record) -> None:
        aside["documents"] += 1
        if rejects is None:
            raise KorpusError(
                _("document {id!r}: {reason}").format(id=record["id"], reason=record["reason"])
            )
        rejects(record)

    analyse = partial(
        morph,
        analyzer=analyzer,
        lemma="lemma" in options,
        join="negation" if "join" in options else (),
        words=table,
        jobs=jobs if ANALYZERS[analyzer].workers else 1,
        rejects=set_aside,
    )
    corpus, plan = read_corpus(as_records(documents, column), analyse, plan, set_aside)
    corpus.rejected = aside["documents"]
    corpus.encodings = dict(encodings or {})
    findings = Findings(corpus, plan)
    if plan.is_date_given:
        findings.periods  # noqa: B018  # raises an error for what is no date
    with in_language(plan.language), _own_options_only():
        return made(findings, _sections(findings))


@contextmanager
def _own_options_only() -> Iterator[None]:
    """Leave out messages of stages about options that a report chooses itself, as --min-count.

    The page names their values in its methods section.
    """
    own = set(signature(report).parameters)

    def is_own(record: logging.LogRecord) -> bool:
        named = _OPTION.findall(str(record.msg))
        return all(name.replace("-", "_") in own for name in named)

    logger.addFilter(is_own)
    try:
        yield
    finally:
        logger.removeFilter(is_own)


def _sections(findings: Findings) -> list[Section]:
    """The sections that documents have something for; logs the others."""
    found = []
    for name in findings.plan.sections:
        try:
            if section := BUILDERS[name](findings):
                found.append(section)
        except KorpusError as error:
            with in_language(findings.reader):
                logger.info(_("section %s left out: %s"), name, error.message)
    if not found:
        raise KorpusError(_("no section can be made of these documents"))
    return found
