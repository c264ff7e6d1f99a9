"""Commands in forks (tests/runner) behave as commands in new interpreters."""

import os
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from tests.runner import FORKS
from tests.runner.charts import validate
from tests.support import ROOT, TOKENS, environment, korpus, korpus_each, program, shell

pytestmark = pytest.mark.skipif(not FORKS, reason="each command is a new interpreter")


def test_variables_that_an_interpreter_reads_at_its_start_start_one() -> None:
    assert korpus("--version", NO_COLOR="1").stderr == ""
    assert "import time: " in korpus("--version", PYTHONPROFILEIMPORTTIME="1").stderr


def test_folder_mask_streams_and_code_are_those_of_the_caller(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("가\n")
    done = shell("umask 027; korpus read < in.txt -o out.jsonl; korpus nope; echo $?", tmp_path)
    assert done.stdout == "2\n" and "nope" in done.stderr
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o640


def test_a_command_ends_with_the_program_that_asked_for_it() -> None:
    process = Popen([*program(), "stopwords"], stdin=PIPE, stdout=PIPE, env=environment(), cwd=ROOT)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(TOKENS.encode() * 400)
    process.stdin.flush()
    assert process.stdout.readline() != b""  # it runs
    process.kill()
    process.stdout.read()  # which ends when the command does: it has the pipe too
    assert process.wait() == -9


def test_more_processes_than_help_are_not_started() -> None:
    done = korpus("morph", "-j", 500, stdin="나는 학교에 간다\n")
    assert done.returncode == 0
    most = 4 * (os.cpu_count() or 1)
    assert f"korpus: --jobs 500: {most} processes are enough here\n" in done.stderr


def test_a_chart_that_vega_lite_does_not_know_is_found() -> None:
    chart = {"data": {"values": []}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
    validate(chart)
    validate({"layer": [chart]})
    for wrong in ({"mark": "bars"}, {"encoding": {"x": {"axis": {"orient": "low"}}}}):
        with pytest.raises(ValueError, match="no chart of Vega-Lite"):
            validate({"layer": [chart | wrong]})


def test_several_commands_in_one_fork_are_what_each_is_alone() -> None:
    lines = [["nope"], ["freq", "-q", "--top", "x"], ["head", "--help"], ["freq", "-v", "missing"]]
    alone = [korpus(*line, stdin=TOKENS) for line in lines]
    for each, one in zip(korpus_each(lines, TOKENS), alone, strict=True):
        assert (each.returncode, each.stdout, each.stderr) == (
            one.returncode,
            one.stdout,
            one.stderr,
        )
    assert [done.returncode for done in alone] == [2, 2, 0, 1]


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process")
@pytest.mark.xdist_group("taggers")
def test_groups_of_tests_run_in_one_process(request: pytest.FixtureRequest) -> None:
    """xdist goes by the end of a name. If it did not, each process would load every analyzer."""
    assert request.node.nodeid.endswith("@taggers")
