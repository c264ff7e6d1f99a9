"""What training gives: a model, how it came about and how well it does."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from korpus.messages import _, plural
from korpus.models.classify.quality import Outcome
from korpus.models.tuning.learner import Learner
from korpus.records import Record, Table

logger = logging.getLogger("korpus")


@dataclass
class Tuned:
    """A trained transformer. Iterating gives the rows of `table`.

    `table`: its quality on documents that it was not trained on. `curve`: loss by epoch or step.
    `outcome`: the predictions of a classifier or tagger, for pictures.
    """

    learner: Learner
    table: Table
    curve: Table
    outcome: Outcome | None
    provenance: Mapping[str, Any]

    def save(self, folder: str) -> None:
        """Save the model with its tokenizer: safetensors, and a korpus.json with its provenance.

        An earlier model of korpus is replaced as a whole. Raises KorpusError for a folder with
        other files, and where it cannot be written.
        """
        self.learner.save(folder, self.provenance)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def digest_of(rows: Iterable[tuple[object, ...]]) -> str:
    """A digest of what a model was trained on."""
    found = sha256()
    for row in rows:
        found.update(repr(row).encode("utf-8", "replace") + b"\n")
    return found.hexdigest()


def log_cut(cut: int, longest: int) -> None:
    """Log how many texts were cut."""
    if cut:
        logger.warning(
            _("%s longer than %s pieces cut there"), plural(cut, "document"), f"{longest:,}"
        )
