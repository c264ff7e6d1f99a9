import csv
import io
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.stats
import statsmodels.api

from korpus.statistics.tables import independence
from korpus.tokens.crosstab import crosstab
from korpus.views import plot_crosstab
from tests.support import korpus, lines

TABLE = numpy.array([[12, 5, 9], [3, 14, 7]])


def rows_of(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output)))


def documents(table: Any) -> list[dict[str, Any]]:
    """Documents with 가격 1 or 0, in groups a, b …, as often as the table says."""
    cells = [
        {"가격": 1 - row, "group": "abc"[column]}
        for row, line in enumerate(table.tolist())
        for column, count in enumerate(line)
        for _ in range(count)
    ]
    return [{"id": str(number), **cell} for number, cell in enumerate(cells)]


def test_independence_against_scipy_and_statsmodels() -> None:
    table = numpy.random.default_rng(0).integers(1, 40, size=(6, 4))
    found = independence(table)
    expected = scipy.stats.chi2_contingency(table, correction=False)
    assert (found.chi2, found.df) == (pytest.approx(expected.statistic), expected.dof)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert numpy.allclose(found.expected, expected.expected_freq, atol=1e-9)
    residuals = statsmodels.api.stats.Table(table).standardized_resids
    assert numpy.allclose(found.residuals, residuals, atol=1e-9)
    cramer = scipy.stats.contingency.association(table, method="cramer")
    assert found.cramers_v == pytest.approx(cramer, abs=1e-9)


def test_cells_and_tests(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    source = lines(*documents(TABLE))
    done = korpus("crosstab", "가격", "--by", "group", "--tests", path, stdin=source)
    rows = rows_of(done.stdout)
    assert [(row["value"], row["group"], row["count"]) for row in rows] == [
        ("1", "a", "12"),
        ("1", "b", "5"),
        ("1", "c", "9"),
    ]
    assert [row["group_documents"] for row in rows] == ["15", "19", "16"]
    assert float(rows[0]["share"]) == 12 / 15
    residuals = statsmodels.api.stats.Table(TABLE).standardized_resids
    assert [float(row["residual"]) for row in rows] == pytest.approx(residuals[0].tolist())
    test = rows_of(path.read_text())[0]
    expected = scipy.stats.chi2_contingency(TABLE, correction=False)
    assert float(test["chi2"]) == pytest.approx(expected.statistic)
    assert float(test["p"]) == float(test["q"]) == pytest.approx(expected.pvalue)
    assert (test["concept"], test["by"], test["documents"]) == ("가격", "group", "50")
    assert "가격 × group: 50 documents, χ² = " in done.stderr


def test_any_column_and_bins_in_order() -> None:
    source = [
        {"id": str(n), "rating": n, "kind": kind}
        for n, kind in enumerate(["a", "b", "a", "b", "b", "a", "a", "b", "a", "b", "a"])
    ]
    done = korpus("crosstab", "rating:0-4,5-10", "--by", "kind", stdin=lines(*source))
    assert [(r["value"], r["kind"], r["count"]) for r in rows_of(done.stdout)] == [
        ("0-4", "a", "2"),
        ("0-4", "b", "3"),
        ("5-10", "a", "4"),
        ("5-10", "b", "2"),
    ]
    assert "100% of cells expect fewer than 5 documents: the test is rough" in done.stderr


def test_several_concepts_have_adjusted_p() -> None:
    source = [{**r, "배송": n % 2} for n, r in enumerate(documents(TABLE))]
    tests = list(crosstab(source, "가격,배송", by="group").tests())
    p = [row["p"] for row in tests]
    expected = scipy.stats.false_discovery_control(p)
    assert [row["q"] for row in tests] == pytest.approx(expected.tolist())


def test_documents_without_a_value_are_said() -> None:
    unknown = [{"id": "x", "가격": None, "group": "a"}, {"id": "y", "가격": 1, "group": ""}]
    source = [*documents(TABLE), *unknown]
    done = korpus("crosstab", "가격", "--by", "group", stdin=lines(*source))
    assert "가격 × group: 2 documents without a value left out" in done.stderr
    assert rows_of(done.stdout)[0]["count"] == "12"


def test_one_value_or_one_group_has_no_test() -> None:
    source = [{"id": "1", "가격": 0, "group": "a"}, {"id": "2", "가격": 0, "group": "b"}]
    done = korpus("crosstab", "가격", "--by", "group", stdin=lines(*source))
    assert "no test of one value" in done.stderr
    assert [(r["value"], r["count"], r["residual"]) for r in rows_of(done.stdout)] == [
        ("0", "1", ""),
        ("0", "1", ""),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["나", "--by", "group"], "has no column '나'"),
        (["가격", "--by", "나"], "has no column '나'"),
        (["없음", "--by", "group"], "no document has values of 없음 and group"),
    ],
)
def test_errors(arguments: list[str], message: str) -> None:
    source = [{**record, "없음": ""} for record in documents(TABLE)]
    done = korpus("crosstab", *arguments, stdin=lines(*source))
    assert done.returncode == 1 and message in done.stderr and done.stdout == ""


@pytest.mark.parametrize("command", [["crosstab", "codes", "--by", "d"], ["trend", "--date", "d"]])
def test_the_list_of_codes_is_no_concept(command: list[str]) -> None:
    document = {"id": "1", "d": "2025-01-01", "text": "가", "가격": 1, "배송": 0, "codes": ["가격"]}
    concept = ["--concept", "codes"] if command[0] == "trend" else []
    done = korpus(*command, *concept, stdin=lines(document))
    assert done.returncode == 1 and "codes is a list or an object, no concept" in done.stderr
    assert "each concept has a column of its own: 가격, 배송\n" in done.stderr
    other = korpus(*command, *concept, stdin=lines({"id": "1", "d": "2025-01-01", "codes": []}))
    assert "choose another column" in other.stderr


def test_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "c.svg"
    korpus("crosstab", "가격", "--by", "group", "--plot", path, stdin=lines(*documents(TABLE)))
    assert all(f">{text}<" in path.read_text() for text in ("가격", "a", "80.0%"))
    assert "rotate(-45" not in path.read_text()


def drawn(source: list[dict[str, Any]]) -> Any:
    return plot_crosstab(crosstab(source, "가격", by="group")).to_dict()


def test_long_names_of_groups_are_turned() -> None:
    long = [
        {**r, "group": {"a": "서울특별시강남구"}.get(r["group"], "b")} for r in documents(TABLE)
    ]
    axes = [
        drawn(source)["layer"][0]["encoding"]["x"]["axis"] for source in (long, documents(TABLE))
    ]
    assert [axis["labelAngle"] for axis in axes] == [-45, 0]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({0: "0", 1: "1"}, ["가격"]),
        ({0: "false", 1: "true"}, ["가격"]),
        ({0: "2", 1: "1"}, ["가격: 1", "가격: 2"]),
        ({0: "true", 1: "1"}, ["가격: 1", "가격: true"]),
    ],
)
def test_only_answers_are_called_as_the_concept(names: Any, expected: list[str]) -> None:
    source = [{**record, "가격": names[record["가격"]]} for record in documents(TABLE)]
    assert drawn(source)["layer"][0]["encoding"]["y"]["sort"] == expected


def test_weak_residuals_have_weak_colours() -> None:
    even = documents(numpy.array([[10, 11], [11, 10]]))
    for source, most in ((even, 3), (documents(TABLE * 9), 8)):
        low, high = drawn(source)["layer"][0]["encoding"]["color"]["scale"]["domain"]
        assert low == -high and high >= most and (high == 3) is (source is even)
