"""The option --on: what commands read and write is on a Spark cluster, where their stages run."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli import rejects
from korpus.cli.marks import Reads, Writes
from korpus.elsewhere import Elsewhere
from korpus.errors import KorpusError, UsageError
from korpus.messages import _
from korpus.records import Counts, Record

if TYPE_CHECKING:
    from korpus.spark import Cluster, Work

logger = logging.getLogger("korpus")

On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="URL",
        envvar="KORPUS_ON",
        help="Run on Apache Spark: local, spark://host:7077, yarn or k8s://… -o is then a "
        "folder of part files. Needs the extra spark.",
    ),
]
# The commands that have the option.
COMMANDS = {
    *("read", "clean", "morph", "stopwords", "freq", "tfidf", "ngrams", "collocations", "keyness"),
    *("network", "lda", "lsa", "word2vec", "dedupe", "infer", "classify_predict"),
}
# Parameters with documents, which the cluster reads itself; other files are copied here.
_DOCUMENTS = ("source", "sources", "other")
_current: "Cluster | None" = None
_outputs: dict[str, str] = {}  # addresses of the cluster, by the files that stand for them here


def current() -> "Cluster | None":
    """The cluster of this run; None without --on."""
    return _current


def documents(
    cluster: "Cluster", sources: str | list[str], reading: Any, size: int, needs_text: bool
) -> Any:
    """The documents of sources on a cluster; see `runner.batches`."""
    from korpus.spark import Documents

    named = [sources] if isinstance(sources, str) else sources
    return Documents(cluster, named, reading, size, needs_text, rejects.collect)


def shown(path: str | None) -> str | None:
    """A path as the user gave it, for messages."""
    return _outputs.get(path or "", path)


@contextmanager
def started(url: str | None, parameters: Iterable[Any], values: dict[str, Any]) -> Iterator[None]:
    """Use the cluster at `url` for the documents of a command. Does nothing without a `url`.

    Addresses on the cluster in `values` are replaced by names of local files: files to read, such
    as models and word lists, are downloaded first; files to write are uploaded when the command
    has ended without an error. `parameters`: those of the command. Errors of Spark, such as memory
    that was too small, are raised as KorpusError.
    """
    global _current
    if not url:
        yield
        return
    from korpus.spark import Cluster, failure, is_of_spark, is_remote, plain

    cluster = Cluster(url)
    _outputs.clear()
    try:
        for item in parameters:
            value = values[item.name]
            if not isinstance(value, str):
                continue
            if item.role(Writes):
                value = values[item.name] = plain(value)
                if is_remote(value):
                    _check_target(cluster, value, values)
                    values[item.name] = cluster.temporary(value.rstrip("/").rpartition("/")[2])
                    _outputs[values[item.name]] = value
            elif item.role(Reads) and item.name not in _DOCUMENTS:
                value = values[item.name] = plain(value)
                if is_remote(value):
                    values[item.name] = cluster.temporary(value.rpartition("/")[2])
                    cluster.store.download(value, values[item.name])
        _current = cluster
        yield
        _upload(cluster)
    except Exception as error:
        if is_of_spark(error):
            raise failure(error) from error
        raise
    finally:
        _current = None
        cluster.end()


def _check_target(cluster: "Cluster", url: str, values: dict[str, Any]) -> None:
    """Check the address of an output before any work.

    Raises UsageError if it is an input too, and KorpusError if it exists and --no-clobber was
    given, or if it is a folder that korpus did not write.
    """
    sources = values.get("sources") or [values.get("source"), values.get("other")]
    if url.rstrip("/") in [source.rstrip("/") for source in sources if source]:
        raise UsageError(
            _("{name} is an input too").format(name=url), _("give the output another name")
        )
    if values["no_clobber"] and cluster.store.exists(url):
        raise KorpusError(
            _("{name} exists and --no-clobber was given").format(name=url),
            _("give another name, or leave --no-clobber out"),
        )
    if cluster.store.is_folder(url) and not cluster.store.is_own(url):
        raise KorpusError(_("{name}: is a folder").format(name=url), _("give the name of a file"))


def _upload(cluster: "Cluster") -> None:
    """Copy to the cluster what was written here for it, and what was set aside."""
    import os

    from korpus import files

    for path, url in list(_outputs.items()):
        for local, target in (
            (path, url),
            (files.name_of_rejects(path), files.name_of_rejects(url)),
        ):
            if os.path.exists(local):  # noqa: PTH110
                cluster.store.upload(local, target)


def run_records(
    stage: Callable[..., Any],
    documents: Any,
    *,
    output: str,
    format: str | None,
    excel: bool,
    log_counts: Callable[[Any], None] | None,
    check_counts: Callable[[Any], None] | None,
    log_ids: bool,
) -> None:
    """Run a stage that streams, and write its records; see `RecordOutput.run`."""
    from korpus import spark

    collected = rejects.CollectedSmall()
    collected.counts = Counts()
    work = spark.run(
        partial(rejects.collecting, stage, Counts),
        documents,
        decode=rejects.decode,
        encode=_encoder(output, format),
        counts=collected,
    )
    work.compute()
    for row in collected.rows:
        rejects.collect(row)
    rejects.current().write_rows()
    if check_counts:
        check_counts(collected.counts)
    write(work, output, format, excel)
    if log_counts:
        log_counts(collected.counts)
    if log_ids:
        work.log_repeated()


def add_up(stage: Callable[..., Any], documents: Any, counts: Any) -> None:
    """Run a stage that only counts; see `runner.add_up`."""
    from korpus.spark.term_counts import add_up

    collected = rejects.Collected()
    collected.counts = counts
    add_up(partial(rejects.collecting, stage, type(counts)), documents, rejects.decode, collected)
    for row in collected.rows:
        rejects.collect(row)
    rejects.current().write_rows()


def run_guarded(
    stage: Any,
    documents: Any,
    *,
    output: str,
    format: str | None,
    excel: bool,
    gives_lists: Callable[..., Any] | None,
    log_counts: Callable[[Counts], None],
    timeout: float,
    retire: int | None,
    resume: str,
) -> None:
    """Run a stage with deadlines, and write its records; see `runner.run_guarded`.

    `gives_lists`: what encodes a list of records by the encoder of one, if the stage gives lists.
    Nothing is saved for a later run: raises UsageError if `resume` is `only`.
    """
    from korpus import files, spark

    if resume == "only":
        raise UsageError(
            _("{option} does nothing with {other}").format(option="--resume only", other="--on"),
            _("leave one out"),
        )
    encode: Any = _encoder(output, format)
    if gives_lists:
        encode = partial(gives_lists, encode)
    work = spark.supervise(
        partial(rejects.guarded, stage),
        documents,
        decode=files.documents,
        encode=encode,
        timeout=timeout,
        retire=retire,
    )
    work.compute()
    aside = rejects.current()
    from korpus.workers import Answer

    for _item in aside.write([Answer([], work.rejects, work.counts)]):
        pass
    write(work, output, format, excel)
    log_counts(aside.counts)
    work.log_repeated()


def _encoder(output: str, format: str | None) -> Callable[[Any], bytes]:
    """What makes lines of records: of the output's format if that has lines, else JSON."""
    from korpus import files

    return files.line_encoder(output, format) or files.json_line


def write(work: "Work", output: str, format: str | None, excel: bool) -> None:
    """Write the encoded lines of a stage: part files on the cluster, or here in one stream."""
    from korpus import files
    from korpus.spark import outputs

    name = files.format_of_output(output, format, files.RECORDS)
    if not files.is_stream(output) and outputs.in_parts(name):
        outputs.save(work, _outputs.get(output, output), name, output)
    elif files.line_encoder(output, format):
        files.write_lines(iter(work), output, format)
    else:
        files.write_records(files.parse_records(iter(work)), output, format, excel)


def kept(documents: "Iterator[Record]") -> Any:
    """Documents that can be read again: by a temporary file, or as a cluster reads them."""
    from korpus import files

    return nullcontext(documents) if is_elsewhere(documents) else files.Kept(documents)


def saved(value: object, output: str, format: str | None) -> bool:
    """Write records or a table that the cluster has, if it can; whether that was done."""
    if _current is None:
        return False
    from korpus import files, spark
    from korpus.records import Table
    from korpus.spark import outputs

    work = spark.lines_of(value)
    kind = files.TABLES if isinstance(value, Table) else files.RECORDS
    name = files.format_of_output(output, format, kind)
    if work is None or files.is_stream(output) or name not in outputs.OF_JSON:
        return False
    outputs.save(work, _outputs.get(output, output), name, output)
    if kind == files.RECORDS:
        work.log_repeated()
    return True


def is_elsewhere(batches: object) -> bool:
    """Whether documents are on a cluster."""
    return isinstance(batches, Elsewhere)
