"""The stages tf_summarize and tf_translate: texts that an encoder and decoder rewrites."""

from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any

from korpus.documents.texts import Rejects
from korpus.errors import KorpusError
from korpus.files.pretrained import Pretrained
from korpus.messages import _
from korpus.models.tf.generating import Choice
from korpus.models.tf.loading import CPU, REWRITE, Loaded
from korpus.models.tf.writing import Prepared, writing_stage
from korpus.records import Counts, DocumentSource, Record, Records

_MARKS = ("bos", "eos", "unk", "sep", "pad", "cls", "mask")  # what marks but no language


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

    Columns in: `id`, `text`. Out: all columns, `summary` (empty for a blank text) and `model`.
    Raises UsageError for wrong options, KorpusError for a model that is not there or of another
    kind.
    """
    choice = Choice(max_new_tokens, temperature, top_k, top_p, beams, no_repeat, seed)

    def prepared(loaded: Loaded) -> Prepared:
        return Prepared(loaded, partial(_prefixed, prefix), {})

    return writing_stage(
        *(documents, column, model, revision, download, REWRITE, device, batch_size),
        *(choice, "summary", prepared, ("text",), counts, rejects),
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

    Columns in: `id`, `text`. Out: all columns, `translation` (empty for a blank text) and `model`.
    Raises UsageError for wrong options, KorpusError for a model that is not there, of another kind,
    or without such a language.
    """
    choice = Choice(max_new_tokens, temperature, top_k, top_p, beams, no_repeat, seed)

    def prepared(loaded: Loaded) -> Prepared:
        own, more = _languages(loaded, from_, to)
        return Prepared(own, partial(_prefixed, prefix), more)

    return writing_stage(
        *(documents, column, model, revision, download, REWRITE, device, batch_size),
        *(choice, "translation", prepared, ("text",), counts, rejects),
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
