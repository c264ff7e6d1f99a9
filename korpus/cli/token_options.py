"""The options of morph that shape tokens."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli.options import split_list

if TYPE_CHECKING:
    from korpus.analyzers import Subwords


@dataclass(frozen=True)
class TokenOptions:
    """How morph splits, joins and chooses tokens."""

    pos: Annotated[
        list[str] | None,
        typer.Option(
            "--pos",
            metavar="GROUP|TAG,…",
            help="Keep only these parts of speech (품사): noun, verb, adjective …, tags such as "
            "NNG, VV, Josa, or term (용어): nouns, foreign words, roots; for topics and keywords. "
            "--lemma makes adjectives of roots, unless --split-derived is given.",
        ),
    ] = None
    lemma: Annotated[
        bool, typer.Option("--lemma", help="Give verbs and adjectives in dictionary form (-다).")
    ] = False
    split_derived: Annotated[
        bool,
        typer.Option("--split-derived", help="With --lemma: keep 공부 and 하 of 공부하다 apart."),
    ] = False
    join: Annotated[
        list[str] | None,
        typer.Option(
            "--join",
            metavar="negation|number",
            help="Join negation (부정: 좋지 않다 → 좋다_않다/VA+NEG, 안 좋다 → 안_좋다; implies "
            "--lemma), numbers (숫자: 3.5%, 2024년, 코로나19), or both with a comma.",
        ),
    ] = None
    compound: Annotated[
        str,
        typer.Option(
            "--compound",
            help="Compounds (합성어) in the dictionary of mecab, kkma, kiwi: keep; split them; or "
            "both: each followed by its parts (한국은행 한국 은행).",
        ),
    ] = "keep"
    fold: Annotated[
        bool, typer.Option("--fold", help="Fold case and width: AI, ai and ＡＩ become ai.")
    ] = False
    norm: Annotated[bool, typer.Option("--norm", help="okt: normalise spelling first.")] = False
    split_inflect: Annotated[
        bool, typer.Option("--split-inflect", help="Split fused tokens (갔/VV+EP).")
    ] = False

    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `analyzers.morph`."""
        return asdict(self) | {"pos": split_list(self.pos), "join": split_list(self.join)}


def split_tokenizer(analyzer: str) -> "tuple[str, Subwords | None]":
    """The name of an analyzer, and for subword:tokenizer.json the tokenizer of the file."""
    from korpus import analyzers, files

    name, _colon, path = analyzer.partition(":")
    if name != analyzers.SUBWORD or not path:
        return analyzer, None
    subwords = analyzers.Subwords(files.read_text(path))
    return subwords.name, subwords
