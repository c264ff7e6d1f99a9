"""The stage tf_generate: texts that a causal language model continues."""

import string
from functools import partial

from korpus.documents.texts import Rejects
from korpus.errors import KorpusError, UsageError
from korpus.files.pretrained import Pretrained
from korpus.messages import _
from korpus.models.tf.generating import Choice
from korpus.models.tf.loading import CPU, GENERATE, Loaded
from korpus.models.tf.writing import Prepared, writing_stage
from korpus.records import Counts, DocumentSource, Record, Records

_TEXT = "{text}"


def tf_generate(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    column: str | None = None,
    revision: str | None = None,
    download: bool = False,
    template: str = _TEXT,
    chat: bool = False,
    system: str | None = None,
    max_new_tokens: int = 64,
    temperature: float | None = None,
    top_k: int | None = None,
    top_p: float | None = None,
    beams: int | None = None,
    no_repeat: int | None = None,
    seed: int = 0,
    device: str = CPU,
    batch_size: int = 16,
    counts: Counts | None = None,
    rejects: Rejects | None = None,
) -> Records:
    """Continue each text by a causal language model. Streams, in batches.

    `template`: the prompt, with columns of the document in braces. `chat`: the prompt is a message
    of a user, in the chat template of the model, after `system`, a message of the system.
    `max_new_tokens`, `temperature`, `top_k`, `top_p`, `beams`, `no_repeat`, `seed`: see `Choice`;
    without a number for sampling the likeliest piece is taken each time. `model`, `revision`,
    `download`, `device`, `batch_size`: see `tf_embed`. The start of a prompt that is too long is
    cut off, which is logged.

    Columns in: `id`, `text`, those of `template`. Out: all columns, `generated` and `model`. A
    document without a column of the template is set aside; one whose columns of the template are
    all blank gets an empty text. Raises UsageError for wrong options,
    KorpusError for a model that is not there or of another kind.
    """
    fields = _fields(template)
    if system is not None and not chat:
        raise UsageError(
            _("{option} does nothing without {other}").format(option="--system", other="--chat"),
            _("leave it out, or add {other}").format(other="--chat"),
        )
    choice = Choice(max_new_tokens, temperature, top_k, top_p, beams, no_repeat, seed)

    def prepared(loaded: Loaded) -> Prepared:
        if not chat:
            return Prepared(loaded, partial(_prompt, template), {})
        if loaded.tokenizer.chat_template is None:
            raise KorpusError(
                _("{name} has no chat template").format(name=loaded.source.name),
                _("leave out --chat, or choose a model that was trained for chats"),
            )
        return Prepared(loaded, partial(_chat, loaded, template, system), {"marks": False})

    return writing_stage(
        *(documents, column, model, revision, download, GENERATE, device, batch_size),
        *(choice, "generated", prepared, fields, counts, rejects),
    )


def _fields(template: str) -> list[str]:
    """The columns that a template names. Raises UsageError for one that cannot be read."""
    try:
        names = [name for _text, name, _spec, _conversion in string.Formatter().parse(template)]
    except ValueError:
        names = [""]
    fields = [name for name in names if name is not None]
    if not fields or any(not name or name != name.strip() for name in fields):
        raise UsageError(
            _("--template names no column, or has a brace that stands alone"),
            _("such as: {example}").format(example="--template '{text} 질문: {query}'"),
        )
    return fields


def _prompt(template: str, record: Record) -> str:
    """The template with the columns of a document, of which nothing but their text is taken."""
    parts = []
    for text, name, _spec, _conversion in string.Formatter().parse(template):
        parts += [text, "" if name is None else str(record[name])]
    return "".join(parts)


def _chat(loaded: Loaded, template: str, system: str | None, record: Record) -> str:
    messages = [] if system is None else [{"role": "system", "content": system}]
    messages.append({"role": "user", "content": _prompt(template, record)})
    return str(
        loaded.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    )
