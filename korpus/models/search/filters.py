"""A condition on the documents of an index, as in `korpus.where`."""

from collections.abc import Iterable

from korpus.documents.expressions import parse
from korpus.documents.where import count_readings, count_undecided, log_undecided
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.models.search.store import Store
from korpus.records import Counts


class Filter:
    """Tells whether a document of an index meets a condition; looks at each document once.

    Raises UsageError for a condition that cannot be read, KorpusError for an unknown column.
    """

    def __init__(self, condition: str, store: Store, columns: Iterable[str]) -> None:
        self._given, self._store = condition, store
        self._test = parse(condition)
        names = dict.fromkeys(columns, "")
        for leaf in self._test.tests():
            if leaf.column.key(names) is None:
                raise KorpusError(
                    _("there is no column {name!r}").format(name=leaf.column.name),
                    _("the columns are {names}").format(names=", ".join(names)),
                )
        self._answers: dict[int, bool] = {}
        self._counts = Counts()
        self._examples: dict[str, str] = {}

    def __call__(self, number: int) -> bool:
        """Whether the document with this number meets the condition."""
        if number not in self._answers:
            record = self._store[number]
            answer = self._test(record)
            self._answers[number] = bool(answer)
            if answer is None:
                count_undecided(self._test, record, self._counts, self._examples)
        return self._answers[number]

    def log(self) -> None:
        """Log the values of the documents looked at that are missing or cannot be compared."""
        count_readings(self._test, self._counts)
        log_undecided(self._given, self._counts)
