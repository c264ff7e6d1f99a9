"""The runner: order, counts, errors and ends, whatever the number of processes."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from subprocess import PIPE

import pytest

from korpus.analyzers import morph
from korpus.cli.inputs import TOKEN_BATCH
from korpus.errors import KorpusError, UsageError
from korpus.files import Checkpoint, Identity, json_line, read, read_batches, write_records
from korpus.records import Counts, Record
from korpus.tokens import stopwords
from korpus.workers import pool, process, run, supervise
from korpus.workers.run import _WORTHWHILE as WORTHWHILE
from korpus.workers.task import Answer, Task
from tests import support
from tests.events import Ends, children, wait_for_file
from tests.stages import (
    MANY,
    Tally,
    all_at_once,
    bad_option,
    batches,
    die_at_start,
    encoded,
    greedy,
    hang,
    leave_a_trace,
    shout_and_die,
    shout_and_die_once,
    shout_badly,
    shout_ok,
    slow,
    tally_and_die,
    unsendable,
    wait,
    with_bad,
)
from tests.support import ROOT, TOKENS, environment, korpus, lines

# Runs the command line with worker processes that are spawned, as on Windows and macOS.
SPAWNED = """
from korpus.workers import pool, process
process.forks = pool.forks = lambda: False
from korpus.cli.main import main
main()
"""


@pytest.fixture(params=["fork", "spawn"])
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How worker processes start: as on Linux, or as everywhere else.

    This process has threads, which is why korpus itself would not fork here.
    """
    for module in (process, pool):
        monkeypatch.setattr(module, "forks", lambda: request.param == "fork")
    return str(request.param)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_order_and_counts(jobs: int, start: str) -> None:
    counts = Counts()
    found = list(run(shout_ok, batches(), jobs=jobs, counts=counts))
    assert [record["id"] for record in found] == [record["id"] for record in MANY]
    assert counts == Counts({"blank": 429})
    processes = {record["process"] for record in found}
    assert (processes == {os.getpid()}) if jobs == 1 else (os.getpid() not in processes)
    assert len(processes) == jobs


@pytest.mark.parametrize("jobs", [1, 2])
def test_encoding_happens_where_the_record_is_made(jobs: int) -> None:
    found = b"".join(run(shout_ok, batches(), jobs=jobs, encode=encoded))
    assert found == b"".join(encoded(record) for record in MANY)


def test_short_input_starts_no_process() -> None:
    found = list(run(shout_ok, islice(batches(), 10), jobs=2))
    assert len(found) == 50
    assert {record["process"] for record in found} == {os.getpid()}


def test_memory_is_bounded_by_batches_in_flight() -> None:
    read = 0

    def counted() -> Iterator[list[Record]]:
        nonlocal read
        for batch in batches():
            read += len(batch)
            yield batch

    found = run(shout_ok, counted(), jobs=2)
    next(found)
    assert read < 500


@pytest.mark.parametrize("before", [3, 40])
def test_a_source_that_pauses_has_everything_given_out(before: int) -> None:
    asked: list[int] = []

    def pausing() -> Iterator[list[Record] | None]:
        for number, batch in enumerate(batches()):
            if number == before:
                yield None
                asked.append(len(given))
            yield batch

    given: list[Record] = []
    for record in run(shout_ok, pausing(), jobs=2):
        given += [record]
    assert asked == [before * 5]
    assert [record["id"] for record in given] == [record["id"] for record in MANY]


def test_an_error_comes_back_whole(start: str) -> None:
    with pytest.raises(KorpusError) as caught:
        list(run(shout_badly, batches(), jobs=2))
    assert (caught.value.message, caught.value.hint) == ("bad document", "mend it")


def test_a_dead_worker_is_said(start: str) -> None:
    with pytest.raises(KorpusError, match="a worker process died"):
        list(run(shout_and_die, batches(), jobs=2))


def test_a_killed_worker_is_replaced(start: str, tmp_path: Path) -> None:
    counts = Counts()
    stage = partial(shout_and_die_once, mark=tmp_path / "mark")
    found = list(run(stage, batches(), jobs=2, counts=counts))
    assert [record["id"] for record in found] == [record["id"] for record in MANY]
    assert counts == {"blank": 429}
    assert len({record["process"] for record in found}) == 3


@pytest.mark.parametrize("at", ["2000", MANY[-1]["id"]])
def test_what_a_killed_worker_held_is_counted_again(start: str, tmp_path: Path, at: str) -> None:
    """Also where it dies at the last batch."""
    tally = Tally()
    stage = partial(tally_and_die, mark=tmp_path / "mark", at=at)
    assert not list(run(stage, batches(), jobs=2, counts=tally))
    assert sorted(tally.seen) == sorted(record["id"] for record in MANY)


def test_a_batch_that_kills_two_workers_ends_the_run(start: str) -> None:
    stage = partial(tally_and_die, mark=None, at="2000")
    with pytest.raises(KorpusError, match="a worker process died"):
        list(run(stage, batches(), jobs=2, counts=Tally()))


@pytest.mark.parametrize("jobs", [1, 2])
def test_only_the_guilty_document_is_set_aside(jobs: int, start: str) -> None:
    bad = [(3, "sleep"), (117, "die"), (118, "reject"), (119, "hang"), (399, "die")]
    found: list[Record] = []
    rejects: list[Record] = []
    counts = Counts()
    given: list[list[Record]] = with_bad(*bad)
    taken = []
    for _, batch, answer in supervise(hang, given, jobs=jobs, timeout=0.2):
        taken.append(batch)
        found += answer.found
        rejects += answer.rejects
        counts.update(answer.counts)
    assert taken == given
    guilty = [str(number) for number, _ in bad]
    assert [record["id"] for record in rejects] == guilty
    assert [record["id"] for record in found] == [
        str(n) for n in range(400) if str(n) not in guilty
    ]
    kinds = {"sleep": "timeout", "hang": "timeout", "die": "died", "reject": "rejected"}
    assert [record["error"] for record in rejects] == [kinds[kind] for _, kind in bad]
    reasons = [record.get("reason") for record in rejects]
    assert reasons[0] == "the analyzer took more than 2 s (ten times --timeout)"
    assert reasons[3] == "the analyzer took more than 0.2 s of the processor (--timeout)"
    assert counts["seen"] == 400 - 4  # each document that ended is counted once


def test_a_slow_batch_is_not_a_slow_document() -> None:
    batch = [{"id": str(n), "text": "가"} for n in range(12)]
    ((_, _, answer),) = supervise(slow, [batch], jobs=1, timeout=0.4)
    assert len(answer.found) == 12 and not answer.rejects


def test_what_only_waits_is_not_slow() -> None:
    """A busy machine changes no result."""
    batch = [{"id": "1", "text": "가"}]
    ((_, _, answer),) = supervise(wait, [batch], jobs=1, timeout=0.2)
    assert len(answer.found) == 1


def test_documents_of_a_call_that_takes_too_long_are_done_one_by_one() -> None:
    batch = [{"id": str(n), "text": "slow" if n in (0, 343) else "가"} for n in range(345)]
    ((_, _, answer),) = supervise(all_at_once, [batch], jobs=1, timeout=0.1)
    assert [record["id"] for record in answer.rejects] == ["0", "343"]
    assert [record["id"] for record in answer.found] == [
        record["id"] for record in batch if record["text"] != "slow"
    ]
    assert answer.counts["seen"] == 343


def test_a_batch_may_be_split_any_number_of_times() -> None:
    """As when each of its documents hangs: the parts are one list, not one in the other."""
    whole: Task[list[Record], Record] = Task(MANY)
    rest = whole
    for number, record in enumerate(MANY):
        first: Task[list[Record], Record] = Task([record])
        last: Task[list[Record], Record] = Task(MANY[number + 1 :])
        rest.split([first, last])
        first.answer = Answer([record], [], Counts(seen=1))
        assert not whole.is_done
        rest = last
    rest.answer = Answer([], [], Counts())
    assert whole.is_done and whole.result().found == MANY
    assert whole.result().counts == {"seen": len(MANY)}


def test_what_was_answered_is_not_done_again(tmp_path: Path) -> None:
    """One process is inside a batch when all stops; the other has come far beyond it."""
    seen, reached, gate = (tmp_path / name for name in ("seen", "reached", "gate"))
    os.mkfifo(reached)
    os.mkfifo(gate)
    batches = with_bad((205, "slow"))
    stage = partial(leave_a_trace, seen=seen)
    work = partial(supervise, stage, jobs=2, timeout=60, ordered=False, encode=json_line)

    answered: set[int] = set()

    def go(most: int) -> list[bytes]:
        lines: list[bytes] = []
        with Checkpoint(str(tmp_path / "out"), Identity("", {}, {})) as saved:
            answers = work(saved.remaining(batches))
            for at, batch, answer in islice(answers, most):
                answered.add(at)
                saved.add(at, batch, answer.found[0], answer.rejects, answer.counts)
                lines += [finished.records for finished in saved.ready()]
            if most < len(batches):
                reached.read_text()  # waits for the process that comes to document 205
                answers.close()
                raise InterruptedError
        return lines

    with pytest.raises(InterruptedError):
        go(30)
    first = frozenset(answered)
    for pipe in (reached, gate):
        pipe.unlink()
        pipe.touch()
    ended = Counter(seen.read_text().split())
    assert "204" in ended and "206" not in ended and len(ended) >= 300
    seen.write_text("")
    lines = go(len(batches))
    assert b"".join(lines) == b"".join(map(json_line, chain(*batches)))
    again = ended + Counter(seen.read_text().split())
    assert again.keys() == {str(n) for n in range(400)}
    twice = {int(n) // 10 for n in again if again[n] > 1}
    assert 20 in twice and not twice & first


def test_workers_retire(start: str) -> None:
    found = [
        record
        for _, _, answer in supervise(hang, with_bad(), jobs=1, retire=15)
        for record in answer.found
    ]
    assert [record["id"] for record in found] == [str(n) for n in range(400)]
    assert len({record["process"] for record in found}) == 3


def test_a_worker_that_cannot_start_is_said(start: str) -> None:
    with pytest.raises(KorpusError, match="a worker process died"):
        list(supervise(die_at_start, with_bad(), jobs=2))


def test_a_document_whose_answer_cannot_be_sent_is_set_aside(start: str) -> None:
    rejects = []
    for _, batch, answer in supervise(unsendable, with_bad((3, "bad"), (399, "bad")), jobs=2):
        assert len(answer.found) + len(answer.rejects) == len(batch)
        rejects += answer.rejects
    assert [(record["id"], record["error"]) for record in rejects] == [
        ("3", "unsent"),
        ("399", "unsent"),
    ]
    with pytest.raises(KorpusError, match="cannot be sent between processes"):
        list(run(unsendable, with_bad((399, "bad")), jobs=2))


@pytest.mark.parametrize("where", ["stage", "sending"])
def test_too_little_memory_in_a_worker_is_said_as_that(where: str) -> None:
    with pytest.raises(MemoryError):
        list(run(partial(greedy, where=where), batches(), jobs=2))


@pytest.mark.parametrize("depth", [600, 1000])
def test_deep_lists_are_sent(start: str, depth: int) -> None:
    nested: list[object] = []
    for _ in range(depth):
        nested = [nested]
    given = [[{**record, "nested": nested} for record in batch] for batch in with_bad()[:20]]
    found = list(run(shout_ok, given, jobs=2))
    assert len(found) == 200 and {len(record["nested"]) for record in found} == {1}


def test_options_are_checked_before_reading() -> None:
    def unread() -> Iterator[list[Record]]:
        raise AssertionError("it was read")
        yield []

    with pytest.raises(UsageError):
        run(bad_option, unread())


@pytest.mark.xdist_group("long tokens")
@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
@pytest.mark.parametrize("arguments", [["freq"], ["stopwords"]], ids=" ".join)
def test_a_command_whose_worker_is_killed(
    long_tokens: Path, tmp_path: Path, arguments: list[str]
) -> None:
    output = tmp_path / "out.jsonl"
    command = support.start(
        *arguments, "-", "-j", "2", "-o", output, stdin=PIPE, stderr=PIPE, stdout=PIPE
    )
    assert command.stdin is not None
    data = long_tokens.read_bytes()
    command.stdin.write(data[: len(data) - 100])
    command.stdin.flush()
    workers = children(command.pid)
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    _, errors = command.communicate(data[len(data) - 100 :])
    assert command.returncode == 0, errors
    expected = korpus(*arguments, long_tokens, "-j", 1, "-o", tmp_path / "one.jsonl")
    assert expected.returncode == 0
    assert output.read_bytes() == (tmp_path / "one.jsonl").read_bytes()


@pytest.mark.xdist_group("taggers")
@pytest.mark.parametrize("analyzer", ["mecab", "kiwi", "hannanum"])
def test_jobs_never_change_the_output(tmp_path: Path, analyzer: str) -> None:
    """Those that start slowly make the output of one process in this one."""
    size = {"mecab": 60_000, "kiwi": 300, "hannanum": 5000}[analyzer]
    texts = [f"{i}번째 문서입니다. 나는 어제 학교에 갔다." for i in range(size // 20)]
    source = tmp_path / "many.txt"
    source.write_text("\n".join([*texts, "", "끝"]) + "\n")
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    for jobs, output in ((1, one), (2, two)):
        if jobs == 1 and analyzer != "mecab":
            write_records(morph(read(source), analyzer), str(output))
            continue
        done = korpus("morph", source, "-a", analyzer, "-j", jobs, "-o", output)
        assert done.returncode == 0, done.stderr
        assert done.stderr.startswith("korpus: 1 document blank: kept, with no tokens\n")
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.xdist_group("long tokens")
@pytest.mark.parametrize("quiet", [[], ["-q"]], ids=["", "quiet"])
def test_spawned_workers_give_the_same_output_and_messages(
    long_tokens: Path, tmp_path: Path, quiet: list[str]
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("가,나\n물\n")  # about which stopwords says something, once
    done = {}
    for name, start in (("fork", ["-m", "korpus"]), ("spawn", ["-c", SPAWNED])):
        done[name] = subprocess.run(
            [sys.executable, *start, "stopwords", long_tokens, "--list", words, "-j", "2", *quiet],
            capture_output=True,
            env=environment(),
            cwd=ROOT,
        )
        assert done[name].returncode == 0, done[name].stderr
    assert done["spawn"].stdout == done["fork"].stdout
    assert done["spawn"].stderr == done["fork"].stderr
    assert done["fork"].stderr.count(b"contains a comma") == (0 if quiet else 1)


WITHOUT_POSIX = """
import os, signal, sys, types
for name in ("fcntl", "resource", "termios", "pwd", "grp", "syslog", "tty"):
    sys.modules[name] = None  # importing it fails
del signal.pthread_sigmask, signal.SIGHUP, signal.SIGALRM, os.fork, os.getuid
import korpus.analyzers
from korpus.workers import process, run
from tests.stages import batches, shout_ok
process.sys = types.SimpleNamespace(platform="win32")
process.Path = None  # there is no /proc: looking there raises

if __name__ == "__main__":
    found = list(run(shout_ok, batches(), jobs=2))
    print(len(found), len({record["process"] for record in found} - {os.getpid()}))
"""


def test_workers_need_nothing_that_windows_lacks(tmp_path: Path) -> None:
    """As far as can be tried here: with POSIX modules hidden and the spawn start method."""
    script = tmp_path / "script.py"
    script.write_text(WITHOUT_POSIX)
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        env={**environment(), "PYTHONPATH": path},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "3000 2\n", "")


@pytest.fixture(scope="module")
def long_tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token file that is long enough for workers: blank lines, strange ones, ids left out."""
    path = tmp_path_factory.mktemp("long") / "tokens.jsonl"
    tokens = '"tokens":["나","는","학교","에","물"],"tags":["NP","JX","NNG","JKB","NNG"]'
    note = "학교에 물 " * 20  # blocks have about so many bytes, whatever is in them
    documents = [
        f'{{"id":"a{i}","text":"나는","note":"{note}",{tokens},"analyzer":"mecab"}}\n'
        + (f'{{"text":"x","n":{i},{tokens}}}\n\n' if i % 1000 == 0 else "")
        + (f' {{"text":7,"id":{i},{tokens}}}\r\n' if i % 1500 == 0 else "")
        for i in range(50_000)
    ]
    path.write_bytes(b"\xef\xbb\xbf" + "".join(documents).encode())
    assert sum(1 for _ in read_batches(str(path), size=TOKEN_BATCH)) > WORTHWHILE
    return path


@pytest.mark.xdist_group("long tokens")
@pytest.mark.parametrize(
    "arguments",
    [["stopwords"], ["stopwords", "--min-length", "2", "-f", "tagged"]],
    ids=lambda arguments: " ".join(arguments),
)
def test_blocks_of_lines_are_what_the_lines_are(long_tokens: Path, arguments: list[str]) -> None:
    one, two = (korpus(*arguments, long_tokens, "-j", jobs) for jobs in (1, 2))
    assert one.returncode == two.returncode == 0, two.stderr
    assert one.stdout == two.stdout and one.stderr == two.stderr
    piped = korpus(*arguments, "-j", 2, stdin=long_tokens.read_bytes())
    assert piped.stdout == one.stdout and piped.stderr == one.stderr
    records = read(long_tokens)  # as a library, without blocks
    if arguments == ["stopwords"]:
        assert one.stdout == b"".join(map(json_line, stopwords(records))).decode()


@pytest.mark.xdist_group("long tokens")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id":', "line 50135: broken JSON"),
        ('{"id":"x","text":"나"}', "document 'x' has no tokens"),
        (
            '{"id":"x","text":"나","tokens":["나",1],"tags":["NP","NP"]}',
            "'x': tokens is not",
        ),
        ('{"id":"x","text":"나","tokens":["나"],"tags":[]}', "'x' has 1 token but 0 tags"),
        ('{"id":"x","tokens":[],"tags":[]}', "document 50085 has no column 'text'"),
    ],
)
def test_a_broken_line_is_named_in_a_worker_too(
    tmp_path: Path, long_tokens: Path, line: str, said: str
) -> None:
    source = tmp_path / "broken.jsonl"
    source.write_bytes(long_tokens.read_bytes() + f"{line}\n".encode())
    done = korpus("stopwords", source, "--strict", "-j", 2, "-o", tmp_path / "out.jsonl")
    assert done.returncode == 1 and said in done.stderr
    assert ("hint: run: korpus morph" in done.stderr) == ("has no tokens" in said)
    assert not (tmp_path / "out.jsonl").exists()


def test_a_slow_pipe_goes_on_streaming() -> None:
    command = support.start("stopwords", "-q", stdin=PIPE, stdout=PIPE)
    assert command.stdin is not None and command.stdout is not None
    for _ in range(3):
        command.stdin.write(TOKENS.encode() * 100)  # more than standard output keeps back
        command.stdin.flush()
        assert command.stdout.readline().lstrip(b" ").startswith(b'{"id":"1"')
    command.stdin.close()
    assert command.stdout.read().count(b"\n") == 297
    assert command.wait() == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (9, -9)])
def test_workers_go_with_their_parent(tmp_path: Path, number: int, code: int) -> None:
    """All end though standard input stays open."""
    line = ("morph", "-", "-j", "2", "-o", tmp_path / "o.jsonl")
    command = support.start(*line, stdin=PIPE, stderr=PIPE, start_new_session=True)
    assert command.stdin is not None and command.stderr is not None
    command.stdin.write((lines({"text": "나는 학교에 간다. " * 20}) * 8000).encode())
    command.stdin.flush()
    wait_for_file(tmp_path, lambda: len(children(command.pid)) >= 2, command)
    processes = Ends([command.pid, *children(command.pid)])
    (os.killpg if number == signal.SIGINT else os.kill)(command.pid, number)
    assert processes.wait(60)
    errors = command.stderr.read()
    assert command.wait() == code
    assert errors == b"" if code == -9 else b"saved: repeat the command to resume" in errors
    command.stdin.close()


HANGING = """
import re, sys
from korpus.workers import supervise

def hang(documents, *, counts=None, rejects=None):
    for record in documents:
        print("hangs", file=sys.stderr, flush=True)
        re.match("(a+)+$", "a" * 60 + "b")  # the interpreter's lock is held all the time
        yield record

list(supervise(hang, [[{"id": "1", "text": "가"}]], jobs=1))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of this")
def test_a_worker_in_a_call_that_hangs_goes_with_its_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", HANGING], stderr=PIPE, cwd=ROOT, env=environment()
    )
    assert parent.stderr is not None and parent.stderr.readline() == b"hangs\n"
    parent.kill()
    assert parent.stderr.read() == b""  # the worker has the pipe too
    parent.wait()
