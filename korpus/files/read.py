"""Read sources as documents: which files, which columns, which ids."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from korpus.files import traffic
from korpus.files.choose_format import check_reading
from korpus.files.documents_in import documents_in, rows_in, whole_file_document
from korpus.files.formats import suffix_format
from korpus.files.found import find_files, is_many, is_table
from korpus.files.origin import with_source
from korpus.files.readers import Reading, whole_text
from korpus.files.shapes import NONE
from korpus.files.sources import STDIN, corpus_files, open_source, source_name, without_choice
from korpus.records import BadRow, Record, Records


def read(
    sources: str | Path | Iterable[str | Path],
    *,
    column: str | Sequence[str] | None = None,
    id_column: str | None = None,
    encoding: str | None = None,
    input_format: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    records: str | None = None,
    whole_file: bool = False,
    corpus: str | None = None,
    tables: str = "text",
    include: str | Sequence[str] = "notes",
    pages: bool = False,
    shape: str | None = None,
    tokens: str | None = None,
    drop_excluded: bool = False,
    mask_names: bool = False,
    glob: str | None = None,
    path_columns: str | Sequence[str] = (),
    rejects: Callable[[Record], None] | None = None,
) -> Records:
    """Read files, folders and standard input as documents. Streams (json is read whole).

    Parameters: `sources`, one or several paths; a folder or an archive (.zip, .tar, .tar.gz) stands
    for its files, "-" for standard input. `column` is the text column, or several, joined with
    blank lines (default: the first of `text`, `document`, `content`, `본문`, `내용`, `리뷰` … that
    exists), `id_column` the id column (default: `id`, else the row number). `encoding` is strict;
    without it the rule of `korpus.files.sources.encodings` applies. `input_format` is the name of a
    format in `korpus.files.readers.INPUT_FORMATS` (default: by suffix, else by the first bytes).
    `sheet` of a workbook: its name, its number from 1, or "all", which adds a column `sheet`
    (default: the only one with rows). `header_row`: the number of the row with the column names. By
    default it is 1, or in a workbook the first row that fits the rows below it. 0 means that no row
    has them; the columns are then called c1, c2 … `records`: the path of the records in nested
    JSON, such as `documents[]`; a `column` may be a path too. Without `records` each item of the
    last list on the path of a column is a document, with it the strings there are joined by line
    ends. The fields around a record become columns behind its own. `whole_file` makes a .txt file
    one document with its name as id, as .hwp, .docx, .pdf, .html and .epub are. Of these, `tables`
    are text (a line per row, tabs between cells), skip or only; `include` names what to read beside
    the text: notes, comments, headers or none; `pages` makes a document of each page of a PDF, with
    a column `page`. `shape` names a known source, as --as does (default: found out; none: rows as
    they are); `tokens` a column of tokens with commas between them; `drop_excluded` leaves out
    articles of BigKinds marked 분석제외 or repeated; `mask_names` writes numbers for the names of
    people. `glob`: a pattern for the names of files in folders and archives. `path_columns`:
    columns for the names of the folders around a file. `corpus` adds one of konlpy's public-domain
    corpora, `kobill` or `kolaw`. `rejects`: a function called with each row that cannot be read, as
    a record with `line`, `raw`, `error` and `reason`, and with each file of several that cannot;
    without it they are errors.

    Columns in: any. Out: `id`, `text`, `source` if there are several files, then every other
    column. A column whose name clashes with one of these gets a trailing underscore.
    Raises KorpusError for a missing or broken file or column, UsageError for a bad option.
    """
    paths = [sources] if isinstance(sources, str | Path) else list(sources)
    names = [str(path) for path in paths]
    reading = Reading.of(
        column=column,
        id_column=id_column,
        encoding=encoding,
        input_format=input_format,
        sheet=sheet,
        header_row=header_row,
        records=records,
        whole_file=whole_file,
        tables=tables,
        include=include,
        pages=pages,
        shape=shape,
        tokens=tokens,
        drop_excluded=drop_excluded,
        mask_names=mask_names,
        glob=glob,
        path_columns=path_columns,
        strict=rejects is None,
    )
    check_reading(reading)
    return Records(
        lambda: good_rows(documents_of(names, reading.fresh(), corpus), rejects),
        again=STDIN not in names,
    )


def good_rows(rows: Iterator[Record], rejects: Callable[[Record], None] | None) -> Iterator[Record]:
    """Pass on rows, and call `rejects` with the bad ones. Streams."""
    if rejects is None:
        return rows
    return (row for row in rows if type(row) is not BadRow or rejects(row))


def documents_of(
    sources: list[str], reading: Reading, corpus: str | None = None
) -> Iterator[Record]:
    """What `read` reads, with the bad rows among it unless `reading` is strict. Streams."""
    files = find_files(sources, reading)
    of_corpus = corpus_files(corpus) if corpus else []
    if len(sources) == 1 and not of_corpus and is_table(sources[0]):
        several = False
    else:
        several = len(files) + len(of_corpus) > 1 or any(map(is_many, sources))
    yield from documents_in(files, several, reading)
    for file, name in of_corpus:
        for record in whole_file_document(file, name, None):
            yield with_source(record, name) if several else record


def read_rows(
    source: str,
    *,
    encoding: str | None = None,
    input_format: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    records: str | None = None,
    column: str | Sequence[str] | None = None,
    rejects: Callable[[Record], None] | None = None,
) -> Iterator[Record]:
    """Read the rows of one file or of standard input as they are: no columns chosen. Streams.

    `column`: a column that the header has, which helps to tell the format. Other parameters are
    those of `read`. Raises KorpusError for a missing or broken file.
    """
    reading = Reading.of(
        column=column,
        encoding=encoding,
        input_format=input_format,
        sheet=sheet,
        header_row=header_row,
        records=records,
        shape=NONE,
        strict=rejects is None,
    )
    return good_rows(rows_in(source, reading.fresh()), rejects)


def read_table(source: str) -> list[Record]:
    """Read all rows of a small table, such as a word table. They are not counted as documents.

    Raises KorpusError for a missing or broken file.
    """
    with without_choice():
        rows = list(read_rows(source))
    traffic.flow(traffic.inputs, source).records = None
    return rows


def read_text(path: str) -> str:
    """Read the text of one small file, such as a word list, in UTF-8 or CP949.

    Raises KorpusError if it cannot be read.
    """
    with open_source(path) as stream, without_choice():
        return whole_text(stream, source_name(path), None)


def read_list(path: str) -> str | list[Record]:
    """A small list that people make: its text, or the rows of a workbook, JSON or Parquet.

    Raises KorpusError if it cannot be read.
    """
    is_text = suffix_format(path) in (None, "txt", "csv", "tsv")
    return read_text(path) if is_text else read_table(path)
