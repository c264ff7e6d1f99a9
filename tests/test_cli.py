"""The front door: help, start-up, messages, signals."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

import korpus as package
from korpus.cli.registry import COMMANDS, DEFAULTS, GROUPS
from tests.events import wait_for_file
from tests.support import ROOT, SAMPLE, TOKENS, environment, in_terminal, korpus, shell, start

HEAVY = ("numpy", "scipy", "pandas", "sklearn", "gensim", "matplotlib", "pyarrow", "konlpy")
HEAVY += ("kiwipiepy", "wordcloud", "PIL", "jpype", "mecab", "orjson", "safetensors", "tqdm")
NAMES = [command.name for command in COMMANDS]


def first_words(group: str) -> list[str]:
    """The commands of a group as help shows them: those of two words by the first."""
    return list(dict.fromkeys(c.name.split()[0] for c in COMMANDS if c.group == group))


def test_help_groups_the_commands() -> None:
    done = korpus("--help")
    assert done.returncode == 0
    groups = [group for group in GROUPS if any(c.group == group for c in COMMANDS)]
    shown = [
        text
        for group in groups
        for text in (f"─ {group} ─", *(f"│ {name} " for name in first_words(group)))
    ]
    places = [done.stdout.index(text) for text in shown]
    assert places == sorted(places)


def test_no_arguments_show_help() -> None:
    done = korpus()
    assert done.returncode == 2 and "Usage: korpus" in done.stdout + done.stderr
    assert "error" not in done.stderr


def test_version() -> None:
    assert korpus("--version").stdout == f"korpus {package.__version__}\n"


def test_completion_knows_the_commands() -> None:
    done = shell("_KORPUS_COMPLETE=complete_bash COMP_WORDS='korpus ' COMP_CWORD=1 korpus")
    assert {name.split()[0] for name in NAMES} <= set(done.stdout.split())


def test_a_misspelt_command_is_told_its_name() -> None:
    done = korpus("mroph")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "korpus: error: no such command: mroph",
        "hint: did you mean morph?",
    ]


def loaded_modules(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        input="",
    )
    return {name.split(".")[0] for name in done.stderr.split()}


def test_nothing_heavy_loads_before_a_command_needs_it() -> None:
    assert not set(HEAVY) & loaded_modules("import korpus.cli.main")
    assert not set(HEAVY) & loaded_modules("import korpus")


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        ("read", {"orjson"}),
        ("morph", {"orjson", "mecab"}),
        ("stopwords", {"orjson"}),
        ("freq", {"orjson"}),
    ],
)
def test_streaming_commands_load_only_what_they_use(command: str, allowed: set[str]) -> None:
    run = f"sys.argv = ['korpus', '-q', '{command}']\nimport korpus.cli.main\n"
    run += f"sys.stdin = open({str(ROOT / 'tests' / 'data' / 'tokens.jsonl')!r})\n"
    run += "try: korpus.cli.main.main()\nexcept SystemExit as end: assert end.code == 0"
    assert set(HEAVY) & loaded_modules(run) <= allowed


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_is_a_function_of_the_same_name(name: str) -> None:
    first, *rest = name.split()
    if rest == [DEFAULTS.get(first)]:  # the stage of `topics show` is korpus.topics
        name = first
    name = name.replace("-", "_").replace(" ", "_")
    stage = getattr(package, name)
    assert stage.__name__ == name
    doc = stage.__doc__ or ""
    assert doc.splitlines()[0].endswith(".") or "?" in doc.splitlines()[0]
    assert "Columns" in doc or "Out: " in doc


def test_unknown_attribute() -> None:
    with pytest.raises(AttributeError, match="lda2"):
        package.lda2  # noqa: B018


def test_unexpected_errors_are_one_line_unless_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = "import korpus.files as f\ndef boom(*a, **k): raise RuntimeError('x')\n"
    broken += "f.read_batches = boom\nimport sys\nfrom korpus.cli.main import main\nmain()"
    for arguments, traceback in ((["read", "a"], False), (["read", "a", "--debug"], True)):
        done = subprocess.run(
            [sys.executable, "-c", broken, *arguments], capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 1
        assert ("Traceback" in done.stderr) is traceback
        assert "RuntimeError" in done.stderr


@pytest.mark.parametrize("analyzer", ["mecab", "hannanum", "kiwi"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_it_at_once_and_leave_nothing(
    tmp_path: Path, analyzer: str, number: int, code: int
) -> None:
    """It ends though its input goes on: standard input stays open."""
    output = tmp_path / "out.jsonl"
    process = start("morph", "-", "-a", analyzer, "-o", output, stdin=PIPE, stderr=PIPE)
    assert process.stdin is not None and process.stderr is not None
    process.stdin.write(b'{"text":"' + "나는 학교에 간다 ".encode() * 40 + b'"}')
    process.stdin.flush()  # the line goes on, so nothing of it is saved
    # The partial file shows that the analyzer is loaded.
    wait_for_file(tmp_path, lambda: any(tmp_path.iterdir()), process)
    process.send_signal(number)
    assert process.stderr.read() == b""
    assert process.wait() == code
    assert list(tmp_path.iterdir()) == []
    process.stdin.close()


def test_ctrl_c_is_quiet_while_korpus_is_imported(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import sys; print('importing'); sys.stdin.read()")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    variables = {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
    process = start(
        "freq", "-", stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment() | variables
    )
    assert process.stdout is not None and process.stdout.readline() == b"importing\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == -signal.SIGINT and errors == b""


def test_head_ends_a_chain_quietly() -> None:
    done = shell(f"set -o pipefail; korpus morph {SAMPLE} | head -1", fresh=True)
    assert done.returncode == 0
    assert done.stderr == "" and len(done.stdout.splitlines()) == 1


def test_a_token_stream_is_passed_on_before_it_ends() -> None:
    process = start("stopwords", "-q", stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(TOKENS.encode() * 400)
    process.stdin.flush()
    assert process.stdout.readline().startswith(b' {"id":"1"')
    process.stdin.close()
    process.stdout.read()
    assert process.wait() == 0


def test_a_terminal_shows_tagged_tokens_and_aligned_tables(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("나는\x1b[31m 학교에 간다\n")
    code, shown = in_terminal("morph", tmp_path / "a.txt", "-q")
    assert code == 0 and shown.startswith("나/NP 는/JX") and "\x1b" not in shown
    (tmp_path / "a.jsonl").write_text(TOKENS)
    code, shown = in_terminal("freq", tmp_path / "a.jsonl", "-q")
    assert shown.splitlines()[0].split() == ["term", "tag", "count", "df", "share"]


def test_binary_formats_are_kept_from_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(TOKENS)
    code, shown = in_terminal("freq", tmp_path / "a.jsonl", "-f", "xlsx")
    assert code == 2 and "give -o FILE" in shown


def test_a_terminal_shows_progress_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text(TOKENS * 200_000)
    for source, command in ((SAMPLE, "morph"), (tmp_path / "many.jsonl", "stopwords")):
        code, shown = in_terminal(command, source, "-o", tmp_path / "out.jsonl")
        assert code == 0 and "0.00B of" in shown
    assert re.search(r"[\d.]+MB of [\d.]+MB, [\d,]+ documents, [\d,]+ per second, \d", shown)
    code, shown = in_terminal("morph", SAMPLE, "-o", tmp_path / "out.jsonl", "-q")
    assert code == 0 and shown == ""


def test_quiet_goes_together_with_other_short_options(tmp_path: Path) -> None:
    assert korpus("freq", "-qf", "json", stdin=TOKENS).stdout.startswith("[")
    assert korpus("freq", "-qv", stdin=TOKENS).stderr == ""
    assert korpus("freq", "-vqo", tmp_path / "a.csv", stdin=TOKENS).stderr == ""
    assert (tmp_path / "a.csv").exists()


@pytest.mark.parametrize(
    ("command", "more"), [("topics", []), ("infer", ["-"]), ("similar", ["가"])]
)
def test_tokens_are_no_model(tmp_path: Path, command: str, more: list[str]) -> None:
    path = tmp_path / "tokens.jsonl"
    path.write_text(TOKENS)
    done = korpus(command, path, *more)
    assert done.returncode == 1 and "tokens.jsonl: holds records, not a model" in done.stderr


@pytest.mark.parametrize("command", [["lda", "-k", "1"], ["stopwords"], ["freq"]])
def test_a_table_has_no_tokens(command: list[str]) -> None:
    table = korpus("freq", stdin=TOKENS).stdout
    done = korpus(*command, stdin=table)
    assert done.returncode == 1 and "a table of terms or topics, not documents" in done.stderr


def test_an_option_that_is_given_twice_is_said() -> None:
    source = '{"id":"1","tokens":["가"],"tags":["NNG"],"a":"x","b":"y"}\n'
    done = korpus("tfidf", "--by", "a", "--by", "b", stdin=source)
    assert "korpus: --by is given 2 times: only the last one counts" in done.stderr
    assert done.stdout.startswith("b,term")
    assert "times" not in korpus("morph", "-c", "a", "-c", "b", stdin=source).stderr  # repeatable


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (["-o", "--top", "5"], "--output"),
        (["--by", "--top", "5"], "--by"),
        (["--top", "-o"], "--top"),
    ],
)
def test_an_option_is_not_the_value_of_another(
    tmp_path: Path, options: list[str], name: str
) -> None:
    done = korpus("freq", *options, stdin=TOKENS, cwd=tmp_path)
    assert done.returncode == 2 and f"error: {name}: a value is missing" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cluster -k 3 --method hdbscan", "--clusters does nothing with --method hdbscan"),
        ("cluster --min-size 3", "--min-size does nothing with --method kmeans"),
        ("cluster --features tfidf --dimensions 9", "--dimensions does nothing with --features"),
        ("compare --nearest 2 --top 5", "--top does nothing with --nearest"),
        ("lexical --top 5", "--top does nothing without --dispersion"),
        ("lexical --dispersion --window 5", "--window does nothing with --dispersion"),
        ("correspondence --by id --term 가 --min-count 2", "--min-count does nothing with --term"),
        ("correspondence --by id --term 가 --concept x", "--concept does nothing with --term"),
        ("trend --date id --concept x --top 3", "--top does nothing with --concept"),
        ("ngrams --join --top 3", "--top does nothing with --join"),
        ("reliability --sample 3 --level ratio", "--level does nothing with --sample"),
    ],
)
def test_an_option_that_does_nothing_is_refused(line: str, message: str) -> None:
    done = korpus(*line.split(), stdin=TOKENS)
    assert done.returncode == 2 and message in done.stderr and "hint: leave" in done.stderr


def test_an_option_may_be_given_its_default_where_it_counts() -> None:
    done = korpus("lexical", "--dispersion", "--min-count", 1, "--top", 3, stdin=TOKENS)
    assert done.returncode == 0, done.stderr
