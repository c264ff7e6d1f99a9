"""Edge cases that every command which reads a source must survive."""

import os
import re
import subprocess
import sys
from inspect import getdoc
from pathlib import Path
from typing import ClassVar

from korpus.cli.registry import COMMANDS, load
from tests.support import ROOT, SENTENCE, TOKENS, environment, korpus

COMMAND = {command.name: load(command.target) for command in COMMANDS}


class SourceCases:
    """Mixed into the test class of a command.

    `command`: its name. `arguments`: what it needs besides a source. `good`: text of a source it
    takes; `suffix`: that source's format. `writes`: whether -o names a file that it writes.
    """

    command: ClassVar[str]
    arguments: ClassVar[list[str]] = []
    good: ClassVar[str] = TOKENS
    suffix: ClassVar[str] = ".jsonl"
    empty_is_error: ClassVar[bool] = False

    def run(self, *more: object, stdin: str | bytes = b"") -> subprocess.CompletedProcess[str]:
        return korpus(self.command, *more, *self.arguments, stdin=stdin)

    def test_help_names_columns_and_an_example(self) -> None:
        done = korpus(self.command, "--help", columns=80)
        assert done.returncode == 0
        assert "Out: " in done.stdout or "-o" in done.stdout
        (example,) = re.findall(r"^ *Example: (korpus .*)$", done.stdout, re.M)
        doc = getdoc(COMMAND[self.command]) or ""
        assert doc.endswith(f"Example: {example.rstrip()}"), "it does not fit on one line"

    def test_missing_file_is_one_line_and_a_hint(self, tmp_path: Path) -> None:
        done = self.run(tmp_path / "nowhere.jsonl")
        assert done.returncode == 1
        assert done.stdout == ""
        error, hint = done.stderr.splitlines()
        assert error.startswith("korpus: error: ") and "nowhere.jsonl: no such file" in error
        assert hint.startswith("hint: ")

    def test_unknown_option_is_usage(self) -> None:
        done = self.run("--no-such-option")
        assert done.returncode == 2
        assert done.stderr.startswith("korpus: error: No such option: --no-such-option")

    def test_empty_source(self, tmp_path: Path) -> None:
        source = tmp_path / "empty.jsonl"
        source.write_text("")
        done = self.run(source)
        assert done.returncode == (1 if self.empty_is_error else 0)
        assert "empty" in done.stderr
        assert "Traceback" not in done.stderr

    def test_broken_json_line_is_numbered(self, tmp_path: Path) -> None:
        source = tmp_path / "broken.jsonl"
        source.write_text(TOKENS + '{"id": "2", \n')
        done = self.run(source)
        assert done.returncode == 1
        assert "broken.jsonl: line 2: broken JSON" in done.stderr
        assert len(done.stderr.splitlines()) == 2

    def test_standard_input_gives_what_the_file_gives(self, tmp_path: Path) -> None:
        source = tmp_path / f"good{self.suffix}"
        source.write_text(self.good)
        from_file, from_pipe = self.run(source), self.run(stdin=self.good)
        assert from_file.returncode == from_pipe.returncode == 0, from_file.stderr
        assert from_file.stdout == from_pipe.stdout

    def test_folder_as_output_is_refused(self, tmp_path: Path) -> None:
        done = korpus(self.command, *self.output_to(tmp_path), stdin=self.good)
        assert done.returncode in (1, 2)
        assert "korpus: error: " in done.stderr and "hint: " in done.stderr

    def test_unwritable_output_leaves_nothing(self, tmp_path: Path) -> None:
        output = tmp_path / "no" / "such" / f"folder{self.output_suffix()}"
        done = korpus(self.command, *self.output_to(output), stdin=self.good)
        assert done.returncode == 1
        assert "cannot be written" in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_full_disk_is_said(self) -> None:
        if not Path("/dev/full").exists():
            return
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "korpus", self.command, *self.to_stdout()],
                input=self.good.encode(),
                stdout=full,
                stderr=subprocess.PIPE,
                cwd=ROOT,
                env=environment(),
            )
        assert done.returncode == 1
        assert b"No space left" in done.stderr
        assert b"Traceback" not in done.stderr

    def test_closed_pipe_is_quiet(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [sys.executable, "-m", "korpus", self.command, *self.to_stdout()],
            input=self.good.encode(),
            stdout=writer,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment(),
        )
        os.close(writer)
        assert done.returncode == 0
        assert b"rror" not in done.stderr and b"Broken" not in done.stderr

    def output_suffix(self) -> str:
        return ".csv"

    def output_to(self, path: Path) -> list[object]:
        return [*self.arguments, "-o", path]

    def to_stdout(self) -> list[str]:
        return self.arguments


class TokenCases(SourceCases):
    """Besides, for commands that need tokens."""

    def test_plain_documents_name_the_command_to_run(self, tmp_path: Path) -> None:
        source = tmp_path / "reviews.csv"
        source.write_text(f"id,text\n1,{SENTENCE}\n")
        done = self.run(source)
        assert done.returncode == 1
        assert "has no tokens" in done.stderr
        assert f"hint: run: korpus morph {source} | korpus {self.command}" in done.stderr

    def test_tokens_and_tags_of_unequal_length(self) -> None:
        done = self.run(stdin='{"id":"7","tokens":["나","는"],"tags":["NP"]}\n')
        assert done.returncode == 1
        assert "document '7' has 2 tokens but 1 tags" in done.stderr

    def test_tokens_of_the_wrong_type(self) -> None:
        done = self.run(stdin='{"id":"7","tokens":"나 는","tags":["NP"]}\n')
        assert done.returncode == 1
        assert "tokens is not a list of strings" in done.stderr
