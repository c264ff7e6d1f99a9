"""Dependency trees: CoNLL-U read and written, triples, pictures, and the text on a terminal."""

import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from korpus.analyzers import tree
from korpus.analyzers.tree import Sentence
from korpus.errors import KorpusError
from korpus.files import read, write_records
from korpus.records import Record, rootless_token
from korpus.tokens import freq, stopwords, triples
from korpus.views.plot_tree import arcs_of, plot_tree
from tests.support import ROOT, in_terminal, korpus, records

FILE = ROOT / "tests" / "data" / "sentences.conllu"
# Annotated by hand, sentence by sentence, by the rules of `triples`.
TRIPLES = """
s1 나 먹다 밥
s2 영희 가다 - 부정
s3 철수 읽다 책 부정
s4 철수 부르다 노래
s4 영희 부르다 노래
s5 그 사다 사과
s5 그 사다 배
s6 동생 하다 숙제
s6 동생 하다 게임
s7 도둑 잡히다 - 피동
s8 학생 공부하다 수학
s9 이것 책 -
s10 고래 아니다 - 부정
s11 - 하다 거짓말 부정
s12 나 듣다 소식 부정
s13 날씨 좋다 -
s13 하늘 맑다 -
s14 내 사다 -
s14 동생 잃어버리다 책
s15 그 천재 -
s15 사람 부르다 그
s16 비 오다 -
s16 우리 취소하다 경기
s17 사람 마시다 술
s18 아들 합격하다 -
s18 어머니 바라다 -
s19 나 읽다 책
s19 나 시작하다 -
"""
TOGETHER = """# sent_id = 책
1-2\t책을\t_\t_\t_\t_\t_\t_\t_\t_
1\t책\t책\tNOUN\tNNG\t_\t3\tobj\t_\t_
2\t을\t을\tADP\tJKO\t_\t1\tcase\t_\t_
2.1\t빈\t_\t_\t_\t_\t_\t_\t_\t_
3\t_\t_\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\tSF\t_\t3\tpunct\t_\t_
"""


def word(number: int, head: object, form: str = "말") -> str:
    return f"{number}\t{form}\t_\tNOUN\t_\t_\t{head}\tdep\t_\t_\n"


def by_hand(text: str) -> list[Record]:
    """The sentences of a CoNLL-U file, without the code that is tested."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = block.split("\n")
        rows = [line.split("\t") for line in lines if not line.startswith("#")]
        about = dict(line[2:].split(" = ") for line in lines if line.startswith("# "))
        columns = [
            ["" if cell == "_" else cell for cell in column] for column in zip(*rows, strict=True)
        ]
        found.append(
            {
                "id": about["sent_id"],
                "text": about["text"],
                "tokens": columns[1],
                "lemmas": columns[2],
                "tags": columns[3],
                "heads": [int(head) for head in columns[6]],
                "relations": columns[7],
            }
        )
    return found


def test_reading_equals_a_reading_by_hand() -> None:
    found = list(read(FILE))
    wanted = by_hand(FILE.read_text())
    assert len(wanted) == 20
    assert [{name: one[name] for name in wanted[0]} for one in found] == wanted
    assert {one["document"] for one in found} == {"연습"}
    assert found[0]["misc"] == ["", "", "SpaceAfter=No", ""]
    assert "misc" not in found[1] and "xpos" not in found[1] and "feats" not in found[1]


def test_what_is_read_is_written_again(tmp_path: Path) -> None:
    written, again = tmp_path / "a.conllu", tmp_path / "b.csv"
    write_records(read(FILE), str(written))
    assert written.read_bytes() == FILE.read_bytes()
    write_records(read(FILE), str(again))  # lists in the cells of a table
    assert [one["heads"] for one in read(again)] == [one["heads"] for one in read(FILE)]
    assert triples(read(again)).to_pandas().equals(triples(read(FILE)).to_pandas())


def test_word_ranges_and_empty_nodes_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text(TOGETHER)
    done = korpus("tree", path)
    assert done.returncode == 0
    (record,) = records(done.stdout)
    assert record["tokens"] == ["책", "을", "_", "."]
    assert record["lemmas"] == ["책", "을", "_", "."]  # the lemma of the word _ is _
    assert record["heads"] == [3, 1, 0, 3]
    assert record["text"] == "책을 _."
    assert "1 word range (1-2) left out: their words are read" in done.stderr
    assert "1 empty node (1.1) left out" in done.stderr


def test_comments_are_columns_and_ids_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    text = f"# newdoc\n# tokens = 셋\n# gloss = a = b\n{word(1, 0)}\n# newpar\n\n{word(1, 0)}"
    path.write_text(f"{text}\n# newdoc id = 둘\n{word(1, 0)}")
    found = list(read(path))
    assert [(one["id"], one["document"]) for one in found] == [("1", "1"), ("2", "1"), ("3", "둘")]
    assert (found[0]["tokens_"], found[0]["gloss"]) == ("셋", "a = b")


@pytest.mark.parametrize(
    ("sentence", "line", "message"),
    [
        ("1\t말\t_\n", 1, "3 columns instead of 10"),
        ("# 주석\n" + word(1, "x"), 2, "the head 'x' is no word of the sentence"),
        (word(1, "_") + word(2, 0), 1, "the head '_' is no word of the sentence"),
        (word(1, 3) + word(2, 0), 1, "the head '3' is no word of the sentence"),
        (word(1, -1), 1, "the head '-1' is no word of the sentence"),
        (word(1, "٣"), 1, "the head '٣' is no word of the sentence"),
        (word(1, "9" * 5000), 1, "is no word of the sentence"),
        (word(1, 2) + word(2, 1), 1, "no word is the root"),
        (word(1, 0) + word(2, 3) + word(3, 2), 2, "word 2 is its own ancestor"),
        (word(1, 0) + word(2, 2), 2, "word 2 is its own ancestor"),
        (word(2, 0), 1, "word 1 is called '2'"),
        (word(1, 0, form=""), 1, "a word without a form"),
        ("1-2\t말\t_\t_\t_\t_\t_\t_\t_\t_\n", 1, "a sentence without words"),
    ],
)
def test_a_broken_sentence_is_set_aside_with_its_line(
    sentence: str, line: int, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.conllu"
    path.write_text(f"{word(1, 0, '앞')}\n{sentence}\n{word(1, 0, '뒤')}")
    bad: list[Record] = []
    assert [one["tokens"] for one in read(path, rejects=bad.append)] == [["앞"], ["뒤"]]
    assert bad[0]["line"] == line + 2 and message in bad[0]["reason"]
    assert bad[0]["raw"] == sentence.rstrip("\n")
    with pytest.raises(KorpusError, match=re.escape(message)) as caught:
        list(read(path))
    assert f"a.conllu: line {line + 2}: " in caught.value.message
    assert caught.value.hint


def test_a_circle_as_long_as_a_book_is_found() -> None:
    assert rootless_token([*range(2, 50_001), 1]) == 1
    assert rootless_token([*range(2, 50_001), 0]) is None


def test_the_content_tells_the_format() -> None:
    done = korpus("tree", stdin=FILE.read_text())
    assert len(records(done.stdout)) == 20
    table = "id\tc2\tc3\tc4\tc5\tc6\tc7\tc8\tc9\tc10\n" + "1\ta\tb\tc\td\te\tf\tg\th\ti\n" * 3
    assert "read as tsv" in korpus("read", "-c", "c2", stdin=table).stderr


def test_encodings(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_bytes(b"\r\n" + FILE.read_text().replace("\n", "\r\n").encode("cp949"))
    assert list(read(path)) == list(read(FILE))


def test_other_commands_read_trees() -> None:
    table = {(row["term"], row["tag"]): row["count"] for row in freq(read(FILE))}
    assert table["안", "ADV"] == 2
    done = korpus("stopwords", FILE, "--drop-pos", "명사,adverb,PUNCT")
    tags = {tag for one in records(done.stdout) for tag in one["tags"]}
    assert "VERB" in tags and tags.isdisjoint({"NOUN", "PROPN", "ADV", "PUNCT"})


def test_steps_that_change_tokens_leave_no_tree() -> None:
    first, second = list(stopwords(read(FILE), drop_pos=["punctuation"]))[:2]
    assert "heads" not in first and "lemmas" not in first
    assert second["heads"] == [4, 4, 4, 0]  # nothing was removed
    done = korpus("tree", stdin=json.dumps(first, ensure_ascii=False))
    assert done.returncode == 1 and "document 's1' has no dependency tree" in done.stderr
    (again, *_rest) = records(korpus("morph", FILE).stdout)
    assert again["analyzer"] == "mecab" and "heads" not in again


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"heads": [2]}, "heads is no list with an item per token"),
        ({"heads": [2, 3]}, "a head is no number from 0 (root) to 2"),
        ({"heads": [True, 0]}, "a head is no number"),
        ({"heads": [2, 1]}, "the heads of token 1 lead to no root"),
        ({"relations": None}, "relations is no list"),
    ],
)
def test_wrong_trees_are_refused_or_set_aside(change: Record, message: str) -> None:
    good = {"id": "1", "text": "나 가", "tokens": ["나", "가"], "tags": ["", ""]}
    good |= {"heads": [2, 0], "relations": ["nsubj", "root"]}
    assert list(tree([good])) == [good]
    with pytest.raises(KorpusError, match=re.escape(message)):
        list(tree([{**good, **change}]))
    with pytest.raises(KorpusError, match=re.escape(message)):
        list(triples([{**good, **change}]))
    bad: list[Record] = []
    assert list(tree([{**good, **change}, good], rejects=bad.append)) == [good]
    assert [one["error"] for one in bad] == ["tree"]


def test_texts_need_a_parser() -> None:
    for done in (korpus("tree", stdin="나는 간다\n"), korpus("tree", "나는 간다")):
        assert done.returncode == 1
        assert done.stderr.splitlines()[0] == "korpus: error: document '1' has no dependency tree"
        assert "-m FOLDER" in done.stderr


class Words:
    """A parser of one sentence per text, in which each word is a root; it fails at 'bad'."""

    analyzer, analysis = "words", "by hand"

    def __call__(self, texts: list[str]) -> list[list[Sentence]]:
        if "bad" in texts:
            raise KorpusError("it failed")
        return [self.parse(text) if text.isprintable() else [] for text in texts]

    def parse(self, text: str) -> list[Sentence]:
        words = text.split()
        columns = {"tokens": words, "tags": words, "heads": [0] * len(words), "relations": words}
        return [(0, len(text), columns)]


def test_no_document_is_lost_in_parsing(caplog: pytest.LogCaptureFixture) -> None:
    documents = [{"id": id, "text": id} for id in ("나는 간다", "bad", "\u200b")]
    bad: list[Record] = []
    with caplog.at_level("INFO", "korpus"):
        found = list(tree(documents, parser=Words(), rejects=bad.append))
    assert [(one["document"], one["tokens"]) for one in found] == [
        ("나는 간다", ["나는", "간다"]),
        ("\u200b", []),
    ]
    assert [one["id"] for one in bad] == ["bad"]
    assert "2 documents" in caplog.text


def test_triples_are_a_table(tmp_path: Path) -> None:
    done = korpus("tree", FILE, "--triples", "-f", "md")
    assert done.stdout.startswith("| id ") and done.returncode == 0, done.stderr
    for format in ("tree", "conllu"):
        done = korpus("tree", FILE, "--triples", "-f", format)
        assert done.returncode == 2 and "table" in done.stderr.partition("hint: one of:")[2]


def test_a_sentence_that_is_too_long_is_not_drawn(tmp_path: Path) -> None:
    words = ["말"] * 301
    long = {"id": "1", "tokens": words, "heads": [0] * 301, "relations": words}
    done = korpus(
        *("tree", "--plot", tmp_path / "t.svg", "-o", tmp_path / "o.jsonl"), stdin=json.dumps(long)
    )
    assert "1 sentence with more than 300 words left out of the picture" in done.stderr
    assert done.returncode == 0 and len(records((tmp_path / "o.jsonl").read_text())) == 1


def test_heads_of_other_programs_are_no_tree() -> None:
    record = {"id": "1", "tokens": ["나", "간다"], "tags": ["NP", "VV"], "heads": ["2", "0"]}
    done = korpus("head", "-f", "tree", stdin=json.dumps(record))
    assert (done.stdout, done.returncode) == ("나/NP 간다/VV\n", 0), done.stderr


def test_models_need_stanza_and_a_folder(tmp_path: Path) -> None:
    done = korpus("tree", "-m", tmp_path / "none", stdin="나는 간다\n")
    assert done.returncode == 1
    assert "none: no such folder" in done.stderr and "stanza.download('ko'" in done.stderr
    done = korpus("tree", "-m", tmp_path, stdin="나는 간다\n")
    assert "has no models of stanza that parse" in done.stderr
    for language in ("ko", "en", "ja"):
        for kind in ("tokenize", "pos", "depparse"):
            (tmp_path / language / kind).mkdir(parents=True)
            (tmp_path / language / kind / "x.pt").touch()
    if find_spec("stanza") is None:
        done = korpus("tree", "-m", tmp_path, stdin="나는 간다\n")
        assert done.stderr == (
            "korpus: error: parsing needs the package stanza\n"
            "hint: install it: pip install 'korpus[tree]'\n"
        )
    shutil.rmtree(tmp_path / "ko")
    done = korpus("tree", "-m", tmp_path, stdin="나는 간다\n")
    assert "models of several languages" in done.stderr
    assert "name the folder of one: en, ja" in done.stderr


def test_triples_of_sentences_annotated_by_hand() -> None:
    wanted = []
    for line in TRIPLES.strip().splitlines():
        name, subject, verb, object, *marks = line.replace("-", "").split(" ")
        wanted.append((name, subject, verb, object, int("부정" in marks), int("피동" in marks)))
    assert list(map(tuple, triples(read(FILE)).rows)) == wanted


def test_words_without_lemmas_are_forms() -> None:
    tokens = ["C++를", "나는", "안", "쓴다"]
    record = {"id": "1", "tokens": tokens, "heads": [4, 4, 4, 0]}
    record |= {"relations": ["obj", "nsubj", "advmod:neg", "root"]}
    assert list(triples([record]).rows) == [("1", "나는", "쓴다", "C++를", 1, 0)]
    record |= {"lemmas": ["C++", "나+는", "", "쓰+ㄴ다"], "tags": ["X", "PRON", "ADV", "VERB"]}
    record |= {"tokens": ["C++", *tokens[1:]], "feats": ["", "", "", "Polarity=Neg"]}
    # Two markers: the adverb and the feature.
    assert list(triples([record]).rows) == [("1", "나", "쓰다", "C++", 0, 0)]


def test_the_command_writes_a_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    done = korpus("tree", FILE, "--triples", "-o", path)
    assert done.returncode == 0, done.stderr
    rows = path.read_text("utf-8-sig").splitlines()
    assert rows[0] == "id,subject,verb,object,negated,passive"
    assert rows[1] == "s1,나,먹다,밥,0,0" and len(rows) == 29


def test_arcs_that_overlap_are_on_different_levels() -> None:
    # 책을 ← 읽기, 어제 ← 시작했다, 나는 ← 시작했다, 읽기 ← 시작했다: the first two cross.
    arcs = arcs_of([4, 5, 5, 5, 0])
    for number, one in enumerate(arcs):
        for other in arcs[number + 1 :]:
            low, high = sorted(one[:2])
            first, last = sorted(other[:2])
            if one.head and other.head and first < high and last > low:
                assert one.level != other.level
    assert arcs[-1].head == 0 and arcs[-1].level > max(arc.level for arc in arcs[:-1])
    assert arcs_of([]) == []


def test_a_picture_has_an_arc_and_a_label_per_word(tmp_path: Path) -> None:
    path = tmp_path / "t.svg"
    done = korpus("tree", FILE, "-o", tmp_path / "o.jsonl", "--plot", path)
    assert "the picture shows the first 10 sentences of 20" in done.stderr
    drawn = by_hand(FILE.read_text())[:10]
    words = sum(len(one["tokens"]) for one in drawn)
    svg = path.read_text()
    lines = re.findall(r'<g class="mark-line [^>]*layer_0_[^>]*>(.*?)</g>', svg, re.S)
    assert sum(group.count("<path") for group in lines) == words
    heads = re.search(r'<g class="mark-symbol role-mark layer_1_marks"[^>]*>(.*?)</g>', svg, re.S)
    assert heads is not None and heads[1].count("<path") == words
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    for one in drawn:
        for text in (*one["tokens"], *one["tags"], one["id"]):
            assert text in shown
    for relation in ("nsubj", "obj", "nsubj:pass", "root"):
        count = sum(one["relations"].count(relation) for one in drawn)
        assert shown.count(relation) == 2 * count  # and its white edge


def test_pictures_of_nothing_and_of_one_word() -> None:
    assert plot_tree([]).to_dict()["layer"]
    one = {"id": "1", "tokens": ["가"], "heads": [0], "relations": [""]}
    rows = [row for found in plot_tree([one]).to_dict()["datasets"].values() for row in found]
    assert [row["relation"] for row in rows if "relation" in row] == ["root"]


def test_a_terminal_shows_the_tree() -> None:
    code, shown = in_terminal("tree", FILE, "-q", plain=True)
    assert code == 0
    assert "s3: 철수는 책을 읽지 않았다" in shown
    at = shown.index("읽지/VERB root")
    lines = [line.rstrip() for line in shown[at:].splitlines()[:4]]
    assert lines == [
        "읽지/VERB root",
        "├─ 철수는/PROPN nsubj",
        "├─ 책을/NOUN obj",
        "└─ 않았다/AUX aux",
    ]


def test_conllu_of_morphemes(tmp_path: Path) -> None:
    done = korpus("morph", "-f", "conllu", stdin="학교에 갔다\n")
    assert "1\t학교\t_\t_\tNNG\t_\t_\t_\t_\t_\n2\t에\t_\t_\tJKB" in done.stdout
    path = tmp_path / "a.conllu"
    path.write_text(done.stdout)
    (record,) = read(path)
    assert record["xpos"][:2] == ["NNG", "JKB"] and "heads" not in record
