"""Undocumented names of other packages: they are where they were, and used in one place each."""

import re

import pytest

from korpus.analyzers import jvm
from korpus.analyzers.private import hannanum_words, java_object, mecab_paths, mecab_tagger
from tests.support import ROOT

SENTENCE = "나는 학교에 갔다"


@pytest.mark.parametrize("pattern", [r"\.j[kh]i\b", r"\b_mecab\b", "mecabrc_path", "wfPos22"])
def test_private_names_are_used_in_one_place(pattern: str) -> None:
    users = [path for path in ROOT.glob("korpus/**/*.py") if re.search(pattern, path.read_text())]
    assert [path.name for path in users] == ["private.py"]


@pytest.mark.xdist_group("taggers")
def test_konlpys_java_objects() -> None:
    jvm.start()
    import jpype
    from konlpy.tag import Hannanum, Komoran, Okt

    no = jpype.java.lang.Boolean(False)
    okt = java_object(Okt()).tokenize(SENTENCE, no, no)
    assert list(okt) == ["나/Noun", "는/Josa", "학교/Noun", "에/Josa", "갔다/Verb"]
    komoran = str(java_object(Komoran()).analyze(SENTENCE).getTokenList().toString())
    assert komoran.startswith("[Token [morph=나, pos=NP, beginIndex=0, endIndex=1], Token [")
    first = next(hannanum_words(Hannanum())(SENTENCE))
    assert first == ("나는", ["나", "는"], ["NP", "JX"])


def test_mecabs_tagger() -> None:
    assert mecab_tagger(r"%m\t%f[0]\t").parse("나는 갔다") == "나\tNP\t는\tJX\t갔\tVV+EP\t다\tEC\t"


def test_mecabs_lattice() -> None:
    paths = [
        [(surface, features.split(",")[0]) for surface, features in path]
        for path in mecab_paths(mecab_tagger(r"%m\t"), "감기는")
    ]
    assert paths[0] == [("감기", "NNG"), ("는", "JX")]
    assert [("감기", "VV"), ("는", "ETM")] in paths
