"""Run a stage over batches of documents, here or in worker processes."""

import os
from collections.abc import Iterable, Iterator
from itertools import chain

from korpus.records import Counts
from korpus.workers.pool import Pool
from korpus.workers.task import Addable, Answer, Batch, Decode, Encode, Item, Job, Stage

_WORTHWHILE = 16  # an input of fewer batches starts no processes


def run(
    stage: Stage[Item],
    batches: Iterable[Batch | None],
    *,
    jobs: int = 0,
    decode: Decode[Batch] = iter,  # type: ignore[assignment]
    encode: Encode[Item] | None = None,
    counts: Addable | None = None,
) -> Iterator[Item | bytes]:
    """Run a stage, in worker processes if the input is long enough to gain from them. Streams.

    Parameters: `stage`, a picklable function of documents with a keyword `counts`; `batches`, lists
    of documents, or anything that `decode` turns into documents in the worker, with None where the
    source pauses: all output so far is then given out; `jobs`, number of processes (0: one per
    core; 1: only this one); `encode`, a picklable function that turns an item of the stage into
    bytes in the worker; `counts`, what the stage counts in: each worker has its own, and `update`
    adds them up at the end.

    Out: the items of the stage, or their bytes, in document order whatever `jobs` is. Only a
    bounded number of batches is in memory. Raises what the stage raises, and KorpusError if a
    worker dies.
    """
    stage(())
    counts = Counts() if counts is None else counts
    job = Job(stage, decode, encode, type(counts))
    if jobs == 1:
        return job.here((batch for batch in batches if batch is not None), counts=counts)
    return _run(job, iter(batches), jobs or os.cpu_count() or 1, counts)


def _run(
    job: Job[Batch, Item], batches: Iterator[Batch | None], jobs: int, counts: Addable
) -> Iterator[Item | bytes]:
    """Run here until the source has given enough batches without a pause, then in workers."""
    ahead: list[Batch] = []
    for batch in batches:
        if batch is None:
            yield from job.here(ahead, counts=counts)
            ahead = []
            continue
        ahead.append(batch)
        if len(ahead) == _WORTHWHILE:
            pool = Pool(job, jobs, None)
            for _at, _batch, answer in pool.answers(chain(ahead, batches), counts):
                yield from answer.found
            return
    yield from job.here(ahead, counts=counts)


def supervise(
    stage: Stage[Item],
    batches: Iterable[Batch | None],
    *,
    jobs: int = 0,
    timeout: float = 0,
    warm_up: int = 0,
    retire: int | None = None,
    ordered: bool = True,
    decode: Decode[Batch] = iter,  # type: ignore[assignment]
    encode: Encode[Item] | None = None,
) -> Iterator[tuple[int, Batch, Answer[Item]]]:
    """Run a stage in worker processes that are replaced when they hang or die. Streams.

    Parameters: as in `run`, except that the stage takes a keyword `rejects`, called with each
    document that it sets aside, and yields exactly one item for every other document; `timeout`,
    seconds of the processor allowed per document (0: no limit), or ten times as many in all;
    `warm_up`, how many batches the first worker does
    before others start; `retire`, after how many batches a worker is replaced (None: never);
    `ordered`, whether batches come out in input order rather than as they are done.

    When a worker is lost, the documents of its batch are done again one by one. A document is set
    aside if it alone exceeds `timeout`, if a worker dies at it again, or if its result cannot be
    sent. Out: each batch with its position in the input and its
    answer. Raises what the stage raises, after the batches before that one, and KorpusError if
    workers do not start.
    """
    stage((), counts=Counts(), rejects=None)
    pool = Pool(Job(stage, decode, encode, guarded=True), jobs or os.cpu_count() or 1, timeout)
    pool.warm_up, pool.retire, pool.ordered = warm_up, retire, ordered
    return pool.answers(iter(batches), None)
