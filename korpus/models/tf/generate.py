"""The stages tf_generate, tf_summarize and tf_translate: texts by a transformer."""

import string
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from korpus.documents.texts import Rejects
from korpus.errors import KorpusError, UsageError
from korpus.files.pretrained import Pretrained
from korpus.messages import _
from korpus.models.tf.generating import Choice, written
from korpus.models.tf.loading import (
    CPU,
    GENERATE,
    REWRITE,
    Loaded,
    check_batch_size,
    load_transformer,
    opened,
)
from korpus.models.tf.texts import CUT, CUT_STARTS, Apply, over_texts
from korpus.records import Counts, DocumentSource, Record, Records

_TEXT = "{text}"
_MARKS = ("bos", "eos", "unk", "sep", "pad", "cls", "mask")  # what marks but no language


@dataclass(frozen=True)
class _Prepared:
    """What a stage writes with. `prompt`: of a document. `more`: options of `written`."""

    loaded: Loaded
    prompt: Callable[[Record], str]
    more: dict[str, Any]


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
    document without a column of the template is set aside. Raises UsageError for wrong options,
    KorpusError for a model that is not there or of another kind.
    """
    fields = _fields(template)
    if system is not None and not chat:
        raise UsageError(
            _("{option} does nothing without {other}").format(option="--system", other="--chat"),
            _("leave it out, or add {other}").format(other="--chat"),
        )
    choice = Choice(max_new_tokens, temperature, top_k, top_p, beams, no_repeat, seed)

    def prepared(loaded: Loaded) -> _Prepared:
        if not chat:
            return _Prepared(loaded, partial(_prompt, template), {})
        if loaded.tokenizer.chat_template is None:
            raise KorpusError(
                _("{name} has no chat template").format(name=loaded.source.name),
                _("leave out --chat, or choose a model that was trained for chats"),
            )
        return _Prepared(loaded, partial(_chat, loaded, template, system), {"marks": False})

    return _stage(
        *(documents, column, model, revision, download, GENERATE, device, batch_size),
        *(choice, "generated", prepared, fields, counts, rejects),
    )


def tf_summarize(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    column: str | None = None,
    revision: str | None = None,
    download: bool = False,
    prefix: str = "",
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
    """Write a summary of each text by an encoder and decoder (생성 요약). Streams, in batches.

    `prefix`: put before each text, as some models were trained with ("summarize: "). The others:
    see `tf_generate`. The end of a text that is too long is cut off, which is logged.

    Columns in: `id`, `text`. Out: all columns, `summary` and `model`. Raises UsageError for wrong
    options, KorpusError for a model that is not there or of another kind.
    """
    choice = Choice(max_new_tokens, temperature, top_k, top_p, beams, no_repeat, seed)

    def prepared(loaded: Loaded) -> _Prepared:
        return _Prepared(loaded, partial(_prefixed, prefix), {})

    return _stage(
        *(documents, column, model, revision, download, REWRITE, device, batch_size),
        *(choice, "summary", prepared, (), counts, rejects),
    )


def tf_translate(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    column: str | None = None,
    revision: str | None = None,
    download: bool = False,
    from_: str | None = None,
    to: str | None = None,
    prefix: str = "",
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
    """Translate each text by an encoder and decoder (기계 번역). Streams, in batches.

    `from_`, `to`: languages, as a model of several languages names them (kor_Hang, ko_KR, ko).
    `prefix`: put before each text, as some models were trained with. The others: see `tf_generate`.
    The end of a text that is too long is cut off, which is logged.

    Columns in: `id`, `text`. Out: all columns, `translation` and `model`. Raises UsageError for
    wrong options, KorpusError for a model that is not there, of another kind, or without such a
    language.
    """
    choice = Choice(max_new_tokens, temperature, top_k, top_p, beams, no_repeat, seed)

    def prepared(loaded: Loaded) -> _Prepared:
        own, more = _languages(loaded, from_, to)
        return _Prepared(own, partial(_prefixed, prefix), more)

    return _stage(
        *(documents, column, model, revision, download, REWRITE, device, batch_size),
        *(choice, "translation", prepared, (), counts, rejects),
    )


def _stage(
    documents: DocumentSource,
    column: str | None,
    model: str | Pretrained,
    revision: str | None,
    download: bool,
    task: str,
    device: str,
    batch_size: int,
    choice: Choice,
    new: str,
    prepared: Callable[[Loaded], _Prepared],
    fields: Sequence[str],
    counts: Counts | None,
    rejects: Rejects | None,
) -> Records:
    """A stage that adds the column `new`. `prepared`: gives what makes prompts and more options."""
    check_batch_size(batch_size)
    choice.check()
    found = opened(model, revision=revision, download=download, device=device, task=task)

    def load() -> Apply:
        ready = prepared(load_transformer(found, task, device))

        def apply(records: list[Record], own: Counts) -> Sequence[Record | str]:
            missing = [_missing(record, fields) for record in records]
            good = [n for n, name in enumerate(missing) if not name and _has_text(records[n])]
            texts, cut = written(
                ready.loaded,
                [ready.prompt(records[number]) for number in good],
                choice,
                batch_size,
                is_causal=task == GENERATE,
                **ready.more,
            )
            own[CUT_STARTS if task == GENERATE else CUT] += cut
            results: list[Record | str] = [
                _("it has no column {column!r}").format(column=name) if name else {new: ""}
                for name in missing
            ]
            for number, text in zip(good, texts, strict=True):
                results[number] = {new: text}
            return results

        return apply

    return over_texts(documents, column, load, (new,), found.label, counts=counts, rejects=rejects)


def _has_text(record: Record) -> bool:
    return bool(record["text"].strip())


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


def _missing(record: Record, fields: Sequence[str]) -> str | None:
    """The first column of a template that a document lacks."""
    return next((name for name in fields if record.get(name) is None), None)


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


def _prefixed(prefix: str, record: Record) -> str:
    return f"{prefix}{record['text']}"


def _languages(
    loaded: Loaded, source: str | None, target: str | None
) -> tuple[Loaded, dict[str, Any]]:
    """The model with its source language set, and what says the language to write.

    Raises KorpusError for a language that the model does not know.
    """
    tokenizer = loaded.tokenizer
    marks = {getattr(tokenizer, f"{name}_token") for name in _MARKS}
    known = {
        piece: code for piece, code in tokenizer.get_added_vocab().items() if piece not in marks
    }
    names = {
        name: next((n for n in (name, f"__{name}__") if n in known), None)
        for name in (source, target)
        if name is not None
    }
    for name, piece in names.items():
        if piece is None:
            raise KorpusError(
                _("{model} has no language {name}").format(model=loaded.source.name, name=name),
                _("its model card lists them, such as kor_Hang, ko_KR or ko"),
            )
    if source is not None:
        if not hasattr(tokenizer, "src_lang"):
            raise KorpusError(
                _("{model} takes no language of the texts").format(model=loaded.source.name),
                _("leave out --from, or say it in --prefix, as the model was trained"),
            )
        tokenizer = deepcopy(tokenizer)  # the model is kept for other calls
        tokenizer.src_lang = source
    more = {} if target is None else {"forced_bos_token_id": known[names[target]]}
    return replace(loaded, tokenizer=tokenizer), more
