"""Whether a command on Spark wrote the rows that it writes on one machine."""

import csv
import json
import math
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def rows(output: Path) -> list[Row]:
    """The rows of a file, or of all part files of a folder, in an order of their own."""
    found: list[Row] = []
    for path in sorted(output.glob("part-*")) if output.is_dir() else [output]:
        if output.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as lines:
                found += csv.DictReader(lines)
        elif output.suffix == ".parquet":
            import pyarrow.parquet

            found += pyarrow.parquet.ParquetFile(path).read().to_pylist()
        else:
            with path.open(encoding="utf-8") as lines:
                found += map(json.loads, lines)
    return sorted(found, key=_key)


def ids_in_order(output: Path) -> list[str]:
    """The ids of documents, in the order of a file or of the part files of a folder."""
    paths = sorted(output.glob("part-*")) if output.is_dir() else [output]
    return [json.loads(line)["id"] for path in paths for line in path.read_text().splitlines()]


def _number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _key(row: Row) -> tuple[str, list[float]]:
    """What is equal in all digits first, so that no rounding decides about the order."""
    cells = {name: _number(value) for name, value in row.items()}
    floats = [v for v in cells.values() if isinstance(v, float) and not v.is_integer()]
    return str({n: v for n, v in cells.items() if v not in floats}), [round(v, 9) for v in floats]


def assert_same(found: list[Row], wanted: list[Row]) -> None:
    """Compare rows: floats to 1e-9, all else and the order of columns exactly."""
    assert len(found) == len(wanted) > 0
    for one, other in zip(found, wanted, strict=True):
        assert list(one) == list(other)
        for name, value in other.items():
            ours, theirs = _number(one[name]), _number(value)
            if isinstance(ours, float) and isinstance(theirs, float):
                assert math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12), (name, one, other)
            else:
                assert ours == theirs, (name, one, other)
