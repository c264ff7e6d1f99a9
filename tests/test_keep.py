"""--keep: columns of documents in topic models, and the table of the documents' topics."""

import csv
from pathlib import Path

import pytest

from korpus.errors import KorpusError
from korpus.files import load
from korpus.models import TopicModel, lda, lsa, nmf, plsa
from korpus.tokens import count_terms, document_term_matrix
from tests.support import korpus, lines

ROWS = [
    {
        "id": f"n{n}",
        "일자": f"2025-0{1 + n % 3}-01",
        "점수": n if n % 2 else None,
        "topic": "가,나",
        "tokens": ["병원", "의사"] if n % 2 else ["맛집", "국물"],
        "tags": ["NNG", "NNG"],
    }
    for n in range(6)
]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("command", ["lda", "nmf", "plsa", "lsa"])
def test_columns_stay_with_the_model_and_the_documents(command: str, tmp_path: Path) -> None:
    model, documents = tmp_path / "m.safetensors", tmp_path / "d.csv"
    options = ["-k", 2, "--keep", "일자, topic", "--keep", "id,점수", "-m", model]
    done = korpus(command, *options, "--documents", documents, stdin=lines(*ROWS))
    assert done.returncode == 0, done.stderr
    fitted = load(model)
    assert isinstance(fitted, TopicModel)
    assert fitted.kept == {
        name: [row[name] for row in ROWS]  # type: ignore[index]
        for name in ("일자", "topic", "점수")
    }
    ours = ["d1", "d2"] if command == "lsa" else ["topic", "weight"]
    theirs = "topic" if command == "lsa" else "topic_"
    rows = table(documents)
    assert list(rows[0]) == ["id", "일자", theirs, "점수", *ours]
    assert {(row["id"], row["일자"], row["점수"]) for row in rows} == {
        (row["id"], row["일자"], "" if row["점수"] is None else str(row["점수"])) for row in ROWS
    }
    again = tmp_path / "again.safetensors"
    fitted.save(again)
    assert again.read_bytes() == model.read_bytes()


def test_a_row_per_document_with_the_dominant_topic(tmp_path: Path) -> None:
    long, wide = tmp_path / "long.csv", tmp_path / "wide.csv"
    source = lines(*ROWS, {"id": "x", "일자": "", "tokens": [], "tags": []})
    for path, more in ((long, []), (wide, ["--wide"])):
        options = ["-k", 2, "--keep", "일자", "--documents", path, *more]
        assert korpus("plsa", *options, stdin=source).returncode == 0
    rows = table(wide)
    assert [row["id"] for row in rows] == [*(row["id"] for row in ROWS), "x"]
    assert list(rows[0]) == ["id", "일자", "topic", "weight", "topic_1", "topic_2"]
    first = {row["id"]: row for row in reversed(table(long))}
    for row in rows[:-1]:
        assert (row["topic"], row["weight"]) == tuple(
            first[row["id"]][name] for name in ("topic", "weight")
        )
        assert row[f"topic_{row['topic']}"] == row["weight"]
    assert set(rows[-1].values()) == {"x", ""}


def test_python_keeps_columns_of_any_plain_type() -> None:
    import datetime

    days = [datetime.date(2025, 1, day) for day in range(1, 7)]
    documents = [
        {**row, "day": day, "x": float("nan")} for row, day in zip(ROWS, days, strict=True)
    ]
    for fit in (lda, nmf, plsa, lsa):
        more = {"iterations": 2} if fit is lda else {}
        model = fit(documents, k=2, keep="day,x", **more)  # type: ignore[operator]
        assert model.kept == {"day": [day.isoformat() for day in days], "x": [None] * 6}
    assert "kept" not in nmf(documents, k=2).arrays()


def test_parts_are_put_together_in_order() -> None:
    parts = [part for row in ROWS for part in count_terms([row], keep=["일자"])]
    assert document_term_matrix(parts).columns == {"일자": [row["일자"] for row in ROWS]}
    some = document_term_matrix(parts).select_documents([n > 3 for n in range(6)])  # type: ignore[arg-type]
    assert some.columns == {"일자": [row["일자"] for row in ROWS[4:]]}


def test_decomposed_names_are_the_same_names() -> None:
    from unicodedata import normalize

    rows = [{normalize("NFD", name): value for name, value in row.items()} for row in ROWS]
    assert list(nmf(rows, k=2, keep=["일자"]).kept) == ["일자"]


def test_errors() -> None:
    done = korpus("nmf", "-k", 2, "--keep", "언론사", stdin=lines(*ROWS))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "korpus: error: document 'n0' has no column '언론사'\n"
        "hint: its columns are id, 일자, 점수, topic, tokens, tags\n"
    )
    with pytest.raises(KorpusError, match="'n0': tokens is a list or an object, which cannot"):
        nmf(ROWS, k=2, keep="tokens")
