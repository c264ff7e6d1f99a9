"""Write what a cluster has computed: a folder of part files, which its workers write."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korpus import files
from korpus.errors import KorpusError
from korpus.files import traffic
from korpus.files.sources import plain_suffix
from korpus.files.writers import find_output_format, flat, whole
from korpus.messages import _
from korpus.records import Record, Table
from korpus.spark.session import failure
from korpus.spark.store import is_remote
from korpus.spark.work import Work, collected
from korpus.workers.sending import packed, unpacked

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# Formats that several files may hold together. Others are one file, which this machine writes.
TEXT, TABLES, PARQUET = ("jsonl", "tagged", "plain"), ("csv", "tsv"), "parquet"
OF_JSON = ("jsonl", *TABLES, PARQUET)  # that lines of JSON may become
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}


def in_parts(format: str) -> bool:
    """Whether a format is written as a folder of part files."""
    return format in (*TEXT, *TABLES, PARQUET)


def address(path: str) -> str:
    """The address of a file or folder for the cluster."""
    return path if is_remote(path) else f"file:{os.path.abspath(path)}"  # noqa: PTH100


def save(work: Work, output: str, format: str, written: str) -> None:
    """Write the lines of a stage as a folder of part files: new and complete, or as before.

    In: lines of the format, if it is one of TEXT, else JSON. `written`: the name under which rows
    are counted. Raises KorpusError.
    """
    lines = work.encoded
    ending = os.path.splitext(output)[1].lower()  # noqa: PTH122
    packing = _COMPRESSIONS.get(ending, "none")
    suffix = plain_suffix(output) + (ending if packing != "none" else "")
    rows = traffic.flow(traffic.outputs, written)
    with work.cluster.store.new_folder(address(output), suffix) as target:
        try:
            if format == PARQUET:
                _parquet(lines).write.mode("overwrite").parquet(target)
            else:
                frame = lines if format in TEXT else _table(lines, format)
                frame.write.mode("overwrite").option("compression", packing).text(target)
            rows.add(work.written)
        except KorpusError:
            raise
        except Exception as error:
            raise failure(error) from error


def _table(lines: "DataFrame", format: str) -> "DataFrame":
    names: dict[str, None] = {}
    for (data,) in collected(lines.mapInArrow(_column_rows, "data binary")):
        names.update(dict.fromkeys(unpacked(data)))
    return lines.mapInArrow(_Cells(list(names) or ["id", "text"], format), "value string")


def _parquet(lines: "DataFrame") -> "DataFrame":
    import pyarrow
    from pyspark.sql.pandas.types import from_arrow_schema

    found = [
        pyarrow.ipc.read_schema(pyarrow.py_buffer(data))
        for (data,) in collected(lines.mapInArrow(_schema_rows, "data binary"))
    ]
    schema = _unified(found)
    if not schema.names:
        schema = pyarrow.schema([("id", pyarrow.string()), ("text", pyarrow.string())])
    data = bytes(schema.serialize())
    return lines.mapInArrow(_Typed(data), from_arrow_schema(schema))


def _records(batches: Iterator[Any]) -> Iterator[list[Record]]:
    """The records of each row of lines."""
    for batch in batches:
        for value in batch.column(0):
            yield list(files.parse_records([value.as_buffer().to_pybytes() + b"\n"]))


def _row(**columns: Any) -> Any:
    import pyarrow

    return pyarrow.RecordBatch.from_pydict(columns)


def _column_rows(batches: Iterator[Any]) -> Iterator[Any]:
    """The columns of the records of a partition, in the order that they come."""
    names: dict[str, None] = {}
    for records in _records(batches):
        for record in records:
            names.update(dict.fromkeys(record))
    yield _row(data=[bytes(packed(list(names)))])


@dataclass(frozen=True)
class _Cells:
    names: list[str]
    format: str

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The text of a table; only the first row of a partition has its header."""
        header = self._text([])
        is_first = True
        for records in _records(batches):
            text = self._text(records)
            text = text if is_first else text[len(header) :]
            is_first = False
            yield _row(value=[text.removesuffix("\n")])

    def _text(self, records: list[Record]) -> str:
        rows = [tuple(flat(record.get(name)) for name in self.names) for record in records]
        stream = io.BytesIO()
        write = find_output_format(self.format).table
        assert write is not None
        write(stream, Table([whole(name) for name in self.names], lambda: rows))
        return stream.getvalue().decode()


def _schema_rows(batches: Iterator[Any]) -> Iterator[Any]:
    """The types of the columns of a partition."""
    found = [_arrow(records).schema for records in _records(batches)]
    yield _row(data=[bytes(_unified(found).serialize())])


def _arrow(records: list[Record]) -> Any:
    import pyarrow

    names = dict.fromkeys(name for record in records for name in record)
    columns = {whole(name): [whole(record.get(name)) for record in records] for name in names}
    try:
        return pyarrow.table(columns)
    except (TypeError, ValueError, OverflowError, NotImplementedError) as error:
        raise _refused(error) from None


def _unified(schemas: list[Any]) -> Any:
    import pyarrow

    filled = [schema for schema in schemas if schema.names]
    if not filled:
        return pyarrow.schema([])
    try:
        return pyarrow.unify_schemas(filled, promote_options="permissive")
    except (TypeError, ValueError) as error:
        raise _refused(error) from None


def _refused(error: Exception) -> KorpusError:
    return KorpusError(
        _("cannot write as parquet: {reason}").format(reason=str(error).splitlines()[0]),
        _("write .jsonl instead"),
    )


@dataclass(frozen=True)
class _Typed:
    schema: bytes

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The records as rows of these types."""
        import pyarrow

        schema = pyarrow.ipc.read_schema(pyarrow.py_buffer(self.schema))
        for records in _records(batches):
            columns = [[whole(record.get(name)) for record in records] for name in schema.names]
            arrays = [
                pyarrow.array(column, type)
                for column, type in zip(columns, schema.types, strict=True)
            ]
            yield pyarrow.RecordBatch.from_arrays(arrays, schema=schema)
