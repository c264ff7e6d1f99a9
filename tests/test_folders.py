"""Folders and archives: which files are read, and what their paths say."""

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from korpus.errors import KorpusError
from korpus.files import read
from korpus.files.sources import archives
from tests import ole
from tests.support import korpus, records

FILES = {
    "2023/한겨레/a.txt": "첫째\n",
    "2024/한겨레/b.txt": "둘째\n",
    "2024/경향/c.csv": "text,n\n셋째,1\n",
    "2024/경향/d.png": "x",
}


def folder(path: Path) -> Path:
    for name, content in FILES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(content)
    return path


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in FILES.items():
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))
    return path


def zst(path: Path) -> Path:
    import zstandard

    plain = tarred(path.with_suffix(""), "w")
    path.write_bytes(zstandard.compress(plain.read_bytes()))
    return path


KINDS = {
    "folder": folder,
    "a.zip": zipped,
    "a.tar": lambda path: tarred(path, "w"),
    "a.tar.gz": tarred,
    "a.tgz": tarred,
    "a.tar.zst": zst,
}


@pytest.mark.parametrize("name", KINDS)
def test_folders_and_archives(tmp_path: Path, name: str) -> None:
    source = KINDS[name](tmp_path / name)
    done = korpus("read", source)
    assert done.returncode == 0 and "1 file of other formats left out" in done.stderr
    found = {record["source"]: record["text"] for record in records(done.stdout)}
    assert found == {
        "2023/한겨레/a.txt": "첫째",
        "2024/한겨레/b.txt": "둘째",
        "2024/경향/c.csv": "셋째",
    }
    done = korpus("read", source, "--glob", "2024/*.txt", "--path-columns", "year,source")
    (record,) = records(done.stdout)
    assert record == {
        "id": "1",
        "source": "2024/한겨레/b.txt",
        "year": "2024",
        "source_": "한겨레",
        "text": "둘째",
    }
    assert "\ndocuments,3\n" in korpus("info", source, "-f", "csv").stdout
    done = korpus("read", source, "--glob", "*.hwp")
    assert done.returncode == 1 and "no file is named *.hwp" in done.stderr


def test_path_columns_of_named_files(tmp_path: Path) -> None:
    folder(tmp_path)
    done = korpus("read", "2024/경향/c.csv", "--path-columns", "year,paper", cwd=tmp_path)
    assert records(done.stdout) == [
        {"id": "1", "year": "2024", "paper": "경향", "text": "셋째", "n": "1"}
    ]
    (tmp_path / "top.txt").write_text("넷째\n")
    done = korpus("read", tmp_path, "--path-columns", "n,id")
    assert done.returncode == 3
    assert "top.txt lies in 0 folders, --path-columns names 2" in done.stderr
    clash = next(r for r in records(done.stdout) if r["source"].endswith("c.csv"))
    assert clash["n"] == "2024" and clash["n_"] == "1" and clash["id_"] == "경향"


def test_names_are_in_nfc(tmp_path: Path) -> None:
    name = normalize("NFD", "보고서.txt")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / name).write_text("글\n")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(name, "글\n")
    for source in ("a", "b.zip"):
        (record,) = read(tmp_path / source, whole_file=True)
        assert record["id"] == record["source"] == "보고서.txt"
        (record,) = read(tmp_path / source, glob="보고*")


def test_names_in_cp949(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("xxxx.txt", "글\n")
    data = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data.replace(b"xxxx", "한글".encode("cp949")))
    assert [record["source"] for record in read(tmp_path / "a.zip")] == ["한글.txt"]


def test_an_archive_in_a_folder_and_one_in_it(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip").read_bytes()
    (tmp_path / "x").mkdir()
    with zipfile.ZipFile(tmp_path / "x" / "outer.zip", "w") as archive:
        archive.writestr("in/inner.zip", inner)
        archive.writestr("in/inner.tar.zst", inner)
        archive.writestr("in/a.txt", "글\n")
    (tmp_path / "x" / "broken.zip").write_bytes(inner[:50])
    done = korpus("read", tmp_path / "x")
    assert done.returncode == 3
    assert [r["source"] for r in records(done.stdout)] == ["outer.zip/in/a.txt"]
    for name in ("inner.zip", "inner.tar.zst"):
        assert f"outer.zip/in/{name}: an archive in an archive" in done.stderr
    assert "broken.zip: broken archive" in done.stderr
    member = korpus("read", tmp_path / "x" / "outer.zip" / "in" / "a.txt")
    assert records(member.stdout) == [{"id": "1", "text": "글"}]


def test_names_that_do_not_stand_for_themselves(tmp_path: Path) -> None:
    names = ["./a.txt", "/abs.txt", "../up.txt", "dup.txt", "./dup.txt"]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(name, f"글 {number}\n")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        for number, name in enumerate([*names, "hard.txt", "soft.txt"]):
            info = tarfile.TarInfo(name)
            data = f"글 {number}\n".encode()
            if name in ("hard.txt", "soft.txt"):
                info.type = tarfile.LNKTYPE if name == "hard.txt" else tarfile.SYMTYPE
                info.linkname, data = "/abs.txt", b""
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    want = {"a.txt": "글 0", "abs.txt": "글 1", "up.txt": "글 2", "dup.txt": "글 4"}
    for source, more, left_out in (
        ("a.zip", {}, "1 file left out"),
        ("a.tar", {"hard.txt": "글 1"}, "2 files left out"),
    ):
        done = korpus("read", tmp_path / source)
        assert {r["source"]: r["text"] for r in records(done.stdout)} == want | more
        assert f"{left_out}: links, and files whose name comes again later" in done.stderr


def test_one_bad_file_among_many_is_set_aside(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number in range(9):
        (source / f"{number}.hwp").write_bytes(ole.hwp([ole.text(1, f"글 {number}")]))
    (source / "4.hwp").write_bytes(b"no")
    done = korpus("read", source, "-o", tmp_path / "out.jsonl")
    assert done.returncode == 3 and "4.hwp: not a Hangul document" in done.stderr
    assert len(records((tmp_path / "out.jsonl").read_text())) == 8
    done = korpus("read", source, "--strict")
    assert done.returncode == 1 and "4.hwp: not a Hangul document" in done.stderr


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_the_members_of_an_archive_are_listed_once(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not again for each of them, which takes minutes in an archive of many."""
    KINDS[name](tmp_path / name)
    listed: list[str] = []
    for kind in (archives._Zip, archives._Tar):
        names = kind.names

        def counted(self: Any, names: Any = names) -> list[str]:
            listed.append(name)
            return list(names(self))

        monkeypatch.setattr(kind, "names", counted)
    assert len(list(read(tmp_path / name))) == 3
    assert listed == [name]
    missing = korpus("read", tmp_path / name / "2024")
    assert missing.returncode == 1 and "2024" in missing.stderr


def test_broken_archives(tmp_path: Path) -> None:
    for name in ("a.zip", "a.tar", "a.tar.gz"):
        data = KINDS[name](tmp_path / name).read_bytes()
        for place in range(20):
            (tmp_path / name).write_bytes(data[: len(data) * place // 20])
            try:
                assert len(list(read(tmp_path / name, rejects=lambda row: None))) <= 3
            except KorpusError as error:
                assert name in error.message
            flipped = bytearray(data)
            flipped[len(data) * place // 20] ^= 0x55
            (tmp_path / name).write_bytes(flipped)
            try:
                assert len(list(read(tmp_path / name, rejects=lambda row: None))) <= 3
            except KorpusError as error:
                assert name in error.message


def test_bombs(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a.txt", bytes(300 << 20))
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        info = tarfile.TarInfo("a.txt")
        info.size = 300 << 20
        with (tmp_path / "zeros").open("wb") as zeros:
            zeros.truncate(info.size)
        with (tmp_path / "zeros").open("rb") as stream:
            tar.addfile(info, stream)
    for name in ("a.zip", "a.tar.gz"):
        done = korpus("read", tmp_path / name)
        assert done.returncode == 1 and "decompress to more than 256 MiB" in done.stderr


def test_encrypted_members(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + place] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    done = korpus("read", tmp_path / "a.zip")
    assert done.returncode == 3 and "a.txt is encrypted" in done.stderr
    assert len(records(done.stdout)) == 2
