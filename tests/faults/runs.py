"""A command run in a fork (see tests.runner), to be killed and failed at will."""

from pathlib import Path
from typing import NamedTuple

from tests import runner
from tests.support import environment


class Done(NamedTuple):
    """How a run ended (-9: by SIGKILL), what it said, and the points that it reached."""

    code: int
    stderr: str
    points: list[str]

    @property
    def failed_at(self) -> list[str]:
        """The points where something was made to happen."""
        return [point for point in self.points if ": " in point]


def run(arguments: list[str], folder: Path, fault: str = "", *, stdin: bytes = b"") -> Done:
    """Run korpus in `folder`, with a fault of tests/faults/points.py."""
    assert runner.FORKS, "faults can only be made in forks"
    points = folder.with_name(f"{folder.name}.points")
    points.write_text("")
    variables = {"KORPUS_TEST_FAULT": f"{points}\n{fault}"}
    code, _output, errors = runner.run(arguments, stdin, folder, environment() | variables)
    return Done(code, errors.decode(), points.read_text().splitlines())
