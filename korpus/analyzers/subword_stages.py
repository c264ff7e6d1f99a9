"""The stages subword_train and subword_encode: texts → a tokenizer of subwords, and its pieces."""

import json
import logging
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from unicodedata import normalize

from korpus.analyzers.subwords import INSIDE, Subwords, library
from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.records import (
    DocumentSource,
    Record,
    Records,
    as_records,
    lazily,
    rename_clashes,
)

logger = logging.getLogger("korpus")

BPE, WORDPIECE, UNIGRAM = ALGORITHMS = ("bpe", "wordpiece", "unigram")
UNKNOWN = "[UNK]"
_START = "▁"  # of a word, for bpe and unigram
_ROUNDS = 5
_LONGEST = 200  # characters of a word for WordPiece; longer ones are unknown
_COLUMNS = {"tokens", "tags", "codes", "analyzer", "analysis"}


def subword_train(
    documents: DocumentSource,
    *,
    column: str | None = None,
    algorithm: str = BPE,
    vocab_size: int = 8000,
    min_count: int = 2,
) -> Subwords:
    """Learn subwords (서브워드) from texts, by Hugging Face tokenizers. Needs the whole input.

    Parameters: `algorithm`: bpe (Sennrich, Haddow & Birch 2016), wordpiece (Schuster & Nakajima
    2012) or unigram (Kudo 2018). `vocab_size`: number of pieces; all characters of the texts have
    one in any case. `min_count`: how often a pair of pieces occurs that bpe and wordpiece merge.
    Words are split at white space; pieces of bpe and unigram that start one begin with ▁, those of
    wordpiece that go on one with ##. Texts are composed (NFC). Same texts, same tokenizer.

    Columns in: `text`. Returns the tokenizer, whose `content` is a tokenizer.json.
    Raises UsageError for wrong options, KorpusError for texts without characters.
    """
    check_train_subwords(algorithm, vocab_size, min_count)
    texts = [
        normalize("NFC", record["text"])
        for record in as_records(documents, column)
        if isinstance(record.get("text"), str)
    ]
    characters = {character for text in texts for word in text.split() for character in word}
    if not characters:
        raise KorpusError(_("there is no text to learn subwords from: the input is empty"))
    least = len(characters) + 2  # the unknown piece and, for most, ▁
    if algorithm == UNIGRAM and vocab_size < least:
        raise KorpusError(
            _("--vocab-size {size} is less than the {number} characters of the texts").format(
                size=vocab_size, number=len(characters)
            ),
            _("such as --vocab-size {size}").format(size=max(8000, 2 * least)),
        )
    tokenizer, trainer = _parts(algorithm, vocab_size, min_count, texts)
    tokenizer.train_from_iterator(texts, trainer, length=len(texts))
    content = json.loads(tokenizer.to_str())
    if (found := tokenizer.get_vocab_size()) > vocab_size:
        logger.warning(
            _("%s, more than --vocab-size %s: each character of the texts is one"),
            plural(found, "piece"),
            f"{vocab_size:,}",
        )
    if algorithm == UNIGRAM:
        pieces = [piece for piece, _weight in content["model"]["vocab"] if piece != UNKNOWN]
        content["model"] |= {"vocab": _weighted(pieces, texts), "unk_id": 0}
    # Pieces that were given to the trainer so that their order is fixed are not special.
    content["added_tokens"] = [
        token for token in content["added_tokens"] if token["content"] == UNKNOWN
    ]
    return Subwords(json.dumps(content, ensure_ascii=False))


def check_train_subwords(algorithm: str, vocab_size: int, min_count: int) -> None:
    """Raises UsageError for options that `subword_train` does not take, KorpusError without the
    package tokenizers."""
    check_choice("--algorithm", algorithm, ALGORITHMS)
    check_least("--vocab-size", vocab_size, 1)
    check_least("--min-count", min_count, 1)
    library()


def _parts(algorithm: str, size: int, least: int, texts: list[str]) -> tuple[Any, Any]:
    """A tokenizer without a vocabulary, and what trains it."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer: Any
    trainer: Any
    common: dict[str, Any] = {
        "vocab_size": size,
        "special_tokens": [UNKNOWN],
        "show_progress": False,
    }
    if algorithm == WORDPIECE:
        tokenizer = Tokenizer(
            models.WordPiece(unk_token=UNKNOWN, max_input_chars_per_word=_LONGEST)
        )
        inside = sorted({c for text in texts for word in text.split() for c in word[1:]})
        common["special_tokens"] = [UNKNOWN, *(INSIDE + character for character in inside)]
        trainer = trainers.WordPieceTrainer(min_frequency=least, **common)
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        tokenizer.decoder = decoders.WordPiece(cleanup=False)
    else:
        if algorithm == BPE:
            tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
            trainer = trainers.BpeTrainer(min_frequency=least, **common)
        else:
            tokenizer = Tokenizer(models.Unigram())
            trainer = trainers.UnigramTrainer(unk_token=UNKNOWN, **common)
        split = [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(split)
        tokenizer.decoder = decoders.Metaspace()
    tokenizer.normalizer = normalizers.NFC()
    return tokenizer, trainer


def _weighted(pieces: list[str], texts: list[str]) -> list[tuple[str, float]]:
    """Pieces of unigram with their log probabilities, the likeliest first, after the unknown piece.

    The library finds the same pieces in each run, but weights that differ in their third digit.
    So these are estimated again from the likeliest pieces of each word (Viterbi training). They
    start, as those of SentencePiece do, from how often a piece stands in words, times its length.
    """
    from tokenizers import Tokenizer, models

    words = Counter(_START + word for text in texts for word in text.split())
    known, longest = set(pieces), max(map(len, pieces))
    counts = Counter[str]()
    for word, times in words.items():
        for start in range(len(word)):
            for end in range(start + 1, min(start + longest, len(word)) + 1):
                if (piece := word[start:end]) in known:
                    counts[piece] += times * len(piece)
    for _round in range(_ROUNDS):
        total = counts.total() + len(pieces)
        weights = {piece: math.log((counts[piece] or 0.5) / total) for piece in pieces}
        found = [(UNKNOWN, 0.0), *sorted(weights.items(), key=lambda item: (-item[1], item[0]))]
        tokenizer = Tokenizer(models.Unigram(found, unk_id=0))
        counts = Counter()
        for encoding, times in zip(
            tokenizer.encode_batch(list(words)), words.values(), strict=True
        ):
            for piece in encoding.tokens:
                counts[piece] += times
    return found


def subword_encode(
    documents: DocumentSource, tokenizer: Subwords, *, column: str | None = None
) -> Records:
    """Split texts into the pieces of a tokenizer, with their numbers. Streams.

    Columns in: `id`, `text`. Out: all columns, `tokens`, the pieces as in the vocabulary (▁영화,
    ##가), `codes`, their numbers, and `analyzer`. `korpus.morph` gives the pieces as in the text.
    Raises KorpusError for a tokenizer that cannot be read.
    """
    tokenizer.table()
    return lazily(as_records(documents, column), partial(_encoded, subwords=tokenizer))


def _encoded(documents: Iterable[Record], subwords: Subwords) -> Iterator[Record]:
    for record in documents:
        text = record.get("text")
        found = subwords.pieces(normalize("NFC", text if isinstance(text, str) else ""))
        yield {
            **rename_clashes(record, _COLUMNS),
            "tokens": found.names,
            "codes": found.codes,
            "analyzer": subwords.name,
        }
