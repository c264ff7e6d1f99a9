"""The command run: read a study, decide what has changed, run it, keep the lock file."""

import logging
import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from korpus.cli.study_commands import Commands, check_arguments
from korpus.cli.study_lock import digest_of, lock_path, read_lock, software, write_lock
from korpus.cli.study_runs import Outcome, run_units
from korpus.errors import KorpusError, UsageError
from korpus.messages import _
from korpus.records import Row, Table
from korpus.studies import (
    PlannedStep,
    StepLock,
    StudyFile,
    differences,
    needs_of,
    parse_study,
    plan,
    units_of,
    why_again,
    writer_of,
)

logger = logging.getLogger("korpus")

COLUMNS = ["step", "command", "state", "reason"]


def run(
    study: str = "study.toml",
    *,
    dry_run: bool = False,
    keep_going: bool = False,
    locked: bool = False,
    jobs: int = 0,
) -> Table:
    """Run a study file (연구 파일): only the steps whose inputs, options or software have changed.

    Writes the lock file beside it. `dry_run`: only say what would run, and why. `keep_going`: after
    a failure, run what does not need it. `locked`: refuse software, inputs and outputs that differ
    from the lock file. `jobs`: steps that run side by side (0: one per core).
    Columns out: `step`, `command`, `state` (run: it would; done, unchanged, failed, skipped),
    `reason`.
    Raises UsageError for a wrong study file, KorpusError for what `locked` refuses.
    """
    found = StudyRun(study)
    if dry_run:
        return found.planned()
    return found.run(jobs=jobs, keep_going=keep_going, locked=locked)


def write_history(log: str, study: str | None) -> None:
    """Write a study file that repeats the commands of a log, or print it.

    Raises KorpusError for a study file that exists, and for a file that is no log.
    """
    from korpus import files
    from korpus.cli.study_history import study_of_log

    if study is not None:
        files.check_output(study, [log], no_clobber=True)
    text = study_of_log(log, str(Path(study).parent) if study else os.curdir)
    with files.open_output(study or "-") as stream:
        stream.write(text.encode())


class StudyRun:
    """A study file with its plan and its lock file.

    Raises UsageError or KorpusError for a study file that cannot be run as it is.
    """

    def __init__(self, path: str) -> None:
        from korpus import files

        self.path = Path(path)
        self.folder = self.path.parent
        if not self.path.exists():
            raise KorpusError(
                _("{path}: no such file").format(path=path),
                _("write one, or start from one: korpus new DIR --for topics"),
            )
        self.study: StudyFile = parse_study(files.read_text(path), path, Commands())
        self.steps = plan(self.study, self._found)
        if not self.steps:
            raise UsageError(
                _("{path} has no steps").format(path=path),
                _("write [steps.NAME], or start from one: korpus new DIR --for topics"),
            )
        self.units = units_of(self.steps)
        self.versions = software()
        lock = read_lock(lock_path(self.path))
        self.locked_versions = lock["versions"] if lock else {}
        self.locks = {step["name"]: step for step in lock["steps"]} if lock else {}
        self.has_lock = lock is not None
        self.code = 0
        self._check()

    def _found(self, pattern: str) -> list[str]:
        from glob import glob

        return sorted(glob(pattern, root_dir=self.folder, recursive=True))  # noqa: PTH207

    def _check(self) -> None:
        """Raises UsageError for options that a command would refuse, and inputs nobody makes."""
        names = list(self.study.steps)
        for step in self.steps:
            message, hint = check_arguments(step.arguments)
            if message:
                raise self.study.error(step.name.partition("[")[0], message, hint)
            for path in self._sources(step):
                is_name = os.sep not in path and "." not in path  # as kiwi, wordfreq
                close = get_close_matches(path, names) if is_name else []
                if (self.folder / path).exists() or (is_name and not close):
                    continue
                message = _("{path}: no such file").format(path=path)
                hint = _("did you mean {names}?").format(names=", ".join(close))
                if not close:
                    hint = _("put it into the folder {folder}, or name the step that makes it")
                    hint = hint.format(folder=self.folder.absolute())
                raise self.study.error(step.name.partition("[")[0], message, hint, "inputs")

    def _sources(self, step: PlannedStep) -> list[str]:
        """The files that a step reads and no step writes."""
        return [path for path in step.reads if writer_of(path, self.steps) is None]

    def reason(self, unit: list[PlannedStep]) -> str:
        """Why a unit has to run; "" if nothing has changed."""
        paths = {path for step in unit for path in step.reads}
        for step in unit:
            if lock := self.locks.get(step.name):
                paths |= lock["inputs"].keys() | lock["outputs"].keys()
        found = {path: digest_of(self.folder / path) for path in paths}
        digests = {path: digest for path, digest in found.items() if digest}
        return why_again(unit, self.locks, self.versions, self.locked_versions, digests)

    def planned(self) -> Table:
        """What a run would do, and why."""
        needs = needs_of(self.units)
        again: set[str] = set()
        rows: list[Row] = []
        for unit in self.units:
            reason = self.reason(unit)
            if not reason and (before := sorted(needs[unit[0].name] & again)):
                reason = _("if the output of {step} changes").format(step=before[0])
            if reason:
                again.add(unit[0].name)
            state = "run" if reason else "unchanged"
            rows += [(step.name, step.command, state, reason) for step in unit]
        return Table(COLUMNS, lambda: rows)

    def check_locked(self) -> None:
        """Raises KorpusError where software, steps or inputs differ from the lock file."""
        if not self.has_lock:
            raise KorpusError(
                _("{path}: no lock file").format(path=lock_path(self.path)),
                _("run it once without --locked, or copy the lock file of the study here"),
            )
        if changed := differences(self.versions, self.locked_versions):
            raise KorpusError(
                _("other software than in the lock file: {names}").format(names=", ".join(changed)),
                _("install these versions, or run without --locked"),
            )
        if gone := self.locks.keys() - {step.name for step in self.steps}:
            raise KorpusError(
                _("the lock file has steps that the study lacks: {names}").format(
                    names=", ".join(sorted(gone))
                )
            )
        for step in self.steps:
            lock = self.locks.get(step.name)
            reason = _("it has not been run") if lock is None else ""
            if lock is not None and lock["arguments"] != step.arguments:
                reason = _("its options have changed")
            for path in self._sources(step):
                if lock and lock["inputs"].get(path) != digest_of(self.folder / path):
                    reason = _("{path} has changed").format(path=path)
            if reason:
                raise KorpusError(
                    _("step {name} differs from the lock file: {reason}").format(
                        name=repr(step.name), reason=reason
                    ),
                    _("run without --locked to accept it"),
                )

    def run(self, *, jobs: int, keep_going: bool, locked: bool) -> Table:
        """Run what has changed. The lock file is written after each unit, so a kill loses little.

        `code` is then the exit code of the whole.
        """
        if locked:
            self.check_locked()
        wanted = {step.name for step in self.steps}
        self.locks = {name: lock for name, lock in self.locks.items() if name in wanted}
        rows: dict[str, list[Row]] = {}
        codes: list[int] = []

        reasons: dict[str, str] = {}

        def known(unit: list[PlannedStep]) -> Outcome | None:
            reasons[unit[0].name] = self.reason(unit)
            if reasons[unit[0].name]:
                return None
            code = max(self.locks[step.name]["exit"] for step in unit)
            return Outcome("unchanged", "", code, [])

        def ended(unit: list[PlannedStep], outcome: Outcome) -> bool:
            if locked and (path := self._differing(outcome.locks)):
                reason = _("{path} differs from the lock file").format(path=path)
                outcome = Outcome("failed", reason, 1, [])
            codes.append(outcome.code)
            reason = outcome.reason or reasons.get(unit[0].name, "")
            rows[unit[0].name] = [(s.name, s.command, outcome.state, reason) for s in unit]
            if outcome.state == "failed":
                logger.error(_("step %s failed: %s"), repr(unit[0].name), outcome.reason)
            if outcome.locks and not locked:
                self._keep(outcome.locks)
            return outcome.state != "failed"

        run_units(
            self.units,
            self.folder,
            jobs=jobs or os.cpu_count() or 1,
            keep_going=keep_going,
            known=known,
            ended=ended,
        )
        if not locked:
            self._keep([])
        failed = [code for code in codes if code not in (0, 3)]
        self.code = failed[0] if failed else max(codes, default=0)
        ordered = [row for unit in self.units for row in rows[unit[0].name]]
        return Table(COLUMNS, lambda: ordered)

    def _keep(self, locks: list[StepLock]) -> None:
        """Write the lock file with what is new. Steps of other software have to run again."""
        if self.locked_versions != self.versions:
            if not locks:
                return
            self.locks, self.locked_versions = {}, self.versions
        self.locks |= {lock["name"]: lock for lock in locks}
        order = [step.name for unit in self.units for step in unit]
        write_lock(lock_path(self.path), [self.locks[n] for n in order if n in self.locks])

    def _differing(self, locks: list[StepLock]) -> str:
        """The first output that is not the one of the lock file."""
        pairs = ((lock, self.locks[lock["name"]]["outputs"]) for lock in locks)
        differing: Iterator[str] = (
            path
            for lock, wanted in pairs
            for path in sorted(lock["outputs"].keys() | wanted.keys())
            if lock["outputs"].get(path) != wanted.get(path)
        )
        return next(differing, "")
