"""Which steps run together, and what needs what."""

from graphlib import CycleError, TopologicalSorter

from korpus.errors import UsageError
from korpus.messages import _
from korpus.studies.plan import PlannedStep, is_written_as


def units_of(steps: list[PlannedStep]) -> list[list[PlannedStep]]:
    """The steps in units that run at once: a chain whose steps pass records through pipes.

    Units come in an order in which each follows those that it needs.
    Raises UsageError for steps that need one another.
    """
    by_name = {step.name: step for step in steps}
    following = {step.piped_from: step for step in steps if step.piped_from}
    units: dict[str, list[PlannedStep]] = {}
    for step in steps:
        if step.piped_from:
            continue
        chain = [step]
        while (after := following.get(chain[-1].name)) is not None:
            chain.append(after)
        units[step.name] = chain
    inside = {step.name for chain in units.values() for step in chain}
    if left := [name for name in by_name if name not in inside]:
        raise _circle(left)
    needs = needs_of(list(units.values()))
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise _circle(error.args[1]) from None
    return [units[name] for name in order]


def needs_of(units: list[list[PlannedStep]]) -> dict[str, set[str]]:
    """The units that each unit needs, by the names of their first steps."""
    found = {}
    for unit in units:
        read = {path for step in unit for path in step.reads}
        found[unit[0].name] = {
            other[0].name
            for other in units
            if other is not unit and any(writer_of(path, other) for path in read)
        }
    return found


def writer_of(wanted: str, steps: list[PlannedStep]) -> PlannedStep | None:
    """The step that writes a file; None if none does."""
    return next(
        (s for s in steps if any(is_written_as(written, wanted) for written in s.writes)), None
    )


def mermaid(steps: list[PlannedStep]) -> str:
    """The steps and their files as a flowchart of Mermaid, in the order of the study."""
    numbers = {step.name: f"s{number}" for number, step in enumerate(steps)}
    commands = {step.name: step.command for step in steps}
    files: dict[str, str] = {}
    boxes = (f'  {n}["{_quoted(name)}: {commands[name]}"]' for name, n in numbers.items())
    lines = ["flowchart LR", *boxes]
    for step in steps:
        if step.piped_from:
            lines.append(f"  {numbers[step.piped_from]} --> {numbers[step.name]}")
        for path in step.reads:
            if writer := writer_of(path, steps):
                shown = f'-- "{_quoted(path)}" -->'
                lines.append(f"  {numbers[writer.name]} {shown} {numbers[step.name]}")
                continue
            if path not in files:
                files[path] = f"f{len(files)}"
                lines.append(f'  {files[path]}[/"{_quoted(path)}"/]')
            lines.append(f"  {files[path]} --> {numbers[step.name]}")
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return "".join({'"': "#quot;", "<": "#lt;", ">": "#gt;"}.get(c, c) for c in text)


def _circle(names: list[str]) -> UsageError:
    return UsageError(_("steps need one another: {steps}").format(steps=" → ".join(names)))
