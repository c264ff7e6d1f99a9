"""The options of a report: which sections it has, and of what."""

from collections.abc import Iterable
from dataclasses import dataclass

from korpus.checks import check_choice, check_least
from korpus.documents.cuts import UNITS, cut_of
from korpus.errors import UsageError
from korpus.files.model_files import Model
from korpus.messages import LANGUAGES, _, listed
from korpus.models import TopicModel, word_vectors
from korpus.models.sentiment import Lexicon
from korpus.models.topics.compare import with_shares
from korpus.records import split_names

SECTIONS = (
    *("corpus", "words", "keywords", "topics", "shares", "network", "trends"),
    *("neighbours", "concordance", "sentiment", "documents", "methods"),
)
MOST_TOPICS = 50  # that a page can show


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The options of `korpus.reports.report`, which see."""

    by: str | None = None
    date: str | None = None
    every: str | None = None
    rating: str | None = None
    k: int | None = None
    terms: tuple[str, ...] = ()
    lda: TopicModel | None = None
    vectors: Model | None = None
    lexicon: Lexicon | None = None
    title: str = ""
    language: str = "en"
    seed: int = 0
    sections: tuple[str, ...] = SECTIONS
    is_date_given: bool = False

    @property
    def by_column(self) -> str:
        """The column of `by`, without how its values are cut."""
        column, _colon, cut = (self.by or "").rpartition(":")
        return column if column and cut_of(cut) else self.by or ""

    def wants(self, *names: str) -> bool:
        """Whether one of these sections is wanted."""
        return bool({*names} & {*self.sections})


def check_report(
    *,
    every: str | None,
    k: int | None,
    language: str | None,
    only: str | Iterable[str],
    without: str | Iterable[str],
    has_model: bool,
) -> tuple[str, ...]:
    """The sections that are wanted. Raises UsageError for wrong options, before any work."""
    check_least("-k", k, 1)
    if k is not None and k > MOST_TOPICS:
        raise UsageError(
            _("-k {k}: a page shows up to {most} topics").format(k=k, most=MOST_TOPICS),
            _("korpus lda has no such limit"),
        )
    if k is not None and has_model:
        raise UsageError(_("-k does nothing with --lda"), _("leave one out"))
    if every is not None:
        check_choice("--every", every, UNITS)
    if language is not None:
        check_choice("--lang", language, LANGUAGES)
    chosen, left_out = split_names(only), split_names(without)
    for name in [*chosen, *left_out]:
        if name not in SECTIONS:
            raise UsageError(
                _("there is no section {name!r}").format(name=name),
                _("one of: {names}").format(names=listed(SECTIONS, len(SECTIONS))),
            )
    found = tuple(
        name for name in SECTIONS if name not in left_out and (not chosen or name in chosen)
    )
    if not found:
        raise UsageError(_("no section is left"), _("leave out --only or --without"))
    return found


def check_models(lda: Model | None, vectors: Model | None) -> TopicModel | None:
    """The topic model. Raises UsageError for models of another kind."""
    if vectors is not None:
        word_vectors(vectors)
    if lda is None:
        return None
    fitted = with_shares(lda)
    if len(fitted.shares) > MOST_TOPICS:
        raise UsageError(
            _("the model has {k} topics, a page shows up to {most}").format(
                k=len(fitted.shares), most=MOST_TOPICS
            )
        )
    return fitted
