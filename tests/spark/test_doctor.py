"""doctor --on tries what executors need."""

import csv
import io

import pytest

from tests.spark.conftest import Run

pytest.importorskip("pyspark", reason="the extra spark is not installed")


def test_the_executors_are_tried(on_spark: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from korpus.spark import doctor

    monkeypatch.setattr(doctor, "ANALYZERS", dict.fromkeys(("mecab", "space"), None))
    done = on_spark("doctor")
    assert done.code == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    parts = {row["part"].rpartition(": ")[2]: row for row in rows}
    assert {"spark", "korpus", "mecab", "space"} == set(parts)
    assert all(row["works"] == "yes" for row in rows)
    assert parts["mecab"]["version"].startswith("python-mecab-ko ")


def test_a_cluster_is_told_how_to_get_the_environment() -> None:
    from korpus.spark.doctor import shipping

    (_first, *_none, pack), (_second, *_none, submit) = shipping("yarn")
    assert "venv-pack" in pack
    assert submit.startswith("spark-submit --master yarn --archives ")
    assert submit.endswith("--on yarn -o OUTPUT")
