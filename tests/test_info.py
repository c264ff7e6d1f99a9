import csv
import io
from pathlib import Path

import pytest

from tests.support import SAMPLE, SAMPLE_CP949, korpus, lines


def properties(*arguments: object, stdin: str = "") -> dict[str, str]:
    done = korpus("info", *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return {row["property"]: row["value"] for row in csv.DictReader(io.StringIO(done.stdout))}


def test_documents() -> None:
    found = properties(SAMPLE, "--rows", 1)
    assert found["kind"] == "documents"
    assert found["documents"] == "210"
    assert found["columns"] == "id, text, date, category, rating"
    assert found["blank documents"] == found["duplicate ids"] == "0"
    assert '"id":"1"' in found["document 1"] and "document 2" not in found
    assert properties(SAMPLE_CP949)["documents"] == "210"


def test_tokens(sample_tokens: Path) -> None:
    found = properties(sample_tokens)
    assert found["kind"] == "tokens"
    assert found["analyzer"] == "mecab"
    assert int(found["tokens"]) > int(found["types"]) > 1000


def test_table(tmp_path: Path, sample_tokens: Path) -> None:
    korpus("freq", sample_tokens, "--top", 7, "-o", tmp_path / "table.csv")
    found = properties(tmp_path / "table.csv")
    assert (found["kind"], found["rows"]) == ("table", "7")
    assert found["columns"] == "term, tag, count, df, share"


def test_model(tmp_path: Path, sample_tokens: Path) -> None:
    korpus("tfidf", sample_tokens, "-m", tmp_path / "m.safetensors")
    found = properties(tmp_path / "m.safetensors")
    assert found["kind"] == "model (tfidf)"
    assert found["documents"] == "210" and found["analyzer"] == "mecab"
    assert found["array idf"] == f"float64 {found['terms']}"


def test_counts_blank_documents_and_duplicate_ids() -> None:
    found = properties(stdin='{"id":"1","text":" "}\n{"id":"1","text":"가"}\n')
    assert found["blank documents"] == "1" and found["duplicate ids"] == "1"


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("하나\n")
    (tmp_path / "b.txt").write_text("둘\n")
    assert properties(tmp_path)["documents"] == "2"


def damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[:8] = b"\xff" * 8
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def pickled(path: Path) -> None:
    import pickle

    path.write_bytes(pickle.dumps({"a": 1}))


def foreign(path: Path) -> None:
    import numpy
    from safetensors.numpy import save_file

    save_file({"a": numpy.zeros(3)}, path)


@pytest.mark.parametrize("spoil", [damaged, cut, pickled, foreign, lambda p: p.write_bytes(b"")])
def test_broken_models_are_one_line(tmp_path: Path, sample_tokens: Path, spoil: object) -> None:
    path = tmp_path / "m.safetensors"
    korpus("tfidf", sample_tokens, "-m", path)
    spoil(path)  # type: ignore[operator]
    done = korpus("info", path)
    assert done.returncode == 1
    assert done.stderr.startswith("korpus: error: ") and len(done.stderr.splitlines()) == 2


def test_model_of_a_newer_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from korpus.files import model_files
    from korpus.models import tfidf

    monkeypatch.setattr(model_files, "MODEL_FORMAT", 99)
    tfidf([{"id": "1", "tokens": ["가"]}]).save(tmp_path / "m.safetensors")
    done = korpus("info", tmp_path / "m.safetensors")
    assert done.returncode == 1 and "newer than this" in done.stderr


def test_types_are_those_of_freq() -> None:
    tokens = lines({"tokens": ["가", "가", "나", "나"], "tags": ["VV", "JKS", "NP", "NP"]})
    assert properties(stdin=tokens)["types"] == "3"
    assert "4 tokens, 3 types" in korpus("freq", stdin=tokens).stderr


def test_a_table_without_a_text_column_is_described(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("번호,의견 내용,점수\n1,좋아요,5\n2,싫어요,3\n")
    done = korpus("info", path)
    assert done.returncode == 0 and "no column usually holds the text; -c COLUMN" in done.stderr
    assert 'columns,"번호, 의견 내용, 점수"' in done.stdout and "kind,table" in done.stdout
    assert "kind,documents" in korpus("info", path, "-c", "의견 내용").stdout
