"""The front door: help, start-up, messages, signals."""

import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

import korpus as package
from korpus.cli import COMMANDS
from tests.support import ROOT, SAMPLE, TOKENS, environment, korpus, shell

HEAVY = ("numpy", "scipy", "pandas", "sklearn", "gensim", "matplotlib", "pyarrow", "konlpy")
HEAVY += ("kiwipiepy", "wordcloud", "PIL", "jpype", "mecab", "orjson", "safetensors", "tqdm")
NAMES = [name for commands in COMMANDS.values() for name in commands]


def test_help_groups_the_commands() -> None:
    done = korpus("--help")
    assert done.returncode == 0
    shown = [s for group, c in COMMANDS.items() for s in (f"─ {group} ─", *(f"│ {n} " for n in c))]
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
    assert set(NAMES) <= set(done.stdout.split())


def test_a_misspelt_command_is_told_its_name() -> None:
    done = korpus("mroph")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "korpus: error: No such command 'mroph'. Did you mean 'morph'?",
        "hint: korpus --help",
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
    assert not set(HEAVY) & loaded_modules("import korpus.cli")
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
    run = f"sys.argv = ['korpus', '-q', '{command}']\nimport korpus.cli\n"
    run += f"sys.stdin = open({str(ROOT / 'tests' / 'data' / 'tokens.jsonl')!r})\n"
    run += "try: korpus.cli.main()\nexcept SystemExit as end: assert end.code == 0"
    assert set(HEAVY) & loaded_modules(run) <= allowed


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_is_a_function_of_the_same_name(name: str) -> None:
    name = name.replace("-", "_")
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
    broken += "f.read_batches = boom\nimport sys\nfrom korpus.cli import main\nmain()"
    for arguments, traceback in ((["read", "a"], False), (["read", "a", "--debug"], True)):
        done = subprocess.run(
            [sys.executable, "-c", broken, *arguments], capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 1
        assert ("Traceback" in done.stderr) is traceback
        assert "RuntimeError" in done.stderr


def start(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "korpus", *map(str, arguments)],
        env=environment(),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("analyzer", ["mecab", "okt", "kiwi"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_stop_quickly_and_leave_nothing(
    tmp_path: Path, analyzer: str, number: int, code: int
) -> None:
    output = tmp_path / "out.jsonl"
    process = start("morph", "-", "-a", analyzer, "-o", output, stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b'{"text":"' + "나는 학교에 간다 ".encode() * 40 + b'"}\n')
    process.stdin.flush()
    deadline = time.monotonic() + 30
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)  # the partial file shows that the analyzer is loaded
    began = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert time.monotonic() - began < 2
    assert errors == b"" and list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_ctrl_c_is_quiet_while_korpus_is_imported() -> None:
    process = start("freq", "-", stdin=subprocess.PIPE)
    status = Path(f"/proc/{process.pid}/status")
    handled = []  # whether Python turns SIGINT into an exception: at its start, and not then
    deadline = time.monotonic() + 10
    while handled[-2:] != [True, False] and time.monotonic() < deadline:
        caught = int(status.read_text().split("SigCgt:")[1].split()[0], 16)
        is_handled = bool(caught & 1 << signal.SIGINT - 1)
        if handled[-1:] != [is_handled]:
            handled.append(is_handled)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT and errors == b""


@pytest.mark.parametrize("analyzer", ["mecab", "okt"])
def test_head_ends_a_chain_quietly(analyzer: str) -> None:
    done = shell(f"set -o pipefail; korpus morph {SAMPLE} -a {analyzer} | head -1")
    assert done.returncode == 0
    assert done.stderr == "" and len(done.stdout.splitlines()) == 1


def test_a_token_stream_is_passed_on_before_it_ends() -> None:
    process = start("stopwords", "-q", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(TOKENS.encode() * 400)
    process.stdin.flush()
    assert process.stdout.readline().startswith(b' {"id":"1"')
    process.stdin.close()
    process.stdout.read()
    assert process.wait(30) == 0


def in_terminal(*arguments: object, plain: bool = False) -> tuple[int, str]:
    """Run in a pseudo-terminal: the exit code, and what is shown."""
    main, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (40, 100))
    process = subprocess.Popen(
        [sys.executable, "-m", "korpus", *map(str, arguments)],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment(),
        cwd=ROOT,
    )
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(main, 65536):
            shown += chunk
    except OSError:
        pass
    os.close(main)
    text = re.sub("\x1b\\[[0-9;]*m", "", shown.decode()) if plain else shown.decode()
    return process.wait(60), text.replace("\r\n", "\n")


@pytest.mark.parametrize("name", ["read", "morph", "stopwords", "freq", "tfidf", "info"])
def test_a_terminal_as_input_shows_help(name: str) -> None:
    code, shown = in_terminal(name, plain=True)
    assert code == 2
    assert f"Usage: korpus {name}" in shown and "standard input is a terminal" in shown


def test_a_terminal_shows_tagged_tokens_and_aligned_tables(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("나는\x1b[31m 학교에 간다\n")
    code, shown = in_terminal("morph", tmp_path / "a.txt", "-q")
    assert code == 0 and shown.startswith("나/NP 는/JX") and "\x1b" not in shown
    (tmp_path / "a.jsonl").write_text(TOKENS)
    code, shown = in_terminal("freq", tmp_path / "a.jsonl", "-q")
    assert shown.splitlines()[0].split() == ["term", "tag", "count", "documents", "share"]


def test_binary_formats_are_kept_from_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(TOKENS)
    code, shown = in_terminal("freq", tmp_path / "a.jsonl", "-f", "xlsx")
    assert code == 2 and "give -o FILE" in shown


def test_a_terminal_shows_progress_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text(TOKENS * 400_000)
    for source, command in ((SAMPLE, "morph"), (tmp_path / "many.jsonl", "stopwords")):
        code, shown = in_terminal(command, source, "-o", tmp_path / "out.jsonl")
        assert code == 0 and "0.00B of" in shown
    assert re.search(r"[\d.]+MB of [\d.]+MB, [\d,]+ documents, [\d,]+ a second, \d", shown)
    code, shown = in_terminal("morph", SAMPLE, "-o", tmp_path / "out.jsonl", "-q")
    assert code == 0 and shown == ""
