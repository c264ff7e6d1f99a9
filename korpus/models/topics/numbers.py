"""The number of topics, and their names."""

from collections.abc import Mapping
from typing import Any

from korpus.checks import check_least
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.tokens import DocumentTermMatrix


def topic_names(options: Mapping[str, Any], k: int) -> list[int] | list[str]:
    """What tables call the topics: by their numbers or, if some have names, by names and numbers.

    `options`: those of the model; its `names` has a name per topic, "" for one without.
    """
    if not (names := options.get("names")):
        return list(range(1, k + 1))
    return [name or str(number) for number, name in enumerate(names, 1)]


def check_topics(k: int, matrix: DocumentTermMatrix) -> None:
    """Raise UsageError for k below 1, KorpusError for more topics than documents or terms."""
    check_number(k, len(matrix.lengths), len(matrix.terms))


def check_number(k: int, documents: int, terms: int) -> None:
    """As `check_topics`, by the numbers of documents and terms."""
    check_least("-k", k, 1)
    if k > documents:
        message = _("-k {k} is larger than the number of documents ({count})")
    elif k > terms:
        message = _("-k {k} is larger than the number of terms ({count})")
    else:
        return
    most = min(documents, terms)
    raise KorpusError(
        message.format(k=k, count=f"{documents if k > documents else terms:,}"),
        _("a topic needs many documents: begin with -k {k}, and compare: korpus choose-k").format(
            k=max(2, min(10, most // 10))
        )
        if most > 2
        else _("a topic model needs several documents with several terms"),
    )
