"""CPU time of `korpus --help` beside an empty Typer app's, and of the shortest analysis.

python -m tests.bench.startup: medians of 15 runs each, taken in turn.
"""

import os
import statistics
import subprocess
import sys

EMPTY = "import typer\napp = typer.Typer()\n@app.command()\ndef main(): ...\napp(['--help'])"
COMMANDS = {
    "an empty Typer app --help": [sys.executable, "-c", EMPTY],
    "korpus --help": [sys.executable, "-m", "korpus", "--help"],
    "echo 문장 | korpus morph": [sys.executable, "-m", "korpus", "morph"],
}
RUNS = 15


def cpu_seconds(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, input="문장\n".encode(), stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def main() -> None:
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            taken[name].append(cpu_seconds(command))
    base = statistics.median(taken["an empty Typer app --help"])
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        print(f"{name}: {median:.2f} s CPU, {median / base:.2f} ×")  # noqa: T201


if __name__ == "__main__":
    main()
