"""What is done to the tokens of a text after the analysis, by the options of morph."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from korpus.analyzers.compounds import KEEP, Compounds
from korpus.analyzers.fold import fold as fold_forms
from korpus.analyzers.joins import Joins
from korpus.analyzers.located import Located
from korpus.analyzers.sentences import Places
from korpus.analyzers.spans import align
from korpus.analyzers.table import Analysis, Analyzer, entry, load
from korpus.analyzers.words.particles import Particles
from korpus.analyzers.words.rules import WordRules
from korpus.analyzers.words.table import WordTable
from korpus.records import Counts
from korpus.tagsets import TagSelection


class Step(Protocol):
    """Changes the tokens of a text: joins, compounds, places."""

    def apply(self, text: str, tokens: Located) -> Located: ...


def steps(
    analyzer: str,
    tagger: Analyzer,
    joins: tuple[str, ...],
    compound: str,
    rules: WordRules | None,
    counts: Counts,
) -> Iterator[Step]:
    """The steps that `--join` and `--compound` ask for."""
    if joins:
        yield Joins(joins, analyzer, counts)
    if compound != KEEP and tagger.parts:
        yield Compounds(compound, tagger.parts, counts, rules.whole if rules else frozenset())


def word_rules(analyzer: str, table: WordTable, tagger: Analyzer, counts: Counts) -> WordRules:
    """The rules of a word table; mecab splits particles for an analyzer that knows none."""
    own = tagger if "pos" in entry(analyzer).options else load("mecab")
    particles = Particles("mecab" if own is not tagger else analyzer, own.analyze)
    return WordRules(table, analyzer, particles, counts, tagger.keeps_text, tagger.knows)


@dataclass(frozen=True)
class Shaping:
    """Keeps words whole, applies steps, merges, drops and folds, in this order; then chooses."""

    analyzer: str
    rules: WordRules | None
    steps: tuple[Step, ...]
    fold: bool
    wanted: TagSelection | None
    spans: bool = False

    def settles(self, text: str, forms: list[str], tags: list[str]) -> bool:
        """Whether `apply` has nothing left to do: words of the table get their tags here."""
        if self.steps or self.fold or self.spans:
            return False
        return self.rules is None or self.rules.settles(text, forms, tags)

    def apply(self, text: str, forms: list[str], tags: list[str]) -> Located:
        """The tokens of a text after all that but the choice."""
        tokens = Located(forms, tags)
        all_steps = (*self.steps, Places(self.analyzer)) if self.spans else self.steps
        if self.rules:
            tokens = self.rules.apply(text, tokens, spans=self.spans, steps=all_steps)
        else:
            if self.spans:
                tokens.spans = align(text, forms)
            for step in all_steps:
                tokens = step.apply(text, tokens)
        if self.fold:
            tokens.forms = fold_forms(tokens.forms)
        return tokens

    def chosen(self, tokens: Located) -> Located:
        """The tokens that `--pos` keeps."""
        if not self.wanted:
            return tokens
        return tokens.only(map(self.wanted.has, tokens.forms, tokens.tags))


def options_shown(
    pos: Sequence[str], analysis: Analysis, joins: tuple[str, ...], compound: str, fold: bool
) -> str:
    """The options that shaped the analysis, as on the command line."""
    options = [f"--pos {','.join(pos)}"] if pos else []
    flags = {"--lemma": analysis.lemma, "--split-derived": analysis.split_derived}
    flags["--norm"] = analysis.norm
    flags["--split-inflect"] = analysis.split_inflect
    if analysis.words:
        flags[f"--words {analysis.words.digest}"] = True
    if joins:
        flags[f"--join {','.join(joins)}"] = True
    flags[f"--compound {compound}"] = compound != KEEP
    flags["--fold"] = fold
    return " ".join(options + [flag for flag, given in flags.items() if given])
