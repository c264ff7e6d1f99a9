"""The time that a worker spends on a document."""

import sys
import time
from ctypes import Structure, c_double, c_ulong

_CPUCLOCK_SCHED = 2  # of Linux: all threads of a process, in nanoseconds


class Clock(Structure):
    """What a worker shares: documents finished in its batch, and when it began the next one.

    The time is that of the worker's process on its processors.
    """

    _fields_ = (("finished", c_ulong), ("started", c_double))

    def next_document(self, finished: int) -> None:
        self.finished = finished
        self.started = time.process_time()


def processor_time(process: int | None) -> float | None:
    """The seconds that a process has spent on processors; None where only it can know."""
    if sys.platform != "linux" or process is None:
        return None
    try:
        return time.clock_gettime((~process << 3) | _CPUCLOCK_SCHED)
    except OSError:
        return None
