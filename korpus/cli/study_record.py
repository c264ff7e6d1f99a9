"""Read what was run: from the header of a model."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from korpus.reports import Study


def read_study(path: str) -> "Study":
    """The study that a file records. Raises KorpusError for a file that records none."""
    from korpus import files, reports

    header, _arrays = files.load_model(path)
    return reports.study_of_header(header)
