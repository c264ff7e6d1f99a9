"""What may be written over, and how an output treats the file that was there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.cases import Case, cases, make_inputs
from tests.faults.runs import run
from tests.support import environment, korpus, lines

CASES = list(cases())
FOREIGN = {
    ".csv": "name,grade\n가,1\n",
    ".tsv": "id\ttext\tnote\n1\t가\tx\n",
    ".jsonl": '{"id": "1", "text": "가", "note": "by hand"}\n',
    ".json": '[{"id": "1"}]\n',
    ".txt": "a note\n",
    ".md": "# A note\n",
}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    make_inputs(folder)
    return folder


@pytest.fixture
def folder(inputs: Path, tmp_path: Path) -> Path:
    for path in inputs.iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_again_never_asks_but_the_work_of_others_stays(case: Case, folder: Path) -> None:
    first = run(case.arguments, folder)
    assert first.code == 0, first.stderr
    ours = {name: (folder / name).read_bytes() for name in case.outputs}
    again = run(case.arguments, folder)
    assert again.code == 0, again.stderr
    assert {name: (folder / name).read_bytes() for name in case.outputs} == ours
    for name in case.outputs:
        foreign = FOREIGN.get(Path(name).suffix, "a note\n")
        (folder / name).write_text(foreign)
        refused = run(case.arguments, folder)
        assert refused.code == 1
        assert refused.stderr.count("korpus: error: ") == 1
        assert f"error: {name}: is there already, and is no earlier output" in refused.stderr
        assert "--force to write over it" in refused.stderr
        assert (folder / name).read_text() == foreign
        forced = run([*case.arguments, "--force"], folder)
        assert forced.code == 0 and (folder / name).read_bytes() == ours[name]


def test_tables_and_tokens_of_another_input_are_earlier_outputs_too(folder: Path) -> None:
    (folder / "few.csv").write_text("id,text,when\n1,영화가 좋다,2024-01-02\n")
    assert run(["morph", "few.csv", "-o", "few.jsonl"], folder).code == 0
    (folder / "more.csv").write_text("id,text,when\n7,학교에 간다,2025-01-02\n")
    assert run(["morph", "more.csv", "-o", "more.jsonl"], folder).code == 0
    for command, suffix, rest in (
        ("morph", "csv", ["-o", "t.jsonl"]),
        ("morph", "csv", ["-o", "t.csv"]),
        ("morph", "csv", ["-f", "tagged", "-o", "t.txt"]),
        ("freq", "jsonl", ["-o", "f.csv"]),
        ("freq", "jsonl", ["--by", "when:year", "-o", "g.csv"]),
        ("freq", "jsonl", ["-f", "table", "-o", "f.txt"]),
        ("tfidf", "jsonl", ["--corpus", "-o", "i.tsv"]),
    ):
        for source in ("few", "more"):
            done = run([command, f"{source}.{suffix}", *rest], folder)
            assert done.code == 0, done.stderr


def test_plain_text_is_known_by_its_start(tmp_path: Path) -> None:
    """What goes on as the file does, or loses nothing of it, is written."""
    for text, code in (("가 나\n다\n", 0), ("가 나\n다\n마\n", 0), ("가 나\n", 1), ("바\n", 1)):
        (tmp_path / "a.txt").write_text(text)
        arguments = ["morph", tmp_path / "a.txt", "-a", "space", "-f", "plain", "--restart"]
        assert korpus(*arguments, "-o", tmp_path / "b.txt").returncode == code
    assert (tmp_path / "b.txt").read_text() == "가 나\n다\n마\n"


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz", "csv", "tsv", "json", "txt"])
def test_a_part_is_not_written_over_the_whole(tmp_path: Path, suffix: str) -> None:
    whole = [{"id": str(number), "text": f"글 {number}"} for number in range(8000)]
    (tmp_path / "part.jsonl").write_text(lines(*whole[:10]))
    (tmp_path / "whole.jsonl").write_text(lines(*whole))
    output = tmp_path / f"all.{suffix}"
    assert korpus("read", tmp_path / "whole.jsonl", "-o", output).returncode == 0
    before = output.read_bytes()
    done = korpus("read", tmp_path / "part.jsonl", "-o", output)
    assert done.returncode == 1 and "--force" in done.stderr
    assert output.read_bytes() == before
    assert korpus("read", tmp_path / "whole.jsonl", "-o", output).returncode == 0


def test_a_blank_first_line_is_nobodys(tmp_path: Path) -> None:
    diary, blank = tmp_path / "diary.txt", tmp_path / "bl.txt"
    diary.write_text("\n오늘은 맑음\n")
    blank.write_text(" \n")
    for command in (["morph", "-a", "space", "-f", "plain"], ["read"]):
        assert korpus(*command, blank, "-o", diary).returncode == 1
    assert diary.read_text() == "\n오늘은 맑음\n"


def test_documents_of_others_stay(tmp_path: Path) -> None:
    """Both have the columns that korpus read writes."""
    mine, other = tmp_path / "mine.csv", tmp_path / "other.csv"
    mine.write_text("id,text\n1,오래 모은 글\n")
    other.write_text("id,text\n1,다른 글\n")
    done = korpus("read", other, "-o", mine)
    assert done.returncode == 1 and "--force" in done.stderr
    assert mine.read_text() == "id,text\n1,오래 모은 글\n"


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_an_input_is_never_written_over(tmp_path: Path, force: list[str]) -> None:
    source = tmp_path / "a.jsonl"
    content = lines({"id": "1", "text": "가", "tokens": ["가"], "tags": ["N"], "analyzer": "x"})
    source.write_text(content)
    (tmp_path / "link.jsonl").symlink_to(source)
    os.link(source, tmp_path / "hard.jsonl")
    for command in ("read", "morph", "stopwords", "freq", "info"):
        for name in ("a.jsonl", "link.jsonl", "hard.jsonl"):
            done = korpus(command, source, "-o", tmp_path / name, *force)
            assert done.returncode == 2
            assert f"{name} is an input too\nhint: give the output another name" in done.stderr
    assert source.read_text() == content


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_standard_input_is_never_written_over(tmp_path: Path, force: list[str]) -> None:
    path = tmp_path / "tk.jsonl"
    content = lines({"id": "1", "tokens": ["가"], "tags": ["N"], "analyzer": "x"})
    path.write_text(content)
    for command in ("read", "stopwords", "freq", "morph"):
        with path.open("rb") as stream:
            done = subprocess.run(
                [sys.executable, "-m", "korpus", command, "-o", path, *force],
                stdin=stream,
                capture_output=True,
                text=True,
                env=environment(),
            )
        assert done.returncode == 2 and "tk.jsonl is an input too" in done.stderr
    assert path.read_text() == content


def test_the_names_of_a_matrix_are_outputs(tmp_path: Path) -> None:
    tokens = lines({"id": "1", "tokens": ["가", "나"], "tags": ["N", "N"]})

    def tfidf(*arguments: str) -> str:
        return korpus("tfidf", *arguments, stdin=tokens, cwd=tmp_path).stderr

    assert "--output and --matrix are both q.terms.txt" in tfidf(
        "--matrix", "q.mtx", "-o", "q.terms.txt"
    )
    assert list(tmp_path.iterdir()) == []
    for _ in range(2):
        assert "error" not in tfidf("--matrix", "q.mtx")
    (tmp_path / "q.ids.txt").write_text("가\n나\n")
    assert "q.ids.txt: is there already" in tfidf("--matrix", "q.mtx")
    assert (tmp_path / "q.ids.txt").read_text() == "가\n나\n"


def test_an_output_inside_a_folder_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("가\n")
    assert korpus("read", tmp_path, "-o", tmp_path / "all.jsonl").returncode == 0
    done = korpus("read", tmp_path, "-o", tmp_path / "all.jsonl")
    assert done.returncode == 2 and "is an input too" in done.stderr


def test_an_empty_file_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("")
    assert korpus("read", "-o", tmp_path / "a.csv", stdin="가\n").returncode == 0


def test_a_workbook_that_was_edited_since_stays(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path, tokens = tmp_path / "f.xlsx", lines({"id": "1", "tokens": ["가"], "tags": ["N"]})
    assert korpus("freq", "-o", path, stdin=tokens).returncode == 0
    assert korpus("freq", "-o", path, stdin=tokens).returncode == 0
    book = load_workbook(path)
    book.active["F1"] = "coded by hand"
    book.save(path)
    assert korpus("freq", "-o", path, stdin=tokens).returncode == 1


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    real.write_text("")
    real.chmod(0o640)
    link.symlink_to("real.jsonl")
    assert korpus("read", "-o", link, stdin="가\n").returncode == 0
    assert link.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert real.read_text() == '{"id":"1","text":"가"}\n'


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "dangling.jsonl").symlink_to("new.jsonl")
    assert korpus("read", "-o", tmp_path / "dangling.jsonl", stdin="가\n").returncode == 0
    assert (tmp_path / "new.jsonl").is_file() and (tmp_path / "dangling.jsonl").is_symlink()
    (tmp_path / "loop.jsonl").symlink_to("loop.jsonl")
    done = korpus("read", "-o", tmp_path / "loop.jsonl", stdin="가\n")
    assert done.returncode == 1 and "levels of symbolic links" in done.stderr


def test_new_files_take_the_umask(tmp_path: Path) -> None:
    from tests.support import shell

    assert shell("umask 027; echo 가 | korpus read -o a.jsonl", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.jsonl").stat().st_mode & 0o777 == 0o640


def test_a_long_name(tmp_path: Path) -> None:
    name = "가" * 80 + ".jsonl"
    assert korpus("read", "-o", tmp_path / name, stdin="가\n").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_partial_file_of_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    import fcntl

    dead, alive = (tmp_path / f".out.jsonl.{mark * 8}.part" for mark in "0a")
    similar = tmp_path / ".out.jsonl.part"
    for path in (dead, alive, similar):
        path.write_text("x")
    with alive.open("r+b") as stream:
        fcntl.lockf(stream, fcntl.LOCK_EX)
        assert korpus("read", "-o", tmp_path / "out.jsonl", stdin="가\n").returncode == 0
    assert sorted(tmp_path.iterdir()) == sorted([alive, similar, tmp_path / "out.jsonl"])


@pytest.mark.parametrize(
    "text", ["TCP/IP\n", "10 20\n30 40\n", "term count\n", "- 할 일\n", "가/나\n"]
)
def test_notes_that_look_like_an_output(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    done = korpus("read", "-o", tmp_path / "a.txt", stdin="다\n")
    assert done.returncode == 1 and (tmp_path / "a.txt").read_text() == text


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi", "okt", "hannanum"])
def test_tagged_text_of_any_analyzer_is_an_earlier_output(tmp_path: Path, analyzer: str) -> None:
    for text in ("우와 이 영화 ㅋㅋ 진짜 재밌었다! http://a.kr 12개\n", "학교에 갔다.\n"):
        arguments = ["morph", "-a", analyzer, "-f", "tagged", "-o", tmp_path / "a.txt"]
        done = korpus(*arguments, stdin=text)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cc.ko.300.vec", "2 3\n가 1 2 3\n나 1 2 3\n"),
        ("cc.ko.300.bin", "2 3\n가 1 2 3\n나 1 2 3\n"),
        ("app.jsonl", '{"time":"09:00","error":"E1","reason":"disk"}\n'),
        ("app.jsonl", '{"time":"09:00","error":["timeout"],"reason":"disk"}\n'),
        ("log.csv", "date,error,reason\n2024-01-02,timeout,slow\n"),
        ("conf.csv", "property,value\nhost,a\n"),
        ("conf.jsonl", '{"property":"host","value":"a"}\n'),
        ("mine.jsonl", '{"tokens":1,"analyzer":"mine"}\n'),
        ("mine.jsonl", '{"tokens":["a"],"tags":[],"analyzer":"mine"}\n'),
        ("mine.csv", "tokens,analyzer\n12,mine\n"),
        ("a.txt", "A/S\n"),
        ("a.txt", "and/F\n"),
        ("a.txt", "a/b/NN\n"),
        ("a.txt", "2024/Noun\n2025/Noun\n"),
        ("a.txt", "나/NP 는/JX\n오늘은 맑음\n"),
        ("a.txt", "\ufeff"),
    ],
)
def test_marks_that_others_make_too(tmp_path: Path, name: str, content: str) -> None:
    from korpus.files.earlier import is_earlier

    (tmp_path / name).write_text(content)
    assert not is_earlier(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", '{"id":"1","text":"","error":"timeout","reason":"no answer"}\n'),
        ("a.json", '[\n{"tokens":["a"],"tags":["NN"],"analyzer":"mecab"},\n{"tokens":["b"]}\n]\n'),
        ("a.txt", "\n나/NP 는/JX\n\n" + "집/NNG\n" * 1000),
        ("a.txt", "나/NP 는/JX " * 1000 + "나/NP\n학교/NNG\n"),
    ],
)
def test_marks_of_korpus(tmp_path: Path, name: str, content: str) -> None:
    from korpus.files.earlier import is_earlier

    (tmp_path / name).write_text(content)
    assert is_earlier(tmp_path / name)


@pytest.mark.parametrize("name", ["a.csv", "a.md", "a.txt", "a.tsv", "a.jsonl", "a.json"])
def test_what_info_says_is_known(tmp_path: Path, name: str) -> None:
    for text in ("가\n", "나 다\n라\n"):
        assert korpus("info", "-o", tmp_path / name, stdin=text).returncode == 0


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_quotes_and_line_ends_before_the_tokens(tmp_path: Path, suffix: str) -> None:
    for text in ('"가\n나, 다', '"라" 마'):
        record = lines({"text": text})
        done = korpus("morph", "-a", "space", "-o", tmp_path / f"a.{suffix}", stdin=record)
        assert done.returncode == 0, done.stderr
