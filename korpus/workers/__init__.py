"""Running a stage over many documents: batches, processes, notes."""

from korpus.workers.run import run

__all__ = ["run"]
