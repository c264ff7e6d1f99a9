"""Agreement of coders, beside published numbers and other libraries."""

import csv
import io
from pathlib import Path
from unicodedata import normalize

import numpy
import pytest
from statsmodels.stats.inter_rater import fleiss_kappa as fleiss_of_statsmodels

from korpus import reliability
from korpus.errors import KorpusError, UsageError
from korpus.statistics.agreement import cohen_kappa, fleiss_kappa, percent_agreement
from tests.support import SAMPLE, korpus, lines

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers.
A = ["1", "2", "3", "3", "2", "1", "4", "1", "2", "", "", ""]
B = ["1", "2", "3", "3", "2", "2", "4", "1", "2", "5", "", ""]
C = ["", "3", "3", "3", "2", "3", "4", "2", "2", "5", "1", "3"]
D = ["1", "2", "3", "3", "2", "4", "4", "1", "2", "5", "1", ""]
ROWS = [
    {"id": str(number), "coder1": a, "coder2": b, "coder3": c, "coder4": d}
    for number, (a, b, c, d) in enumerate(zip(A, B, C, D, strict=True), 1)
]


def values(rows: list[dict[str, str]], **options: object) -> dict[str, float]:
    found = reliability(rows, replicates=20, **options)
    return {f"{row['measure']} {row['coders']}": row["value"] for row in found}


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_is_the_published_one(level: str, alpha: float) -> None:
    found = values(ROWS, level=level)
    assert found["krippendorff_alpha coder1, coder2, coder3, coder4"] == pytest.approx(
        alpha, abs=5e-4
    )


def test_cohens_kappa_by_hand() -> None:
    """Of 50 proposals 20 are accepted by both, 15 by neither: (0.7 - 0.5) / (1 - 0.5)."""
    codes = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert cohen_kappa(numpy.array(codes)) == pytest.approx(0.4, abs=1e-12)
    assert percent_agreement(numpy.array(codes)) == pytest.approx(0.7, abs=1e-12)
    one = numpy.zeros((4, 2), dtype=int)
    assert numpy.isnan(cohen_kappa(one)) and numpy.isnan(fleiss_kappa(one))


def test_fleiss_kappa_is_that_of_statsmodels() -> None:
    codes = numpy.random.default_rng(1).integers(4, size=(60, 5))
    table = numpy.array([numpy.bincount(row, minlength=4) for row in codes])
    assert fleiss_kappa(codes) == pytest.approx(fleiss_of_statsmodels(table), abs=1e-12)
    codes[3, 2] = -1  # a unit that one coder left out does not count
    table = numpy.delete(table, 3, axis=0)
    assert fleiss_kappa(codes) == pytest.approx(fleiss_of_statsmodels(table), abs=1e-12)


def test_codes_that_are_all_the_same_have_no_value() -> None:
    rows = [{"id": str(number), "coder1": "긍정", "coder2": "긍정"} for number in range(5)]
    found = list(reliability(rows))
    assert [row["value"] for row in found] == [1, None, None, None]
    assert [row["low"] for row in found] == [1, None, None, None]


def test_numbers_of_a_workbook_are_those_of_a_csv() -> None:
    """A column with an empty cell has floats there: 1.0 is 1."""
    floats = [
        {name: float(value) if value and name != "id" else value for name, value in row.items()}
        for row in ROWS
    ]
    assert values(floats) == values(ROWS)


def test_one_code_spelled_in_two_ways() -> None:
    """Whole numbers as spreadsheets write them, and decomposed letters, as macOS does."""
    spelled = [("1", "1.0"), ("2", "2.0"), ("가격", normalize("NFD", "가격"))]
    rows = [{"id": a, "coder1": a, "coder2": b, "coder_note": "?"} for a, b in spelled]
    found = values(rows)
    assert found == dict.fromkeys(found, 1) and "cohen_kappa coder1, coder2" in found


def test_codes_that_look_missing_are_said(caplog: pytest.LogCaptureFixture) -> None:
    values([{"id": "1", "coder1": "NA", "coder2": "1"}])
    assert "NA: taken for codes" in caplog.text


def test_from_a_sheet_to_the_table(tmp_path: Path) -> None:
    done = korpus("reliability", SAMPLE, "--sample", "20", "-o", tmp_path / "sheet.xlsx")
    assert done.returncode == 0, done.stderr
    again = korpus("reliability", SAMPLE, "--sample", "20")
    rows = list(csv.DictReader(io.StringIO(again.stdout)))
    assert list(rows[0]) == ["id", "text", "coder1", "coder2"] and len(rows) == 20
    for name, odd in (("kim", "9"), ("lee", "2")):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            sheet = csv.DictWriter(file, ["id", "code"])
            sheet.writeheader()
            sheet.writerows(
                {"id": row["id"], "code": odd if number == 3 else number % 2}
                for number, row in enumerate(rows if name == "kim" else rows[::-1][::-1])
            )
    done = korpus("reliability", tmp_path / "kim.csv", tmp_path / "lee.csv")
    assert done.returncode == 0, done.stderr
    agreement = next(csv.DictReader(io.StringIO(done.stdout)))
    assert (agreement["coders"], agreement["units"]) == ("kim, lee", "20")
    assert float(agreement["value"]) == 0.95
    assert "2 coders, 20 units; codes: 0, 1, 2, 9" in done.stderr
    again = korpus("reliability", tmp_path / "kim.csv", tmp_path / "lee.csv")
    assert again.stdout == done.stdout


def test_wrong_input(tmp_path: Path) -> None:
    with pytest.raises(KorpusError, match="two coders are needed"):
        reliability([{"id": "1", "coder1": "가"}])
    with pytest.raises(KorpusError, match="'긍정' is no number"):
        reliability([{"id": "1", "coder1": "긍정", "coder2": "1"}], level="interval")
    with pytest.raises(KorpusError, match="no column 'x'"):
        reliability(ROWS, coders="coder1,x")
    with pytest.raises(UsageError, match="--level scale is unknown"):
        reliability(ROWS, level="scale")
    (tmp_path / "a.csv").write_text("id,code\n1,a\n1,b\n")
    (tmp_path / "b.csv").write_text("id,other\n1,a\n")
    done = korpus("reliability", tmp_path / "a.csv", tmp_path / "a.csv")
    assert done.returncode == 2 and "same name" in done.stderr
    done = korpus("reliability", tmp_path / "b.csv", tmp_path / "a.csv")
    assert done.returncode == 1 and "b: no column 'code'" in done.stderr
    (tmp_path / "b.csv").write_text("id,code\n1,a\n")
    done = korpus("reliability", tmp_path / "a.csv", tmp_path / "b.csv")
    assert done.returncode == 1 and "a: the id '1' is there twice" in done.stderr


def test_lists_are_no_codes_and_repeated_ids_are_said() -> None:
    rows = [{"id": "1", "coder1": "a", "coder2": "b"}, {"id": "1", "coder1": "a", "coder2": "a"}]
    done = korpus("reliability", stdin=lines(*rows))
    assert done.returncode == 0 and "1 document with the id of an earlier one" in done.stderr
    rows[1]["coder1"] = ["a"]  # type: ignore[assignment]
    wrong = korpus("reliability", stdin=lines(*rows))
    assert wrong.returncode == 1 and "coder1 is a list or an object, no code" in wrong.stderr
