from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.outputs import TableOutput


@command
def run(
    out: TableOutput,
    study: Annotated[
        str | None,
        typer.Argument(metavar="[STUDY]", help="Study file (default: study.toml)."),
        options.Reads(),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which steps would run, and why.")
    ] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="After a failure, run what does not need it.")
    ] = False,
    locked: Annotated[
        bool,
        typer.Option(
            "--locked", help="Refuse software, inputs and outputs that differ from the lock file."
        ),
    ] = False,
    graph: Annotated[
        bool, typer.Option("--graph", help="Print the steps as a flowchart of Mermaid.")
    ] = False,
    from_history: Annotated[
        str | None,
        typer.Option(
            "--from-history",
            metavar="LOG",
            help="Write STUDY, which repeats the commands of a file of --log (default: print it).",
        ),
        options.Reads(),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            "-j", "--jobs", metavar="N", help="Steps that run side by side (0: one per core)."
        ),
    ] = 0,
) -> None:
    """Runs only the steps whose inputs, options or software have changed, and writes study.lock.

    Example: korpus run study.toml --dry-run
    """
    from korpus import files
    from korpus.cli.study import StudyRun, write_history
    from korpus.studies import mermaid

    options.check_jobs(jobs)
    if from_history is not None:
        write_history(from_history, study)
        return
    found = StudyRun(study or "study.toml")
    if graph:
        files.write_lines([mermaid(found.steps).encode()], out.output, "plain")
        return
    if dry_run:
        out.write(found.planned())
        return
    out.write(found.run(jobs=jobs, keep_going=keep_going, locked=locked))
    if found.code:
        raise typer.Exit(found.code)
