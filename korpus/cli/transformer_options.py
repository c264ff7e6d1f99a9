"""The options of commands that use a pre-trained transformer."""

import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli import runner
from korpus.cli.inputs import DocumentReading
from korpus.cli.options import Guarding, Seed
from korpus.cli.outputs import RecordOutput

if TYPE_CHECKING:
    from korpus.files import Pretrained
    from korpus.records import Counts, Record

MODEL, WRITING = "Model", "Writing"  # headings of help


@dataclass(frozen=True)
class ModelOptions:
    """Which transformer to use, and where."""

    model: Annotated[
        str,
        typer.Option(
            "-m",
            "--model",
            metavar="FOLDER|NAME",
            help="Folder of a transformer with model.safetensors, or its name on the Hugging Face "
            "hub: owner/name.",
            rich_help_panel=MODEL,
            show_default=False,
        ),
    ]
    revision: Annotated[
        str | None,
        typer.Option(
            "--revision",
            metavar="COMMIT",
            help="Of a model of the hub: the commit to use.",
            rich_help_panel=MODEL,
        ),
    ] = None
    download: Annotated[
        bool,
        typer.Option(
            "--download",
            help="Get a model of the hub that is not on this machine; nothing is downloaded "
            "otherwise.",
            rich_help_panel=MODEL,
        ),
    ] = False
    device: Annotated[
        str,
        typer.Option(
            "--device",
            metavar="cpu|auto|cuda|mps",
            help="Where to compute; auto takes a graphics card if there is one.",
            rich_help_panel=MODEL,
        ),
    ] = "cpu"

    def found(self) -> "Pretrained":
        """The model that is named, of any kind, to train it further."""
        from korpus import files
        from korpus.checks import check_choice
        from korpus.models import tf

        check_choice("--device", self.device, tf.DEVICES)
        return files.find_pretrained(self.model, revision=self.revision, download=self.download)

    def opened(self, task: str) -> "Pretrained":
        """The model that is named, of the kind that a task needs; see `models.tf.opened`."""
        if not self.download:  # nothing that is imported later may ask the hub either
            os.environ["HF_HUB_OFFLINE"] = "1"
        from korpus.models import tf

        return tf.opened(
            self.model,
            revision=self.revision,
            download=self.download,
            device=self.device,
            task=task,
        )


@dataclass(frozen=True)
class TransformerOptions(ModelOptions):
    """The same for many texts."""

    batch_size: Annotated[
        int,
        typer.Option(
            "--batch-size",
            metavar="N",
            help="Texts at a time; fewer take less memory.",
            rich_help_panel=MODEL,
        ),
    ] = 16

    def arguments(self, task: str) -> dict[str, Any]:
        """These options as keyword arguments of stages."""
        return {
            "model": self.opened(task),
            "device": self.device,
            "batch_size": self.batch_size,
        }


@dataclass(frozen=True)
class WritingOptions:
    """How the pieces of a new text are chosen."""

    max_new_tokens: Annotated[
        int,
        typer.Option(
            "--max-new-tokens",
            metavar="N",
            help="The most pieces of a new text.",
            rich_help_panel=WRITING,
        ),
    ] = 64
    temperature: Annotated[
        float | None,
        typer.Option(
            "--temperature",
            metavar="T",
            help="Draw pieces at random: below 1 likely ones more often (default: the likeliest "
            "each time).",
            rich_help_panel=WRITING,
        ),
    ] = None
    top_k: Annotated[
        int | None,
        typer.Option(
            "--top-k",
            metavar="N",
            help="Draw among the N likeliest pieces.",
            rich_help_panel=WRITING,
        ),
    ] = None
    top_p: Annotated[
        float | None,
        typer.Option(
            "--top-p",
            metavar="P",
            help="Draw among the likeliest pieces that have the probability P together.",
            rich_help_panel=WRITING,
        ),
    ] = None
    beams: Annotated[
        int | None,
        typer.Option(
            "--beams",
            metavar="N",
            help="Write N texts at once and keep the likeliest (beam search).",
            rich_help_panel=WRITING,
        ),
    ] = None
    no_repeat: Annotated[
        int | None,
        typer.Option(
            "--no-repeat",
            metavar="N",
            help="No sequence of N pieces occurs twice in a new text.",
            rich_help_panel=WRITING,
        ),
    ] = None
    seed: Seed = 0

    def choices(self) -> dict[str, Any]:
        """These options as keyword arguments of stages."""
        return asdict(self)


@dataclass(frozen=True)
class TransformerGuarding(Guarding):
    """Limits and resuming; a batch is computed as a whole, so that no limit is usual."""

    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Set aside a document that takes more processor time (0: no limit).",
        ),
    ] = 0


Prefix = Annotated[
    str,
    typer.Option(
        "--prefix", metavar="TEXT", help="Put before each text, as the model was trained."
    ),
]


def run_records(
    stage: Callable[..., Any],
    reading: DocumentReading,
    sources: list[str],
    out: RecordOutput,
    guarding: Guarding,
    **options: Any,
) -> None:
    """Run a stage of a transformer over sources; `options`: those of the stage, with `model`."""
    run(
        partial(stage, **options),
        reading,
        sources,
        out.output,
        options,
        guarding,
        format=out.format,
        excel=out.excel,
    )


def run(
    stage: Callable[..., Any],
    reading: DocumentReading,
    sources: list[str],
    output: str,
    options: dict[str, Any],
    guarding: Guarding,
    *,
    format: str | None = None,
    excel: bool = False,
    write: "Callable[[Iterable[Record]], None] | None" = None,
) -> None:
    """Run a stage of a transformer with `runner.run_guarded`: in one process, which has threads.

    `options`: what has to be the same for a run to be resumed; its `model` was found before.
    """
    from importlib.metadata import version

    from korpus.models import tf

    model: Pretrained = options["model"]
    how = reading.reading()
    runner.run_guarded(
        stage,
        runner.batches(sources, output, how, size=tf.BATCH),
        output=output,
        format=format,
        excel=excel,
        sources=sources,
        options=how.options | options | {"model": model.provenance, "stage": _name(stage)},
        versions={name: version(name) for name in ("torch", "transformers")},
        log_counts=partial(_log, model),
        jobs=1,
        write=write,
        **guarding.arguments(),
    )


def _log(model: "Pretrained", counts: "Counts") -> None:
    from korpus.models import tf

    tf.log_model(model)
    tf.log_texts(counts)


def _name(stage: Callable[..., Any]) -> str:
    return str(getattr(stage, "func", stage).__name__)
