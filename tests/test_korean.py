"""Help, messages and headings of tables in Korean."""

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from korpus.cli import registry
from korpus.files.writers.aligned import aligned, width
from korpus.messages import language
from tests import catalogue
from tests.catalogue import COLUMN, MO
from tests.contract import COMMANDS, Command, Option, make_files
from tests.support import FRESH, ROOT, TOKENS, environment, fresh, korpus, lines

KOREAN = catalogue.translations()
HANGUL = re.compile("[가-힣]")
# As in "%s of %s", but not the sign in "5% of them".
PERCENT = re.compile(r"%[-#0+]*\d*(?:\.\d+)?[a-zA-Z%]")


def korean(text: str, context: str | None = None) -> str:
    found = {(m.text, m.context): string for m, string in KOREAN.items()}
    return found[text, context]


def placeholders(text: str) -> tuple[list[str], list[str]]:
    """The fields of str.format, in any order, and those of %, whose order counts."""
    fields = [
        f"{name}!{conversion}:{spec}"
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    ]
    return sorted(fields), PERCENT.findall(text)


def test_the_catalogue_has_the_messages_of_the_source() -> None:
    """`python -m tests.catalogue` puts new ones in and takes old ones out."""
    assert sorted(map(str, KOREAN)) == sorted(map(str, catalogue.messages()))


def test_the_compiled_catalogue_is_up_to_date() -> None:
    assert catalogue.compiled() == MO.read_bytes()


def test_every_message_has_korean() -> None:
    assert [message.text for message, text in KOREAN.items() if not HANGUL.search(text)] == []


def test_placeholders_are_those_of_the_english() -> None:
    different = [
        text
        for message, text in KOREAN.items()
        for english in filter(None, (message.text, message.several))
        if placeholders(english) != placeholders(text)
    ]
    assert different == []


def test_placeholders_are_found() -> None:
    assert placeholders("{a!r} {b:.1f} {}") == (["!None:", "a!r:", "b!None:.1f"], [])
    assert placeholders("%s: %.1f %% of %d, 5% 중") == ([], ["%s", "%.1f", "%%", "%d"])
    assert placeholders('{"id": "1"}') == placeholders('ID: {"id": "1"}')


def test_consoles_in_cp949_can_show_all_messages() -> None:
    for message, text in KOREAN.items():
        for shown in filter(None, (message.text, message.several, text)):
            shown.encode("cp949")


def in_functions(tree: ast.Module) -> set[ast.AST]:
    """What runs when a function is called: not while a file is imported."""
    return {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for statement in ([function.body] if isinstance(function, ast.Lambda) else function.body)
        for node in ast.walk(statement)
    }


def test_messages_are_literals_and_translated_when_they_are_used() -> None:
    """A message that is not a literal would not be collected."""
    for place, tree in catalogue.sources():
        inside = in_functions(tree)
        for call in catalogue.calls(tree, "_", "plural"):
            assert call in inside, f"{place}:{call.lineno}: translated while it is imported"
            if place not in ("korpus/cli/app.py", "korpus/cli/progress.py"):
                found = list(catalogue.literals(call.args[-1:]))
                assert found, f"{place}:{call.lineno}: not a literal"


def unmarked(tree: ast.Module) -> Iterator[int]:
    """The lines of errors and log messages whose text is not translated."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        function = call.func
        if isinstance(function, ast.Name) and re.fullmatch(
            "KorpusError|UsageError|NoInput|TokensNeeded", function.id
        ):
            texts = call.args
        elif isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "logger":
            texts = call.args[:1]
        else:
            continue
        for text in texts:
            whole = isinstance(text, ast.JoinedStr | ast.Constant)
            if whole and ast.unparse(text) not in ("'%s'", "None"):
                yield call.lineno


def test_errors_and_log_messages_are_translated() -> None:
    found = [f"{place}:{line}" for place, tree in catalogue.sources() for line in unmarked(tree)]
    assert found == []


def test_untranslated_messages_are_found() -> None:
    source = 'raise KorpusError(f"no {x}")\nlogger.info("%s", x)\nlogger.info("a %s", x)\n'
    source += 'raise UsageError(_("a"), "b")\nraise ValueError("c")\n'
    assert list(unmarked(ast.parse(source))) == [1, 3, 4]


# Help


@pytest.mark.parametrize("entry", registry.COMMANDS, ids=lambda entry: entry.name)
def test_help_of_commands(entry: registry.Command) -> None:
    done = korpus(*entry.name.split(), "--help", columns=400, KORPUS_LANG="ko")
    assert done.returncode == 0 and done.stderr == ""
    shown = done.stdout
    assert korean("Usage:") in shown
    for text in filter(None, (entry.summary, entry.columns_in, entry.columns_out)):
        assert korean(text) in shown
    assert f"{korean('Example:')} korpus " in shown
    for parameter in catalogue.parameters(entry):
        if parameter.help and not parameter.hidden:
            assert korean(parameter.help).partition("{")[0] in shown
        if parameter.rich_help_panel:
            assert f"─ {korean(parameter.rich_help_panel)} ─" in shown
    narrow = korpus(*entry.name.split(), "--help", columns=80, KORPUS_LANG="ko").stdout
    assert narrow.count("…") == shown.count("…"), "letters at the end of a line are lost"


def test_help_of_korpus() -> None:
    shown = korpus("--help", columns=400, KORPUS_LANG="ko").stdout
    for entry in registry.COMMANDS:
        group = entry.name.split()[:-1]
        inside = korpus(*group, "--help", columns=400, KORPUS_LANG="ko").stdout if group else shown
        assert korean(entry.summary) in inside
        assert f"─ {korean(entry.group)} ─" in shown
    assert "공통 옵션" in shown and "이 도움말을 출력" in shown
    assert not re.search(r"[a-z] [a-z]+ [a-z]+ [a-z]", shown), "English is left"


def test_words_of_typer_are_in_korean() -> None:
    shown = fresh("nmf", "--help", KORPUS_LANG="ko", COLUMNS="100").stdout
    for word in ("사용법:", "─ 인수 ─", "─ 옵션 ─", "─ 입력 ─", "─ 출력 ─", "[기본값: 20]"):
        assert word in shown
    assert not re.search("Usage|Arguments|Options|default|Input|Output", shown)
    assert "[필수]" in fresh("wordcloud", "--help", KORPUS_LANG="ko").stdout


# Messages

ERRORS = {
    "frek": "오류: 없는 명령입니다: frek\n힌트: 비슷한 이름: freq\n",
    "freq --tpo 3": "오류: 없는 옵션입니다: --tpo\n힌트: 비슷한 이름: --on, --plot, --top\n",
    "freq --top": "오류: --top: 값이 필요합니다\n힌트: korpus --help\n",
    "freq --excel=1": "오류: --excel: 값을 받지 않는 옵션입니다\n힌트: korpus --help\n",
    "freq --top x": "오류: '--top': 값이 올바르지 않습니다 (정수가 아님)\n"
    "힌트: korpus freq --help\n",
    "lda --seed -1": "오류: '--seed': 값이 올바르지 않습니다 (0보다 작음)\n"
    "힌트: korpus lda --help\n",
    "lda --seed 4294967296": "오류: '--seed': 값이 올바르지 않습니다 (4294967295보다 큼)\n"
    "힌트: korpus lda --help\n",
    "lda --alpha x": "오류: '--alpha': 값이 올바르지 않습니다 (숫자가 아님)\n"
    "힌트: korpus lda --help\n",
    "freq a b c": "오류: 인수가 너무 많습니다: b c\n힌트: korpus freq --help\n",
    "topics --terms": "오류: 꼭 필요한 값이 빠졌습니다: 'MODEL'\n"
    "힌트: 다음과 같이 실행하십시오: korpus topics show lda.safetensors --relevance 0.6 "
    "-f table\n",
    "read no.csv": "오류: no.csv: 파일을 찾을 수 없습니다\n"
    "힌트: 경로를 확인하거나 ls로 목록을 살펴보십시오\n",
    "freq -f docx": "오류: 없는 형식입니다: 'docx'\n"
    "힌트: 다음 중 하나를 지정하십시오: jsonl, json, csv, tsv, parquet, xlsx, md, table\n",
}


@pytest.mark.parametrize("line", ERRORS)
def test_errors(line: str) -> None:
    done = korpus(*line.split(), KORPUS_LANG="ko")
    assert done.returncode in (1, 2) and done.stdout == ""
    assert done.stderr == f"korpus: {ERRORS[line]}"


def test_messages_and_counts() -> None:
    again = lines({"id": "1", "text": "가"}, {"id": "1", "text": "나"})
    done = korpus("read", stdin=again, KORPUS_LANG="ko")
    assert done.stderr == "korpus: 문서 1건: 앞 문서와 ID가 같지만 그대로 남겼습니다\n"


# Headings of tables


def test_headings_on_a_terminal() -> None:
    done = korpus("freq", "-f", "table", stdin=TOKENS, KORPUS_LANG="ko")
    assert done.stdout.splitlines()[0].split() == ["단어", "품사", "빈도", "문서빈도(df)", "비율"]
    for format in ("csv", "tsv", "md", "jsonl"):
        ours, english = (
            korpus("freq", "-f", format, stdin=TOKENS, KORPUS_LANG=code).stdout
            for code in ("ko", "en")
        )
        assert ours == english and "term" in ours


def test_columns_under_wide_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORPUS_LANG", "ko")
    shown = list(aligned(["term", "count"], [("가", 1), ("abcdef", 10)]))
    assert shown == ["단어    빈도", "가         1", "abcdef    10"]
    assert {width(line) for line in shown} == {12}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    from korpus.models import lsa

    folder = tmp_path_factory.mktemp("models")
    tokens = [{"id": "1", "tokens": ["나", "는"]}, {"id": "2", "tokens": ["병원", "의사"]}]
    lsa(tokens, k=2).save(folder / "lsa.safetensors")
    make_files(folder)
    return {path.stem: path for path in folder.glob("*.safetensors")}


# Other tables than the one that a command gives without options.
MORE = {
    "freq": ["--by", "id"],
    "lexical": ["--dispersion"],
    "tfidf": ["--overall"],
    "similar": ["--nearest", "documents"],
    "topics show": ["--terms"],
}


@pytest.mark.parametrize(
    "command",
    [
        command
        for command in COMMANDS
        # Coders have the sheet of topics validate as a file, whose headers never change.
        if command.output == Option("--output", ".csv") and command.name != "topics validate"
    ],
    ids=lambda command: command.name,
)
def test_every_column_has_a_heading(command: Command, models: dict[str, Path]) -> None:
    runs = [[], *([MORE[command.name]] if command.name in MORE else [])]
    for more in runs:
        source = more if not command.has_source else [*more, "-"]
        done = korpus(
            *command.line(*source, "-f", "table"),
            stdin=command.case.good,
            KORPUS_LANG="ko",
            **command.case.variables,
        )
        assert done.stdout, done.stderr
        headings = done.stdout.splitlines()[0].split("  ")
        assert [name for name in headings if name and not HANGUL.search(name)] == []


def test_headings_of_documents_tables(models: dict[str, Path]) -> None:
    good = '{"id":"1","tokens":["병원","의사"],"tags":["NNG","NNG"]}\n'
    done = korpus("infer", models["lsa"], "-f", "table", stdin=good, KORPUS_LANG="ko")
    assert done.stdout.splitlines()[0].split("  ")[0].strip() == korean("id", COLUMN)


# Which language


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LC_ALL": "ko_KR.UTF-8"}, "ko"),
        ({"LC_MESSAGES": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.eucKR"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "KORPUS_LANG": "en"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "KORPUS_LANG": "ko"}, "ko"),
        ({"LC_ALL": "C.UTF-8", "LANG": "ko_KR.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_which_language(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KORPUS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


@pytest.mark.parametrize("name", ["LC_ALL", "LANG"])
def test_the_locale_chooses_korean(name: str) -> None:
    plain = {"KORPUS_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
    done = fresh("frek", **(plain | {name: "ko_KR.UTF-8"}))
    assert done.stderr.startswith("korpus: 오류: ")
    done = fresh("frek", **(plain | {name: "ko_KR.UTF-8", "KORPUS_LANG": "en"}))
    assert done.stderr.startswith("korpus: error: ")


def test_a_console_in_cp949(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*FRESH, *arguments],
            capture_output=True,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            env=environment() | {"KORPUS_LANG": "ko", "PYTHONIOENCODING": "cp949"},
        )

    shown = run("--help")
    assert shown.returncode == 0 and "사용법: korpus" in shown.stdout.decode("cp949")
    failed = run("read", os.fspath(tmp_path / "\N{GRINNING FACE}똠.csv"))
    assert failed.returncode == 1
    assert "파일을 찾을 수 없습니다" in failed.stderr.decode("cp949")
