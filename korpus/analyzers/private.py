"""Undocumented parts of konlpy and python-mecab-ko. All use of them is here.

tests/test_private_names.py fails when they move.
"""

from collections.abc import Iterator
from typing import Any


def java_object(tagger: Any) -> Any:
    """The Java object that a konlpy tagger wraps. Calling it directly saves konlpy's own loops."""
    return tagger.jhi if hasattr(tagger, "jhi") else tagger.jki


def mecab_tagger(node_format: str) -> Any:
    """A mecab-ko tagger whose `parse(text)` returns all morphemes in one string.

    `node_format`: how a morpheme is printed; `%m` is its form, `%f[0]` the first dictionary field.
    """
    import _mecab
    import mecab_ko_dic
    from mecab import mecab

    return _mecab.Tagger(
        [
            "--rcfile",
            str(mecab.mecabrc_path),
            "--dicdir",
            str(mecab_ko_dic.dictionary_path),
            f"--node-format={node_format}",
            f"--unk-format={node_format}",
            "--eos-format=",
        ]
    )


def mecab_paths(tagger: Any, text: str) -> Iterator[list[tuple[str, str]]]:
    """Paths through the lattice of a text, best first: (surface, features) per morpheme."""
    import _mecab

    lattice = _mecab.Lattice()
    lattice.add_request_type(_mecab.MECAB_ALLOCATE_SENTENCE)
    lattice.add_request_type(_mecab.MECAB_NBEST)
    lattice.set_sentence(text)
    tagger.parse(lattice)
    while True:
        yield [(node.surface, node.feature) for _span, node in lattice]
        if not lattice.next():
            return
