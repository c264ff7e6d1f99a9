"""Golden chains: cases/<name>/cmd is run by the shell, from the project's root.

Its output must be `expout` and its messages `experr`. `pytest tests/test_cases.py --refresh`
writes both anew: read the difference before you commit it.
"""

from pathlib import Path

import pytest

from tests.support import shell

CASES = sorted(path.parent for path in Path(__file__).parent.glob("cases/*/cmd"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_chain(case: Path, request: pytest.FixtureRequest) -> None:
    done = shell(f"set -o pipefail; {(case / 'cmd').read_text()}")
    if request.config.getoption("--refresh"):
        (case / "expout").write_text(done.stdout)
        (case / "experr").write_text(done.stderr)
    assert done.stdout == (case / "expout").read_text()
    assert done.stderr == (case / "experr").read_text()


def test_there_are_enough() -> None:
    assert len(CASES) >= 20
