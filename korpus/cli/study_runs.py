"""Run the steps of a study: each chain as processes with pipes, independent chains side by side.

Commands share what is global in a process: standard streams, messages, progress, set-aside
documents, signals. So each step is a process of its own, as in the shell, and a pipe between two
steps has the marks that tell its reader whether the writer came to its end.
"""

import io
import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from korpus.messages import _
from korpus.studies import PlannedStep, StepLock, needs_of

logger = logging.getLogger("korpus")

# -P: no module of the study's folder is imported.
PROGRAM = [sys.executable, "-P", "-m", "korpus"]
_DONE, _ASIDE = 0, 3
_running: set[subprocess.Popen[bytes]] = set()
_guard = threading.Lock()


class Outcome(NamedTuple):
    """How a unit ended.

    `state`: done, unchanged, failed or skipped. `locks`: of its steps, if it was run. `code`: the
    exit code: of the first step that failed, else 3 if documents were set aside.
    """

    state: str
    reason: str
    code: int
    locks: list[StepLock]


def run_units(
    units: list[list[PlannedStep]],
    one: Callable[[list[PlannedStep]], Outcome],
    *,
    jobs: int,
    keep_going: bool,
    ended: Callable[[list[PlannedStep], Outcome], None],
) -> None:
    """Run units, each when those that it needs are done; `ended` is called in this thread.

    After a failure nothing more is started, or with `keep_going` only what does not need it.
    """
    needs = needs_of(units)
    waiting = {unit[0].name: unit for unit in units}
    done: set[str] = set()
    lost: set[str] = set()
    working: dict[Future[Outcome], list[PlannedStep]] = {}
    with ThreadPoolExecutor(jobs) as pool, _stopped_at_the_end():
        while waiting or working:
            for name, unit in list(waiting.items()):
                if needs[name] & lost or (lost and not keep_going):
                    reason = _("a step that it needs failed")
                    if not needs[name] & lost:
                        reason = _("another step failed; --keep-going runs it")
                    ended(unit, Outcome("skipped", reason, _DONE, []))
                    lost.add(name)
                    del waiting[name]
                elif needs[name] <= done and len(working) < jobs:
                    working[pool.submit(one, unit)] = unit
                    del waiting[name]
            if not working:
                continue
            finished, _others = wait(working, return_when=FIRST_COMPLETED)
            for future in finished:
                unit, outcome = working.pop(future), future.result()
                (lost if outcome.state == "failed" else done).add(unit[0].name)
                ended(unit, outcome)


@contextmanager
def _stopped_at_the_end() -> Iterator[None]:
    """End the processes that still run when an error or a signal ends the block."""
    try:
        yield
    finally:
        with _guard:
            for process in _running:
                process.terminate()


def run_unit(unit: list[PlannedStep], folder: Path) -> Outcome:
    """Run the steps of a unit as one pipe, in the folder of the study."""
    from korpus.cli.study_lock import step_lock

    with tempfile.TemporaryDirectory(prefix="korpus-") as logs:
        processes = _started(unit, folder, logs)
        said: list[list[str]] = [[] for _step in unit]
        readers = [
            threading.Thread(target=_listen, args=(step.name, process, lines))
            for step, process, lines in zip(unit, processes, said, strict=True)
        ]
        for reader in readers:
            reader.start()
        codes = [process.wait() for process in processes]
        for reader in readers:
            reader.join()
        with _guard:
            _running.difference_update(processes)
        failed = [code for code in codes if code not in (_DONE, _ASIDE)]
        if failed:
            names = [
                step.name
                for step, code in zip(unit, codes, strict=True)
                if code not in (_DONE, _ASIDE)
            ]
            code = failed[0] if failed[0] > 0 else 128 - failed[0]
            reason = _("exit code {code}").format(code=code)
            return Outcome("failed", f"{', '.join(names)}: {reason}", code, [])
        locks = []
        for number, (step, lines) in enumerate(zip(unit, said, strict=True)):
            entry = json.loads((Path(logs) / f"{number}.log").read_text("utf-8"))
            locks.append(step_lock(step, entry, lines, folder))
    return Outcome("done", "", max(codes), locks)


def _started(unit: list[PlannedStep], folder: Path, logs: str) -> list[subprocess.Popen[bytes]]:
    processes: list[subprocess.Popen[bytes]] = []
    with _guard:
        for number, step in enumerate(unit):
            before = processes[-1].stdout if processes else None
            is_last = number == len(unit) - 1
            log = str(Path(logs) / f"{number}.log")
            process = subprocess.Popen(
                [*PROGRAM, "--log", log, *step.arguments],
                cwd=folder,
                stdin=before or subprocess.DEVNULL,
                stdout=subprocess.DEVNULL if is_last else subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            if before is not None:
                before.close()
            _running.add(process)
            processes.append(process)
    return processes


def _listen(name: str, process: "subprocess.Popen[bytes]", lines: list[str]) -> None:
    """Pass on what a step says, with its name, and keep it."""
    assert process.stderr is not None
    with io.TextIOWrapper(process.stderr, errors="replace") as stream:
        for line in stream:
            text = line.rstrip("\n").removeprefix("korpus: ")
            lines.append(text)
            logger.info("%s", f"{name}: {text}")
