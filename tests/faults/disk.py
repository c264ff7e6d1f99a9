"""Every open, write, fsync and rename of a run made to fail, or the last thing that it did."""

import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

from tests.faults.cases import Case
from tests.faults.runs import Done, run

OLD = b"what was there before\n"
# Once, and from then on.
FAULTS = ("KILL", "ENOSPC", "EIO")


class Lost(AssertionError):
    """A target that is neither the old file nor the new one, or something left behind."""


def check_case(
    case: Case, inputs: Path, scratch: Path, *, whats: tuple[str, ...], every: int = 1
) -> Counter[str]:
    """Make each `every`th point of a run fail in each way. Gives the counts; raises Lost."""
    counts: Counter[str] = Counter()
    folder = scratch / "run"
    whole = _undisturbed(case, inputs, folder)
    for fault in _faults(whats):
        for number, with_old in zip(count(1, every), cycle([True, False]), strict=False):
            _prepare(case, inputs, folder, with_old)
            done = run(case.arguments, folder, fault.format(number))
            if not done.failed_at:
                break
            counts["kills" if "KILL" in fault else "faults"] += 1
            counts["points " + done.failed_at[0]] += 1
            try:
                _check(case, folder, whole, done, with_old)
            except Lost as lost:
                raise Lost(f"korpus {case.name}, {fault.format(number)}: {lost}") from None
    return counts


def _faults(whats: tuple[str, ...]) -> Iterator[str]:
    for what in whats:
        yield f"*:{{}}:{what}"
        if what != "KILL":
            yield f"*:{{}}+:{what}"


def _undisturbed(case: Case, inputs: Path, folder: Path) -> dict[str, bytes]:
    _prepare(case, inputs, folder, with_old=False)
    done = run(case.arguments, folder)
    if done.code != 0 or set(_outputs(folder)) != set(case.outputs):
        raise Lost(f"korpus {case.name} alone: {done.code} {done.stderr}")
    return _outputs(folder)


def _prepare(case: Case, inputs: Path, folder: Path, with_old: bool) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path in inputs.iterdir():
        (folder / path.name).symlink_to(path)
    for name in case.outputs if with_old else ():
        (folder / name).write_bytes(OLD)


def _outputs(folder: Path) -> dict[str, bytes]:
    """The files that a run made; its inputs are links, and folders are compared elsewhere."""
    made = [path for path in folder.iterdir() if not path.is_symlink() and path.is_file()]
    return {path.name: path.read_bytes() for path in made}


def _check(case: Case, folder: Path, whole: dict[str, bytes], done: Done, with_old: bool) -> None:
    killed = "KILL" in done.failed_at[0]
    found = _outputs(folder)
    for name in case.outputs:
        if name not in found:
            if with_old:
                raise Lost(f"{name} is gone")
        elif found[name] not in ((OLD, whole[name]) if with_old else (whole[name],)):
            raise Lost(f"{name} is neither the old file nor the new one")
    left = set(found) - set(case.outputs)
    if killed and done.code != -9:
        raise Lost(f"exit {done.code} after SIGKILL")
    partial = f"{case.outputs[0]}.partial"
    if killed or (left and left <= {partial, f"{partial}-wal"}):
        again = run(case.arguments, folder)
        if again.code != 0 or _outputs(folder) != whole:
            raise Lost(f"the next run: exit {again.code}, {sorted(_outputs(folder))}")
    elif left:
        raise Lost(f"left behind: {sorted(left)}")
    if killed:
        return
    if done.code != 1:
        raise Lost(f"exit {done.code}: {done.stderr}")
    errors = [line for line in done.stderr.splitlines() if line.startswith("korpus: error: ")]
    if len(errors) != 1 or "cannot be written" not in errors[0] or "Traceback" in done.stderr:
        raise Lost(f"said: {done.stderr}")
