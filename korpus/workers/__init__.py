"""Run a stage over many documents: batches, worker processes, deadlines, counts."""

from korpus.workers.process import Answer, forks
from korpus.workers.run import run, supervise

__all__ = ["Answer", "forks", "run", "supervise"]
