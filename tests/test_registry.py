"""The registry of commands, the lazy application and what `command` makes of a function."""

import inspect
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated

import pytest
import typer

from korpus.cli import app, registry
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, TokenSource
from korpus.cli.options import Reads, Writes
from korpus.cli.outputs import TableOutput, TopicOutput
from korpus.cli.plots import Plot
from korpus.cli.training_options import FolderOutput
from tests.support import korpus

# How to read, write and run is for the command line; Python has lists, variables and threads.
COMMAND_LINE_ONLY = {
    *(
        field.name
        for group in (DocumentReading, TokenSource, TopicOutput, Plot, FolderOutput)
        for field in fields(group)
    ),
    *(
        "sources",
        "timeout",
        "rejects",
        "resume",
        "restart",
        "jobs",
        "on",
        "words_report",
        "show",
        "lists",
        "matrix",
        "members",
        "nodes",
        "summary",
        "periods",
        "priors",
        "density",
        "image",
        "export",
        "arpa",
        "triples",
        "diff",
    ),
    "query_file",
    *("terms", "rows", "overall", "series", "tests", "inertia", "expected"),
    *("confusion", "errors", "telling", "save_lexicon", "named", "write_key", "score", "key"),
    *("chart", "reduce", "bars", "bib", "table"),  # of pictures; of methods
    *("graph", "from_history"),  # of run
    *("code", "sample"),  # of reliability: files of coders, and the stage coder_sheet
}


def parameters(name: str) -> dict[str, inspect.Parameter]:
    entry = next(entry for entry in registry.COMMANDS if entry.name == name)
    return dict(inspect.signature(registry.load(entry.target)).parameters)


@pytest.mark.parametrize("entry", registry.COMMANDS, ids=lambda entry: entry.name)
def test_command_line_and_python_name_options_alike(entry: registry.Command) -> None:
    ours = parameters(entry.name).keys() - {"ctx"} - COMMAND_LINE_ONLY
    if entry.name == "wordcloud":
        ours -= {"by"}  # Python gives it a table of `freq(by=…)`
    assert ours <= inspect.signature(registry.load(entry.stage)).parameters.keys()


def test_help_loads_no_command() -> None:
    done = korpus("--help")
    assert done.returncode == 0
    code = "import sys; sys.argv = ['korpus', '--help']\nfrom korpus.cli.main import main\n"
    code += "try: main()\nfinally: print(*[m for m in sys.modules if 'korpus.commands' in m])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert shown.stdout.splitlines()[-1] == ""


def test_two_words_make_a_group(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    zoo = [
        registry.Command(f"zoo {word}", "Model", f"{word} it.", "", "x", "korpus:read")
        for word in ("train", "score")
    ]
    monkeypatch.setattr(registry, "COMMANDS", (*registry.COMMANDS, *zoo))
    monkeypatch.setitem(registry.SUMMARIES, "zoo", "Animals.")
    called = []

    def score() -> None:
        """Example: korpus zoo score"""
        called.append("score")

    load = registry.load
    loaded = {"korpus.commands.model.zoo_score:zoo_score": score}
    monkeypatch.setattr(registry, "load", lambda target: loaded.get(target) or load(target))
    group = app.make_app()
    group(["zoo", "score"], prog_name="korpus", standalone_mode=False)
    assert called == ["score"]
    group(["zoo", "--help"], prog_name="korpus", standalone_mode=False)
    shown = capsys.readouterr().out
    assert "score it." in shown and "train it." in shown
    group(["--help"], prog_name="korpus", standalone_mode=False)
    assert "Animals." in capsys.readouterr().out


def test_a_second_word_may_be_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    embed = registry.Command("topics embed", "Model", "", "", "", "korpus:read")
    monkeypatch.setattr(registry, "COMMANDS", (*registry.COMMANDS, embed))
    monkeypatch.chdir(tmp_path)
    for given, meant in (
        ("topics x.safetensors --terms", "topics show x.safetensors --terms"),
        ("topics --terms x.safetensors", "topics show --terms x.safetensors"),
        ("topics x.safetensors -h", "topics show x.safetensors -h"),
        ("topics --embed x.jsonl", "topics embed x.jsonl"),
        ("topics x.jsonl -k 5 --embed", "topics embed x.jsonl -k 5"),
    ):
        assert registry.full_name(given.split()) == meant.split()
    for given in ("", "topics", "topics -h", "topics embed x", "topics shwo x", "lda --embed"):
        assert registry.full_name(given.split()) == given.split()
    (tmp_path / "shwo").touch()
    assert registry.full_name(["topics", "shwo"]) == ["topics", "show", "shwo"]


@dataclass(frozen=True)
class Size:
    width: Annotated[int, typer.Option("--width")] = 3


def test_a_group_of_options_becomes_options() -> None:
    seen = []

    @command
    def toy(size: Size, source: TokenSource, out: TableOutput, name: str = "x") -> None:
        """Example: korpus toy"""
        seen.append((size, source.source, out.format, name))

    single = typer.Typer(add_completion=False)
    single.command()(toy)
    typer.main.get_command(single)(
        ["a.jsonl", "--width", "5", "-f", "csv", "--name", "y"], standalone_mode=False
    )
    assert seen == [(Size(5), "a.jsonl", "csv", "y")]


def test_outputs_are_checked_before_the_command_runs(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text("")

    @command
    def toy(
        given: Annotated[str, typer.Option("--given"), Reads()],
        out: TableOutput,
        other: Annotated[str | None, typer.Option("--other"), Writes((".npz",))] = None,
    ) -> None:
        """Example: korpus toy"""
        raise AssertionError("it ran")

    single = typer.Typer(add_completion=False)
    single.command()(toy)
    run = typer.main.get_command(single)
    for wrong, message in (
        (["-o", str(source)], "input"),
        (["-o", str(tmp_path)], "folder"),
        (["-o", str(tmp_path / "x.npz"), "-f", "csv", "--other", str(tmp_path / "x.npz")], "both"),
        (["-o", str(tmp_path / "no" / "x.csv")], "folder"),
        (["--other", str(tmp_path / "x.csv")], ".npz"),
        (["-f", "docx"], "docx"),
    ):
        with pytest.raises(Exception, match=message):
            run(["--given", str(source), *wrong], standalone_mode=False)


def test_no_clobber_and_force(tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    output.write_text("old")
    tokens = '{"id":"1","tokens":["가"],"tags":["NNG"]}\n'
    done = korpus("freq", "-o", output, "--no-clobber", stdin=tokens)
    assert done.returncode == 1 and "--no-clobber" in done.stderr
    assert output.read_text() == "old"
    assert korpus("freq", "-o", output, stdin=tokens).returncode == 0
    assert output.read_text().startswith("term,")
    assert korpus("freq", "-o", output, "--force", stdin=tokens).returncode == 0


def test_the_hint_repeats_the_command(tmp_path: Path) -> None:
    source = tmp_path / "a b.csv"
    source.write_text("id,text\n1,나는\n")
    done = korpus("freq", source, "--top", "3")
    expected = f"hint: run: korpus morph '{source}' | korpus freq --top 3\n"
    assert done.returncode == 1 and done.stderr.endswith(expected)
