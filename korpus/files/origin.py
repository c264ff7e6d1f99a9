"""Columns that say where a document comes from: its file, and the folders around that."""

from korpus.records import BadRow, Record, rename_clashes


def with_id(row: Record, name: str) -> Record:
    """A document, or one of its pages, with the name of its file as its id."""
    return {"id": f"{name}#{row['page']}" if "page" in row else name, **row}


def with_columns(record: Record, columns: Record) -> Record:
    """The record with what its path says behind its id and source."""
    if type(record) is BadRow:
        return record
    first: Record = {key: record[key] for key in ("id", "source") if key in record}
    rest = {key: value for key, value in record.items() if key not in first}
    columns = rename_clashes(columns, ("id", "source", "text"))
    return {**first, **columns, **rename_clashes(rest, columns)}


def with_source(record: Record, name: str) -> Record:
    """The record with its source after the id; a column of this name gets a trailing underscore."""
    if type(record) is BadRow:
        return BadRow({"source": name, **record})
    record = dict(record)
    key = "source"
    while key in record:
        key += "_"
    if key != "source":
        record[key] = record.pop("source")
    return {"id": record.pop("id"), "source": name, **record}
