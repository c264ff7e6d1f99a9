"""The time that a worker spends on a document."""

import sys
import time
from ctypes import Structure, c_double, c_ulong

_PRECISION = 0.01  # seconds; to read the clock of the processor takes a call of the system
_CPUCLOCK_SCHED = 2  # of Linux: all threads of a process, in nanoseconds


class Clock(Structure):
    """What a worker shares: documents finished in its batch, and when it began the next one.

    The time is that of the worker's process on its processors.
    """

    _fields_ = (("finished", c_ulong), ("started", c_double))

    _read = 0.0  # when the clock of the processor was read last, by the wall clock

    def next_document(self, finished: int) -> None:
        """Begin a document after so many others of the batch."""
        self.finished = finished
        now = time.monotonic()
        if now - self._read > _PRECISION:
            self._read, self.started = now, time.process_time()


def processor_time(process: int | None) -> float | None:
    """The seconds that a process has spent on processors; None where only it can know."""
    if sys.platform != "linux" or process is None:
        return None
    try:
        return time.clock_gettime((~process << 3) | _CPUCLOCK_SCHED)
    except OSError:
        return None
