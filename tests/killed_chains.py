"""Run a chain of three commands many times, killing one of them at a random time.

`python -m tests.killed_chains FOLDER SEED TIMES` runs in FOLDER, which has `documents.csv`, and
prints a line of JSON for each chain: the stage that was killed, the exit codes, what `day.csv` is.
The stages are forks of this process, which has no threads and has imported what they need.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from korpus.__main__ import main

OLD = b"term,count\nyesterday,1\n"
STAGES = [
    ["morph", "documents.csv", "-a", "space", "-q"],
    ["stopwords", "-q"],
    ["freq", "-q", "-o", "day.csv"],
]


def _stage(arguments: list[str], ends: list[int], stdin: int, stdout: int) -> int:
    """Start a command with these descriptors; `ends`: all ends of the pipes. Gives its pid."""
    if pid := os.fork():
        return pid
    os.dup2(stdin, 0)
    os.dup2(stdout, 1)
    for end in ends:
        os.close(end)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.argv = ["korpus", *arguments]
    _run()


def _run() -> NoReturn:
    code = 1
    try:
        main()
    except SystemExit as error:
        code = int(error.code or 0)
    finally:
        os._exit(code)


def chain(kill: int | None, delay: float) -> tuple[list[int], float]:
    """Run the stages; after `delay` seconds kill stage `kill`. Gives exit codes and seconds."""
    null = os.open(os.devnull, os.O_RDWR)
    pipes = [os.pipe(), os.pipe()]
    ends = [null, *pipes[0], *pipes[1]]
    streams = [(null, pipes[0][1]), (pipes[0][0], pipes[1][1]), (pipes[1][0], null)]
    started = time.monotonic()
    pids = [_stage(line, ends, *both) for line, both in zip(STAGES, streams, strict=True)]
    for end in ends:
        os.close(end)
    if kill is not None:
        time.sleep(delay)
        os.kill(pids[kill], signal.SIGKILL)  # it is not waited for yet, so the pid is its own
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    return codes, time.monotonic() - started


def run(seed: int, times: int) -> None:
    """Run the chain undisturbed, then `times` times with a kill."""
    day = Path("day.csv")
    codes, seconds = chain(None, 0)
    assert codes == [0, 0, 0], codes
    new = day.read_bytes()
    dice = random.Random(seed)
    for _ in range(times):
        day.write_bytes(OLD)
        kill = dice.randrange(3)
        codes, _seconds = chain(kill, dice.uniform(0, seconds))
        found = {OLD: "old", new: "new"}.get(day.read_bytes(), "neither")
        print(json.dumps({"killed": kill, "codes": codes, "day": found}))  # noqa: T201


if __name__ == "__main__":
    # Not above: it would hide the function `server` of tests.runner from the tests.
    from tests.runner.application import share_applications
    from tests.runner.server import import_korpus

    import_korpus()
    share_applications()
    os.chdir(sys.argv[1])
    run(int(sys.argv[2]), int(sys.argv[3]))
