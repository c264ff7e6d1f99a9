"""What analyzers need of a word table, as the dictionaries that they read. Made once, then kept."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from korpus.analyzers.private import mecab_tagger
from korpus.analyzers.words.mecab_costs import STRONG, mecab_costs
from korpus.analyzers.words.particles import topic_particle
from korpus.analyzers.words.table import Word, WordTable, is_hangul
from korpus.cache import kept
from korpus.documents.syllables import ends_in_vowel
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.tagsets import tag_for

# mecab's numbers for the left side of a noun, and for its right side without and with a final
# consonant (left-id.def and right-id.def of mecab-ko-dic).
_SIDES = {"NNP": (1786, 3545, 3546), "NNG": (1780, 3533, 3534)}


def mecab_dictionary(table: WordTable, knows: Callable[[str], bool]) -> Path | None:
    """A dictionary that mecab loads besides its own; None if there is nothing to put in it.

    `knows`: whether mecab's own dictionary has a form, which then needs nothing. Only nouns of
    Hangul are put in: A.I. would split A.I.D.S.
    """
    tags = {word.tag: tag_for(word.tag or "propernoun", "mecab") for word in table.words}
    words = [
        (word.form, tags[word.tag])
        for word in table.words
        if tags[word.tag] in _SIDES and word.is_kept_whole and is_hangul(word.form)
    ]
    if all(knows(form) for form, _tag in words):
        return None

    def make(path: Path) -> None:
        costs = mecab_costs([word for word in words if not knows(word[0])])
        _compile(path, costs)
        parse = mecab_tagger(r"%m\t", path).parse
        parsed = map(parse, [form + topic_particle(form) for form, _tag in costs])
        split = {
            word: STRONG
            for word, one in zip(costs, parsed, strict=True)
            if one.partition("\t")[0].strip() != word[0]
        }
        if split:
            _compile(path, costs | split)

    return kept(f"mecab-{version('python-mecab-ko-dic')}-3-{table.digest}.dic", make)


def _compile(path: Path, costs: dict[tuple[str, str], int]) -> None:
    import mecab_ko_dic

    source = path.with_suffix(".csv")
    source.write_text(
        "".join(_mecab_line(*word, cost) for word, cost in costs.items()), encoding="utf-8"
    )
    command = [sys.executable, "-m", "mecab", "dict-index"]
    folder = str(mecab_ko_dic.dictionary_path)
    command += ["-d", folder, "-u", str(path), "-f", "utf-8", "-t", "utf-8", str(source)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    source.unlink()
    if done.returncode or not path.exists():
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        message = _("mecab cannot read the word table: {reason}")
        raise KorpusError(message.format(reason=" ".join(reason)))


def komoran_dictionary(table: WordTable) -> Path | None:
    """The file that komoran loads besides its own dictionary; None if it would be empty."""
    words = [word for word in table.words if word.is_kept_whole]
    if not words:
        return None

    def make(path: Path) -> None:
        path.write_text("".join(_komoran_lines(words)), encoding="utf-8")

    return kept(f"komoran-{table.digest}.txt", make)


def _komoran_lines(words: Iterable[Word]) -> Iterable[str]:
    for word in words:
        yield f"{word.form}\t{tag_for(word.tag or 'propernoun', 'komoran')}\n"


def kiwi_known(table: WordTable, known: Callable[[list[str]], Iterable[str]]) -> set[str]:
    """The forms that are kept whole and that Kiwi has. `known`: those that it has of some forms."""
    forms = [word.form for word in table.words if word.is_kept_whole]

    def make(path: Path) -> None:
        path.write_text("\n".join(known(forms)), encoding="utf-8")

    name = f"kiwi-{version('kiwipiepy')}-{version('kiwipiepy_model')}-{table.digest}.txt"
    return set(kept(name, make).read_text("utf-8").split("\n"))


def _mecab_line(form: str, tag: str, cost: int) -> str:
    left, without, with_final = _SIDES[tag]
    ends = ends_in_vowel(form)
    right = without if ends else with_final
    return f"{form},{left},{right},{cost},{tag},*,{'F' if ends else 'T'},{form},*,*,*,*\n"
