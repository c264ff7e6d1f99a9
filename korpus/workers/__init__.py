"""Run a stage over many documents: batches, worker processes, deadlines, counts."""

from korpus.workers.process import forks
from korpus.workers.run import run, supervise
from korpus.workers.task import Answer

__all__ = ["Answer", "forks", "run", "supervise"]
