"""A study from the log of commands that were run by hand."""

from dataclasses import dataclass, field
from typing import Any

from korpus.studies.commands import CommandSpec, texts

# (bytes, SHA-256) of what passed through a standard stream.
Flow = tuple[int, str]


@dataclass
class Ran:
    """A command that was run by hand.

    `values`: of the parameters that were given. `stdin`, `stdout`: what it read and wrote there,
    None for nothing. `files`: the digests of the files that it read and wrote, by path.
    """

    spec: CommandSpec
    values: dict[str, Any]
    stdin: Flow | None
    stdout: Flow | None
    files: dict[str, str] = field(default_factory=dict)

    @property
    def writes(self) -> set[str]:
        """The files that its options name for writing."""
        written = [item.name for item in self.spec.parameters if item.writes]
        found = [path for name in written for path in texts(self.values.get(name, []))]
        return {path for path in found if path != "-"}

    @property
    def inputs(self) -> list[str]:
        """The files that its source names."""
        source = self.spec.source
        found = texts(self.values.get(source.name, [])) if source else []
        return [path for path in found if path != "-"]


@dataclass
class HistoryStep:
    """A step of the study that is written. `note`: what the log did not tell."""

    name: str
    command: str
    inputs: list[str]
    output: str | None
    options: dict[str, Any]
    note: str | None


def history_steps(runs: list[Ran]) -> tuple[list[HistoryStep], int]:
    """The steps of commands in the order in which they started, and how many runs are left out.

    Left out are runs all of whose files a later run wrote again, and those that wrote only for
    them. A command that read what another printed is its next step without a file between.
    """
    feeders = _feeders(runs)
    kept = _kept(runs, feeders)
    names = _names(runs, kept)
    steps: dict[int, HistoryStep] = {}
    for number in kept:
        run = runs[number]
        spec = run.spec
        inputs, note = list(run.inputs), None
        if number in feeders:
            inputs = [names[feeders[number]]]
        elif run.stdin is not None and not inputs and spec.reads_pipe:
            known = {digest: path for other in runs for path, digest in other.files.items()}
            found = known.get(run.stdin[1])
            inputs, note = ([found], None) if found else ([], "stdin")
        output = run.values.get("output")
        output = None if output == "-" else output
        if output is None and spec.output and number not in feeders.values() and not run.writes:
            output = names[number] + (".jsonl" if spec.gives_records else ".csv")
            note = note or "stdout"
        own = {item.name for item in (spec.source, spec.output) if item}
        options = {name: value for name, value in run.values.items() if name not in own}
        steps[number] = HistoryStep(names[number], spec.name, inputs, output, options, note)
    return [steps[number] for number in _ordered(kept, feeders)], len(runs) - len(kept)


def _feeders(runs: list[Ran]) -> dict[int, int]:
    """Which run wrote what each run read from a pipe; each writer has one reader."""
    found: dict[int, int] = {}
    for reader, run in enumerate(runs):
        if run.stdin is None or run.inputs:
            continue
        free = [
            writer
            for writer, other in enumerate(runs)
            if other.stdout == run.stdin and writer not in found.values() and writer != reader
        ]
        if free:
            found[reader] = min(free, key=lambda writer: abs(writer - reader))
    return found


def _kept(runs: list[Ran], feeders: dict[int, int]) -> list[int]:
    """The runs whose results are still there."""
    last = {name: number for number, run in enumerate(runs) for name in run.writes}
    lost: set[int] = set()
    for number, run in enumerate(runs):
        if run.writes and all(last[path] != number for path in run.writes):
            lost.add(number)
        repeated = [
            later
            for later in range(number + 1, len(runs))
            if runs[later].values == run.values and runs[later].spec is run.spec
        ]
        is_end = number not in feeders.values() and not run.writes
        if is_end and any(runs[later].stdin == run.stdin for later in repeated):
            lost.add(number)
    readers = {writer: reader for reader, writer in feeders.items()}
    for number in range(len(runs)):
        end, seen = number, set()
        while end in readers and end not in seen:
            seen.add(end)
            end = readers[end]
        if end in lost and not (runs[number].writes and number not in lost):
            lost.add(number)
    return [number for number in range(len(runs)) if number not in lost]


def _names(runs: list[Ran], kept: list[int]) -> dict[int, str]:
    """A name per run: its command's, with a number from the second on."""
    found: dict[int, str] = {}
    counts: dict[str, int] = {}
    for number in kept:
        name = runs[number].spec.name.replace(" ", "-")
        counts[name] = counts.get(name, 0) + 1
        found[number] = name if counts[name] == 1 else f"{name}-{counts[name]}"
    return found


def _ordered(kept: list[int], feeders: dict[int, int]) -> list[int]:
    """The runs in their order, each after the one that it reads from."""
    found: list[int] = []

    def add(number: int) -> None:
        if number not in found:
            if number in feeders:
                add(feeders[number])
            found.append(number)

    for number in kept:
        add(number)
    return found
