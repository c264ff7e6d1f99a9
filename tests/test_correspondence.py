import csv
import io
from pathlib import Path
from typing import Any

import numpy
import pandas
import prince
import pytest

from korpus.files import read
from korpus.statistics.tables import correspondence as analysed
from korpus.tokens import correspondence, freq
from tests.support import korpus, lines

TABLE = numpy.random.default_rng(1).integers(1, 40, size=(7, 5))
SOURCE = [
    {"id": "1", "group": "x", "tokens": ["가"] * 6 + ["나"] * 2 + ["다"]},
    {"id": "2", "group": "y", "tokens": ["가"] + ["나"] * 7 + ["다"] * 2},
    {"id": "3", "group": "z", "tokens": ["가"] * 2 + ["나"] + ["다"] * 5},
]


def rows_of(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output)))


def same(ours: Any, theirs: Any) -> bool:
    """Equal but for the sign of a dimension."""
    signs = numpy.sign((ours * theirs).sum(axis=0))
    return numpy.allclose(ours, theirs * signs, atol=1e-9)


def test_the_analysis_is_that_of_prince() -> None:
    found = analysed(TABLE, 3)
    frame = pandas.DataFrame(TABLE)
    model = prince.CA(n_components=3).fit(frame)
    assert numpy.allclose(found.eigenvalues[:3], model.eigenvalues_, atol=1e-9)
    assert found.eigenvalues.sum() == pytest.approx(model.total_inertia_, abs=1e-9)
    assert same(found.rows.coordinates, model.row_coordinates(frame).to_numpy())
    assert same(found.columns.coordinates, model.column_coordinates(frame).to_numpy())
    for points, contributions, cosines in (
        (found.rows, model.row_contributions_, model.row_cosine_similarities(frame)),
        (found.columns, model.column_contributions_, model.column_cosine_similarities(frame)),
    ):
        assert numpy.allclose(points.contributions, contributions, atol=1e-9)
        assert numpy.allclose(points.cos2, cosines, atol=1e-9)
        assert points.inertias.sum() == pytest.approx(model.total_inertia_, abs=1e-9)


def test_points_of_the_sample(sample_tokens: Path, tmp_path: Path) -> None:
    path = tmp_path / "inertia.csv"
    arguments = ["--by", "category", "--top", 30, "--inertia", path]
    done = korpus("correspondence", sample_tokens, *arguments)
    rows = rows_of(done.stdout)
    wide = freq(read(sample_tokens), by="category", wide="count", top=30).to_pandas()
    counts = wide.drop(columns=["term", "tag", "total"])
    expected = prince.CA(n_components=2).fit(counts)
    ours = numpy.array([[float(row["d1"]), float(row["d2"])] for row in rows])
    assert [row["name"] for row in rows[:30]] == list(wide["term"])
    assert [row["name"] for row in rows[30:]] == list(counts.columns)
    assert same(ours[:30], expected.row_coordinates(counts).to_numpy())
    assert [float(r["share"]) for r in rows_of(path.read_text())][:2] == pytest.approx(
        (expected.percentage_of_variance_ / 100).tolist()
    )
    assert "30 terms, 5 groups, inertia " in done.stderr


def test_chosen_terms_and_what_has_no_counts() -> None:
    source = [*SOURCE, {"id": "4", "group": "e", "tokens": ["라"]}]
    done = korpus("correspondence", "--by", "group", "--term", "가,나,없음", stdin=lines(*source))
    rows = rows_of(done.stdout)
    assert [(row["kind"], row["name"]) for row in rows] == [
        *(("term", name) for name in "가나"),
        *(("group", name) for name in "xyz"),
    ]
    assert "nothing to count, left out: 없음" in done.stderr
    assert "nothing to count, left out: e" in done.stderr


def test_concepts() -> None:
    source = [
        {"id": str(n), "group": group, "가격": n % 2, "배송": n % 3 == 0}
        for n, group in enumerate("xxxyyyzzz")
    ]
    found = list(correspondence(source, by="group", concept="가격,배송").points())
    assert [(row["kind"], row["name"], row["count"]) for row in found[:2]] == [
        ("term", "가격", 4),
        ("term", "배송", 3),
    ]


def test_one_group_has_no_dimensions() -> None:
    done = korpus("correspondence", "--by", "id", "--min-count", 1, stdin=lines(SOURCE[0]))
    assert done.returncode == 0 and "there is no dimension" in done.stderr
    assert done.stdout.splitlines()[0] == "kind,name,tag,count,mass,inertia"


def test_errors() -> None:
    for source in ("", lines({"id": "1", "group": "x", "tokens": []})):
        done = korpus("correspondence", "--by", "group", stdin=source)
        assert done.returncode == 1 and "there is nothing to map" in done.stderr
    done = korpus("correspondence", "--by", "group", "--dimensions", 0, stdin=lines(*SOURCE))
    assert done.returncode == 2 and "--dimensions 0 is less than 1" in done.stderr


def test_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "c.svg"
    arguments = ["--by", "group", "--min-count", 1, "--plot", path]
    assert korpus("correspondence", *arguments, stdin=lines(*SOURCE)).returncode == 0
    assert all(f">{name}<" in path.read_text() for name in ("가", "나", "다", "x", "y", "z"))
