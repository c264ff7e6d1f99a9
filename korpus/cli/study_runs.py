"""Run the steps of a study: each chain as processes with pipes, independent chains side by side.

Commands share what is global in a process: standard streams, messages, progress, set-aside
documents, signals. So each step is a process of its own, as in the shell, and a pipe between two
steps has the marks that tell its reader whether the writer came to its end. No thread is started:
a process with threads cannot be forked.
"""

import json
import os
import selectors
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from korpus.cli.study_steps import StartedStep
from korpus.messages import _
from korpus.studies import PlannedStep, StepLock, needs_of

_DONE, _ASIDE = 0, 3


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
    folder: Path,
    *,
    jobs: int,
    keep_going: bool,
    known: Callable[[list[PlannedStep]], Outcome | None],
    ended: Callable[[list[PlannedStep], Outcome], bool],
) -> None:
    """Run units in the folder of the study, each when those that it needs are done.

    After a failure nothing more is started, or with `keep_going` only what does not need it.
    `known`: the outcome of a unit that need not run. `ended`: called with each outcome; whether the
    units that need it can run.
    """
    needs = needs_of(units)
    waiting = {unit[0].name: unit for unit in units}
    done: set[str] = set()
    lost: set[str] = set()

    def settle(unit: list[PlannedStep], outcome: Outcome) -> None:
        (done if ended(unit, outcome) else lost).add(unit[0].name)

    with _running(folder) as running:
        while waiting or running.units:
            for name, unit in list(waiting.items()):
                if needs[name] & lost or (lost and not keep_going):
                    reason = _("a step that it needs failed")
                    if not needs[name] & lost:
                        reason = _("another step failed; --keep-going runs it")
                    ended(unit, Outcome("skipped", reason, _DONE, []))
                    lost.add(name)
                    del waiting[name]
                elif needs[name] <= done and len(running.units) < jobs:
                    del waiting[name]
                    if outcome := known(unit):
                        settle(unit, outcome)
                    else:
                        running.start(unit)
            if running.units:
                settle(*running.next_ended())


@contextmanager
def _running(folder: Path) -> "Iterator[_Running]":
    """The steps that run. An error or a signal that ends the block ends them too."""
    with tempfile.TemporaryDirectory(prefix="korpus-") as logs:
        running = _Running(folder, Path(logs))
        try:
            yield running
        finally:
            running.stop()


class _Running:
    """The units that run. `units`: by the name of their first step."""

    def __init__(self, folder: Path, logs: Path) -> None:
        self.folder = folder
        self.logs = logs
        self.units: dict[str, tuple[list[PlannedStep], list[StartedStep]]] = {}
        self._logs: dict[str, Path] = {}  # by step
        self._said = selectors.DefaultSelector()

    def start(self, unit: list[PlannedStep]) -> None:
        """Start the steps of a unit as one pipe."""
        started: list[StartedStep] = []
        self.units[unit[0].name] = (unit, started)
        source = os.open(os.devnull, os.O_RDONLY)
        for number, step in enumerate(unit):
            is_last = number == len(unit) - 1
            after, sink = (-1, os.open(os.devnull, os.O_WRONLY)) if is_last else os.pipe()
            others = [key.fd for key in self._said.get_map().values()]
            others += [after] if after >= 0 else []
            log = self._logs[step.name] = self.logs / f"{len(self._logs)}.log"
            line = ["--log", str(log), *step.arguments]
            one = StartedStep(step.name, line, self.folder, (source, sink), others)
            started.append(one)
            self._said.register(one.messages, selectors.EVENT_READ, (unit[0].name, one))
            os.close(source)
            os.close(sink)
            source = after

    def next_ended(self) -> tuple[list[PlannedStep], Outcome]:
        """Pass on what steps say until all of a unit have ended."""
        while True:
            for key, _events in self._said.select():
                name, step = key.data
                if not step.listen():
                    self._said.unregister(key.fileobj)
                    if all(other[0] != name for other in self._open()):
                        unit, started = self.units[name]
                        codes = [one.end() for one in started]
                        del self.units[name]
                        return unit, self._outcome(unit, started, codes)

    def _open(self) -> list[tuple[str, StartedStep]]:
        return [key.data for key in self._said.get_map().values()]

    def _outcome(
        self, unit: list[PlannedStep], started: list[StartedStep], codes: list[int]
    ) -> Outcome:
        from korpus.cli.study_lock import step_lock

        good = (_DONE, _ASIDE)
        failed = [code for code in codes if code not in good]
        if failed:
            names = [s.name for s, code in zip(unit, codes, strict=True) if code not in good]
            code = failed[0] if failed[0] > 0 else 128 - failed[0]
            reason = _("exit code {code}").format(code=code)
            return Outcome("failed", f"{', '.join(names)}: {reason}", code, [])
        locks = []
        for step, one in zip(unit, started, strict=True):
            entry = json.loads(self._logs[step.name].read_text("utf-8"))
            locks.append(step_lock(step, entry, one.lines, self.folder))
        return Outcome("done", "", max(codes), locks)

    def stop(self) -> None:
        """End the steps that still run, and wait for them."""
        steps = [step for _unit, started in self.units.values() for step in started]
        for step in steps:
            step.terminate()
        for step in steps:
            step.end()
        self._said.close()
