"""Large pages of memory, so that a fork of a large process copies few entries of its page table."""

import ctypes
import re
from pathlib import Path

_LARGE = 1 << 21  # bytes
_COLLAPSE = 25  # MADV_COLLAPSE of Linux 6.1
# Private memory that can be written and is of no file, and how much of it is used.
_REGION = re.compile(r"(?m)^(\w+)-(\w+) rw-p \S+ \S+ 0 *(?:\[heap\])?\n(?:.+\n)*?Rss: +(\d+) kB")
_USED = 0.9  # or pages that nobody has written would take memory


def use_large_pages() -> None:
    """Join what this process has in memory to large pages, as far as the system can."""
    advise = ctypes.CDLL(None).madvise
    for first, last, used in _REGION.findall(Path("/proc/self/smaps").read_text()):
        start, end = int(first, 16), int(last, 16)
        is_used = int(used) << 10 >= _USED * (end - start)
        start, end = -(-start // _LARGE) * _LARGE, end // _LARGE * _LARGE
        if is_used and start < end:
            advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _COLLAPSE)
