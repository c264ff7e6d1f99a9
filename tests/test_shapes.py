"""Files of known sources: BigKinds, KakaoTalk, corpora, papers, reviews."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from korpus.errors import KorpusError, UsageError
from korpus.files import read
from korpus.files.shapes import shape_names
from korpus.records import Record
from tests.support import SHARED, korpus, records

NEWS = [
    {
        "뉴스 식별자": f"0110.{number}",
        "일자": day,
        "언론사": "가나일보",
        "제목": f"제목 {number}",
        "키워드": "물가,오름세, 시장",
        "특성추출(가중치순 상위 50개)": "물가,시장",
        "본문": text,
        "URL": f"http://n.example/{number}",
        "분석제외 여부": mark,
    }
    for number, day, text, mark in (
        (1, 20240304, "채소값이 올랐다.", None),
        (2, "20240305", "가" * 200, None),
        (3, 20240306, "사진", "예외"),
        (1, 20240304, "채소값이 올랐다.", None),
    )
]


def book(path: Path, rows: list[Record], columns: list[str] | None = None) -> Path:
    made = Workbook()
    columns = columns or list(rows[0])
    made.active.append(columns)
    for row in rows:
        made.active.append([row[column] for column in columns])
    made.save(path)
    return path


def table(path: Path, rows: list[Record], columns: list[str] | None = None) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, columns or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def from_book(path: Path, *options: str) -> list[Record]:
    """The documents of a workbook, which a command reads faster than this process with threads."""
    return records(korpus("read", path, *options).stdout)


def test_bigkinds(tmp_path: Path) -> None:
    path = book(tmp_path / "NewsResult_1.xlsx", NEWS)
    done = korpus("read", path)
    found = records(done.stdout)
    assert [r["id"] for r in found] == ["0110.1", "0110.2", "0110.3", "0110.1"]
    assert found[0]["text"] == "채소값이 올랐다." and found[0]["언론사"] == "가나일보"
    assert [r["일자"] for r in found[:2]] == ["2024-03-04", "2024-03-05"]
    assert "본문" not in found[0] and "뉴스 식별자" not in found[0]
    for said in (
        "NewsResult_1.xlsx: read as bigkinds; --as none overrides",
        "1 row marked 분석제외; --drop-excluded leaves them out",
        "1 row repeated; --drop-excluded leaves them out",
        "1 row with 200 characters of text, where BigKinds cuts it",
    ):
        assert said in done.stderr
    plain = records(korpus("read", path, "--as", "none").stdout)
    assert plain[0]["id"] == "1" and plain[0]["일자"] == 20240304


def test_several_files_of_bigkinds_join(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", NEWS[:2])
    other = {**NEWS[0], "뉴스 식별자": "0220.9"}  # with the URL and the title of the first
    home = {**NEWS[0], "뉴스 식별자": "6", "제목": "다른 제목"}  # some papers give their home page
    last = {**NEWS[0], "뉴스 식별자": "5", "URL": "u"}
    book(tmp_path / "b.xlsx", [*NEWS[1:3], other, home, last])
    done = korpus("read", tmp_path, "--drop-excluded")
    assert [r["id"] for r in records(done.stdout)] == ["0110.1", "0110.2", "6", "5"]
    assert "1 row marked 분석제외 left out" in done.stderr
    assert "2 rows repeated left out" in done.stderr
    for path in (tmp_path / "a.xlsx", tmp_path / "b.xlsx"):
        path.unlink()
    table(tmp_path / "a.csv", NEWS)
    again = read(tmp_path, drop_excluded=True)
    assert len(list(again)) == len(list(again)) == 2


def test_bigkinds_columns_in_another_order(tmp_path: Path) -> None:
    turned = list(NEWS[0])[::-1]
    wanted = from_book(book(tmp_path / "a.xlsx", NEWS))
    for path in (
        book(tmp_path / "b.xlsx", NEWS, turned),
        table(tmp_path / "c.csv", NEWS, turned),
    ):
        found = from_book(path)
        assert [r["id"] for r in found] == [r["id"] for r in wanted]
        assert [r["text"] for r in found] == [r["text"] for r in wanted]
        assert [r["일자"] for r in found] == [r["일자"] for r in wanted]
    options = ("-c", "제목", "-c", "본문", "--id-column", "URL")
    title = from_book(tmp_path / "b.xlsx", *options)[0]
    assert title["text"] == "제목 1\n\n채소값이 올랐다."
    assert title["id"] == "http://n.example/1"


def test_damaged_bigkinds(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", NEWS, [c for c in NEWS[0] if c != "본문"])
    done = korpus("read", path, "--as", "bigkinds")
    assert done.returncode == 1
    assert "is not of the shape bigkinds: it has no column '본문'" in done.stderr
    odd = [{**NEWS[0], "일자": "어제", "분석제외 여부": "본문 확보"}, {**NEWS[1], "본문": None}]
    found = from_book(book(tmp_path / "b.xlsx", odd))
    assert found[0]["일자"] == "어제" and [r["text"] for r in found] == ["채소값이 올랐다.", ""]


def test_keywords_are_tokens(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", NEWS)
    first = from_book(path, "--tokens", "키워드")[0]
    assert first["tokens"] == ["물가", "오름세", "시장"] and first["analyzer"] == "키워드"
    done = korpus("read", path, "--tokens", "특성추출", "-o", tmp_path / "t.jsonl")
    assert done.returncode == 0
    counted = korpus("freq", tmp_path / "t.jsonl", "-f", "csv").stdout.splitlines()
    assert "물가" in counted[1] and ",4" in counted[1]
    done = korpus("read", path, "--tokens", "없음")
    assert done.returncode == 1 and "has no column '없음'" in done.stderr


WINDOWS = """스터디방 님과 카카오톡 대화
저장한 날짜 : 2024-03-05 21:14:02

--------------- 2024년 3월 4일 월요일 ---------------
[가나] [오전 9:12] 오늘 회의 몇 시?
[다라 [팀]] [오후 12:13] 열 시요ㅋㅋㅋ

준비물은 @가나 노트북
[가나] [오전 12:14] 사진
마바님이 들어왔습니다.
--------------- 2024년 3월 5일 화요일 ---------------
[다라 [팀]] [오후 3:30] 네 : 알겠어요
"""
WINDOWS_EN = """Study with KakaoTalk Chats
Date Saved : 2024-03-05 21:14:02

--------------- Monday, March 4, 2024 ---------------
[가나] [9:12 AM] 오늘 회의 몇 시?
[다라 [팀]] [12:13 PM] 열 시요ㅋㅋㅋ

준비물은 @가나 노트북
[가나] [12:14 AM] Photo
마바 joined this chatroom.
--------------- Tuesday, March 5, 2024 ---------------
[다라 [팀]] [3:30 PM] 네 : 알겠어요
"""


def _mobile(moment: str, half: str = "{h} {t}", notice: str = ", ") -> str:
    """A chat of Android or iOS, with times as these write them."""

    def line(day: int, h: str, t: str, said: str) -> str:
        return moment.format(d=day, t=half.format(h=h, t=t)) + said

    return "\n".join(
        [
            "스터디방 님과 카카오톡 대화",
            "저장한 날짜 : 2024년 3월 5일 오후 9:14",
            "",
            "",
            line(4, "오전", "9:12", ", 가나 : 오늘 회의 몇 시?"),
            line(4, "오후", "12:13", ", 다라 [팀] : 열 시요ㅋㅋㅋ"),
            "",
            "준비물은 @가나 노트북",
            line(4, "오전", "12:14", ", 가나 : 사진"),
            line(4, "오전", "9:15", f"{notice}마바님이 들어왔습니다."),
            line(5, "오후", "3:30", ", 다라 [팀] : 네 : 알겠어요"),
        ]
    )


ANDROID = _mobile("2024년 3월 {d}일 {t}")
IOS = _mobile("2024. 3. {d}. {t}", notice=": ")
NEW_MOBILE = _mobile("2024-03-{d:02d} {t}")
ENGLISH = _mobile("Mar {d}, 2024 at {t}", "{t} {h}").replace("오전", "AM").replace("오후", "PM")
LONG_ENGLISH = (
    _mobile("March {d}, 2024, {t}", "{t} {h}").replace("오전", "a.m.").replace("오후", "p.m.")
)
MAC = """Date,User,Message
2024-03-04 09:12:00,"가나","오늘 회의 몇 시?"
2024-03-04 12:13:00,"다라 [팀]","열 시요ㅋㅋㅋ

준비물은 @가나 노트북"
2024-03-04 00:14:00,"가나","사진"
2024-03-04 00:14:00,"마바","마바님이 들어왔습니다."
2024-03-05 15:30:00,"다라 [팀]","네 : 알겠어요"
"""
CHATS = {
    "windows.txt": WINDOWS,
    "windows_en.txt": WINDOWS_EN,
    "android.txt": ANDROID,
    "ios.txt": IOS,
    "new.txt": NEW_MOBILE,
    "english.txt": ENGLISH,
    "long.txt": LONG_ENGLISH,
    "mac.csv": MAC,
}
SAID = [
    ("2024-03-04T09:12:00", "가나", "오늘 회의 몇 시?"),
    ("2024-03-04T12:13:00", "다라 [팀]", "열 시요ㅋㅋㅋ\n\n준비물은 @가나 노트북"),
    ("2024-03-05T15:30:00", "다라 [팀]", "네 : 알겠어요"),
]


def said(found: list[Record]) -> list[tuple[str, str, str]]:
    return [(record["date"], record["speaker"], record["text"]) for record in found]


@pytest.mark.parametrize("name", CHATS)
def test_kakao(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(CHATS[name], encoding="utf-8-sig")
    done = korpus("read", path)
    assert said(records(done.stdout)) == SAID
    assert "read as kakao" in done.stderr
    assert "2 lines of photos, emoticons and notices left out" in done.stderr
    found = list(read(path, include="notices", mask_names=True))
    assert [r["kind"] for r in found] == ["message", "message", "notice", "notice", "message"]
    assert [r["speaker"] for r in found if r["kind"] == "message"] == ["화자1", "화자2", "화자2"]
    assert "@화자1 노트북" in found[1]["text"] and "가나" not in str(found)
    path.write_bytes(CHATS[name].replace("\n", "\r\n").encode("cp949"))
    assert [text.replace("\r", "") for *_rest, text in said(list(read(path)))] == [
        text for *_rest, text in SAID
    ]


def test_kakao_of_mac_in_another_order(tmp_path: Path) -> None:
    rows = list(csv.DictReader(MAC.splitlines(keepends=True)))
    path = table(tmp_path / "a.csv", rows, ["Message", "User", "Date"])
    assert said(list(read(path, shape="kakao"))) == SAID


@pytest.mark.parametrize("name", CHATS)
def test_damaged_chats(tmp_path: Path, name: str) -> None:
    data = CHATS[name].encode()
    path = tmp_path / name
    for place in range(20):
        path.write_bytes(data[: len(data) * place // 20])
        try:
            found = said(list(read(path, shape="kakao", rejects=lambda row: None)))
        except KorpusError as error:
            assert name in error.message
            continue
        assert found[:-1] == SAID[: len(found) - 1] or not found


def test_what_is_no_chat(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("2024년 3월 4일 오전 9:12, 회의 : 시작\n나는 학교에 갔다\n밥을 먹었다\n")
    assert [record["text"] for record in read(path)][1:] == ["나는 학교에 갔다", "밥을 먹었다"]
    path.write_text("나는 학교에 갔다\n")
    done = korpus("read", path, "--as", "kakao")
    assert done.returncode == 1 and "a.txt is not a KakaoTalk chat" in done.stderr
    done = korpus("read", path, "--as", "카카오")
    assert done.returncode == 2 and "--as 카카오 is unknown" in done.stderr
    assert "one of: bigkinds, kci" in done.stderr


SEJONG = """<text>
<p>
A-1\t물가가\t물가/NNG + 가/JKS
A-2\t+/-이다.\t+/SW + //SP + -/SW + 이/VCP + 다/EF + ./SF
</p>
<p>
A-3\t갔다\t가/VV + ㄴ/ETM
</p>
</text>
"""


def test_sejong(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SEJONG, encoding="utf-16")
    done = korpus("read", path)
    assert "read as sejong" in done.stderr
    first, second = records(done.stdout)
    assert first["id"] == "A-1" and first["text"] == "물가가 +/-이다."
    assert first["tokens"] == ["물가", "가", "+", "/", "-", "이", "다", "."]
    assert first["tags"] == ["NNG", "JKS", "SW", "SP", "SW", "VCP", "EF", "SF"]
    assert second["tokens"] == ["가", "ㄴ"] and second["analyzer"] == "sejong"


def test_damaged_sejong(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SEJONG.replace("가/VV + ㄴ/ETM", "가VV").replace("\n\n", "\n"))
    done = korpus("read", path)
    assert done.returncode == 3 and len(records(done.stdout)) == 1
    assert "a.txt: line 7: no word with its morphemes and tags" in done.stderr
    with pytest.raises(KorpusError, match="line 7"):
        list(read(path))
    path.write_text("글\n")
    with pytest.raises(KorpusError, match="no tagged words"):
        list(read(path, shape="sejong"))


def nikl(*texts: Record) -> Record:
    return {"id": "N1", "metadata": {"title": "말뭉치", "year": "2024"}, "document": list(texts)}


NIKL = nikl(
    {
        "id": "N1.1",
        "metadata": {"title": "기사", "topic": "경제"},
        "paragraph": [{"id": "N1.1.1", "form": "가."}, {"id": "N1.1.2", "form": "나."}],
    }
)
TALK = nikl(
    {
        "id": "N1.1",
        "utterance": [
            {"id": "N1.1.1", "form": "네", "original_form": "녜", "speaker_id": "S1"},
            {"id": "N1.1.2", "form": "아니요", "original_form": "아뇨", "speaker_id": "S2"},
        ],
    }
)
TAGGED = nikl(
    {
        "id": "N1.1",
        "sentence": [
            {
                "id": "N1.1.1.1",
                "form": "물가가",
                "morpheme": [
                    {"id": 1, "form": "물가", "label": "NNG", "word_id": 1},
                    {"id": 2, "form": "가", "label": "JKS", "word_id": 1},
                ],
                "NE": [{"form": "물가", "label": "X"}],
            }
        ],
    }
)


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False))
    return path


def turned(value: Any) -> Any:
    """JSON with the keys of all objects in another order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("turn", [turned, lambda value: value])
def test_nikl(tmp_path: Path, turn: Any) -> None:
    path = tmp_path / "a.json"
    assert list(read(written(path, turn(NIKL)))) == [
        {"id": "N1.1", "text": "가.\n나.", "title": "기사", "year": "2024", "topic": "경제"}
    ]
    found = list(read(written(path, turn(TALK))))
    assert [(r["id"], r["text"], r["speaker"], r["original_form"]) for r in found] == [
        ("N1.1.1", "네", "S1", "녜"),
        ("N1.1.2", "아니요", "S2", "아뇨"),
    ]
    done = korpus("read", written(path, turn(TAGGED)))
    (record,) = records(done.stdout)
    assert "read as nikl" in done.stderr and record["analyzer"] == "nikl"
    assert record["tokens"] == ["물가", "가"] and record["tags"] == ["NNG", "JKS"]
    assert record["NE"][0]["form"] == "물가" and record["title"] == "말뭉치"


AIHUB = {
    "documents": [
        {
            "id": "3",
            "title": "제목",
            "text": [
                [{"index": 0, "sentence": "불이 났다."}, {"index": 1, "sentence": "껐다."}],
                [{"index": 2, "sentence": "다친 사람은 없다."}],
            ],
        }
    ]
}
DIALOGUE = {
    "data": [
        {
            "header": {"dialogueInfo": {"dialogueID": "d1", "topic": "여행"}},
            "body": {"dialogue": [{"participantID": "P1", "utterance": "어디 가?"}]},
        }
    ]
}
KORQUAD = {
    "version": "1",
    "data": [
        {
            "title": "서울",
            "paragraphs": [
                {
                    "context": "서울은 수도이다.",
                    "qas": [{"question": "수도는?", "id": "q", "answers": [{"text": "서울"}]}],
                }
            ],
        }
    ],
}


def test_a_plain_text_among_nested_ones(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", {"documents": [*AIHUB["documents"], {"text": "평문"}]})
    assert list(read(path))[1] == {"id": "2", "text": "평문"}


def test_articles_of_one_title(tmp_path: Path) -> None:
    article: Any = KORQUAD["data"][0]
    nameless = {"paragraphs": article["paragraphs"]}
    path = written(tmp_path / "a.json", {"data": [article, article, nameless]})
    assert [record["id"] for record in read(path)] == ["서울#1", "서울#2", "#1"]


@pytest.mark.parametrize("turn", [turned, lambda value: value])
def test_aihub_and_korquad(tmp_path: Path, turn: Any) -> None:
    path = tmp_path / "a.json"
    (record,) = read(written(path, turn(AIHUB)))
    assert record == {"id": "3", "text": "불이 났다. 껐다.\n다친 사람은 없다.", "title": "제목"}
    (record,) = read(written(path, turn(DIALOGUE)))
    assert (record["text"], record["participantID"]) == ("어디 가?", "P1")
    assert record["dialogueID"] == "d1"
    (record,) = read(written(path, turn(KORQUAD)))
    assert record == {
        "id": "서울#1",
        "text": "서울은 수도이다.",
        "title": "서울",
        "questions": ["수도는?"],
        "answers": ["서울"],
    }
    rows = [{"번호": 1, "사람문장2": "둘", "시스템문장1": "응", "사람문장1": "하나"}]
    (record,) = from_book(book(tmp_path / "a.xlsx", rows))
    assert record["text"] == "하나\n둘" and record["시스템문장1"] == "응"


@pytest.mark.parametrize("shape", ["nikl", "aihub", "korquad"])
@pytest.mark.parametrize("value", [NIKL, AIHUB, DIALOGUE, KORQUAD, TAGGED, TALK])
def test_damaged_json(tmp_path: Path, shape: str, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    path = tmp_path / "a.json"
    for broken in (
        *(text[: len(text) * place // 20] for place in range(20)),
        *(text.replace(f'"{key}":', f'"{key}x":') for key in ("form", "text", "id", "utterance")),
        *(text.replace(f'"{key}": [', f'"{key}": ["x", ') for key in ("document", "paragraph")),
        *(text.replace(f'"{key}": [', f'"{key}": [null, ') for key in ("data", "qas", "morpheme")),
        "[1]",
        "{}",
    ):
        path.write_text(broken)
        for as_ in (shape, None):
            try:
                list(read(path, shape=as_, rejects=lambda row: None))
            except KorpusError as error:
                assert "a.json" in error.message


NAVER = [
    {
        "title": "<b>물가</b> &quot;겁나&quot;",
        "link": "https://n.example/1",
        "description": "시장 &amp; 마트<br/>&lt;통계&gt; 1 < 2",
        "pubDate": "Mon, 04 Mar 2024 09:12:00 +0900",
    }
]
TABLES: dict[str, tuple[list[Record], Record]] = {
    "naver": (
        NAVER,
        {
            "id": "1",
            "text": '물가 "겁나"\n\n시장 & 마트\n<통계> 1 < 2',
            "pubDate": "2024-03-04T09:12:00+09:00",
        },
    ),
    "kci": (
        [{"논문ID": "ART1", "논문명": "연구", "저자키워드": "가, 나", "초록": "이 글은"}],
        {"id": "ART1", "text": "이 글은", "논문명": "연구"},
    ),
    "riss": (
        [{"제목": "연구", "저자": "김", "발행기관": "대", "국문 초록 (Abstract)": "이 글은"}],
        {"id": "1", "text": "이 글은", "제목": "연구"},
    ),
    "google-play": (
        [{"reviewId": "r1", "userName": "김", "content": "좋아요", "score": 5, "at": "2024-03-04"}],
        {"id": "r1", "text": "좋아요", "at": "2024-03-04", "userName": "김"},
    ),
    "youtube": (
        [
            {
                "textDisplay": "좋아요<br>&#39;최고&#39;",
                "authorDisplayName": "김",
                "likeCount": 1,
                "publishedAt": "2024-03-04T00:00:00Z",
            }
        ],
        {"id": "1", "text": "좋아요\n'최고'", "authorDisplayName": "김"},
    ),
    "twitter": (
        [
            {
                "id_str": "9",
                "full_text": "&lt;3",
                "created_at": "Wed Oct 10 20:19:24 +0000 2018",
            }
        ],
        {"id": "9", "text": "<3", "created_at": "2018-10-10T20:19:24+00:00"},
    ),
}


@pytest.mark.parametrize("shape", TABLES)
def test_tables(tmp_path: Path, shape: str) -> None:
    rows, wanted = TABLES[shape]
    columns = list(rows[0])
    for path in (
        table(tmp_path / "a.csv", rows),
        table(tmp_path / "b.csv", rows, columns[::-1]),
        book(tmp_path / "a.xlsx", rows),
        written(tmp_path / "a.json", rows),
        written(tmp_path / "a.jsonl", rows[0]),
    ):
        done = korpus("read", path)
        (record,) = records(done.stdout)
        assert {key: record[key] for key in wanted} == wanted, path
        assert f"read as {shape}" in done.stderr
    for column in columns:
        path = table(tmp_path / "c.csv", rows, columns)
        path.write_text(path.read_text(encoding="utf-8-sig").replace(column, "x", 1))
        try:
            assert len(list(read(path, shape=shape))) == 1
        except KorpusError as error:
            assert f"not of the shape {shape}: it has no column" in error.message
    data = (tmp_path / "a.csv").read_bytes()
    for place in range(20):
        path.write_bytes(data[: len(data) * place // 20])
        try:
            assert len(list(read(path, shape=shape, rejects=lambda row: None))) <= 1
        except KorpusError as error:
            assert "c.csv" in error.message


def test_names_in_reviews_are_masked(tmp_path: Path) -> None:
    rows, _wanted = TABLES["google-play"]
    done = korpus("read", table(tmp_path / "a.csv", rows), "--mask-names")
    assert records(done.stdout)[0]["userName"] == "화자1"
    assert "1 name masked: speakers and @mentions; names elsewhere in the text stay" in done.stderr


def test_names_that_nobody_knows_of_are_not_masked_in_silence(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("who,text\n홍길동,안녕\n")
    (tmp_path / "a.txt").write_text("홍길동: 안녕\n")
    (tmp_path / "a.jsonl").write_text('{"id":"1","text":"안녕","speaker":"홍길동"}\n')
    book(tmp_path / "a.xlsx", NEWS)
    for name, command in (("csv", "clean"), ("txt", "read"), ("jsonl", "read"), ("xlsx", "read")):
        done = korpus(command, tmp_path / f"a.{name}", "--mask-names")
        assert done.returncode == 1 and done.stdout == ""
        assert f"a.{name}: --mask-names knows no speakers in this file" in done.stderr
        assert "it masks google-play, youtube, kakao" in done.stderr.replace("\n", " ")
    done = korpus("read", tmp_path / "a.txt", "--mask-names", "--whole-file")
    assert done.returncode == 1 and "knows no speakers" in done.stderr


def test_kakao_keeps_what_only_looks_like_a_notice_or_a_day(tmp_path: Path) -> None:
    more = "가나님이 나갔습니다. 라고 썼다\n--------------- 2024년 13월 45일 월요일 ---------------"
    (tmp_path / "a.txt").write_text(WINDOWS.replace("오늘 회의 몇 시?", f"들어 봐\n{more}"))
    found = list(read(tmp_path / "a.txt"))
    assert found[0]["text"] == f"들어 봐\n{more}"
    assert [row["date"] for row in found] == [date for date, _who, _text in SAID]


def test_kakao_times_of_24_hours_and_impossible_ones(tmp_path: Path) -> None:
    lines = [f"[가나] [{time}] 안녕" for time in ("오후 13:12", "오전 0:05", "오후 0:05", "23:59")]
    lines += [f"[가나] [{time}] 안녕" for time in ("오전 13:12", "오후 25:00", "오후 3:71")]
    start = "--------------- 2024년 3월 4일 월요일 ---------------\n"
    (tmp_path / "a.txt").write_text(start + "\n".join(lines))
    found = list(read(tmp_path / "a.txt", shape="kakao"))
    times = [row["date"].partition("T")[2] for row in found]
    assert times == ["13:12:00", "00:05:00", "12:05:00", "23:59:00"]
    assert found[-1]["text"].count("\n") == 3  # no times, so more of what was said


def test_kakao_impossible_moments_of_phones_are_text(tmp_path: Path) -> None:
    wrong = ["2024년 13월 4일 오전 9:12, 가나 : 셋", "2024년 3월 4일 오후 25:00, 가나 : 넷"]
    (tmp_path / "a.txt").write_text(
        ANDROID.replace("오늘 회의 몇 시?", "\n".join(["하나", *wrong]))
    )
    found = list(read(tmp_path / "a.txt"))
    assert found[0]["text"].split("\n") == ["하나", *wrong]
    assert [row["date"] for row in found] == [date for date, _who, _text in SAID]


def test_names_in_notices_are_masked_each(tmp_path: Path) -> None:
    notice = "홍길동님이 이영희님, 이 과장님과 김철수님을 초대했습니다."
    path = tmp_path / "a.csv"
    path.write_text(f'Date,User,Message\n2024-03-04 00:14:00,"홍길동","{notice}"\n')
    (found,) = read(path, include="notices", mask_names=True)
    assert found["text"] == "화자1님이 화자2님, 화자3님과 화자4님을 초대했습니다."


def test_mentions_of_people_who_speak_later_or_never_are_masked(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Date,User,Message\n"
        "2024-03-04 09:00:00,가나,@박 하늘 왔어? @이바다 는?\n"
        "2024-03-04 09:01:00,가나,가나님이 최 산들님을 초대했습니다.\n"
        "2024-03-04 09:02:00,가나,@최 산들 어서 와\n"
        "2024-03-04 09:03:00,박 하늘,응\n"
    )
    found = [row["text"] for row in read(path, mask_names=True)]
    assert found == ["@화자3 왔어? @화자4 는?", "@화자2 어서 와", "응"]


def test_mentions_are_masked_by_the_longest_name(tmp_path: Path) -> None:
    said = [
        ("@kim", "처음"),
        ("김", "@김철수 아직 모른다"),
        ("김철수", "@kim 안녕 @kimchi 맛있다"),
        ("@가 나", "@김철수님, @김 그리고 @kim이 a@kim.kr"),
        ("나", "@가 나요 @@kim @"),
        ("김", "@박영희님께 @박영희, a@b.kr"),
    ]
    rows = [{"textDisplay": text, "authorDisplayName": name} for name, text in said]
    found = records(korpus("read", table(tmp_path / "a.csv", rows), "--mask-names").stdout)
    assert [(record["authorDisplayName"], record["text"]) for record in found] == [
        ("화자1", "처음"),
        ("화자2", "@화자3 아직 모른다"),
        ("화자3", "@화자1 안녕 @화자6 맛있다"),
        ("화자4", "@화자3님, @화자2 그리고 @화자1이 a@화자1.kr"),
        ("화자5", "@화자4요 @@화자1 @"),
        ("화자2", "@화자7님께 @화자7, a@b.kr"),
    ]


def test_the_answer_of_a_search(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", {"lastBuildDate": "x", "total": 1, "items": NAVER})
    (record,) = read(path)
    assert record["text"].startswith('물가 "겁나"\n\n시장 & 마트')
    (record,) = read(path, column="title")
    assert record["text"] == '물가 "겁나"'


def test_all_shapes_have_names() -> None:
    wanted = "bigkinds kci riss naver google-play youtube twitter kakao sejong nikl aihub korquad"
    assert shape_names() == wanted.split()
    with pytest.raises(UsageError, match="--as x is unknown"):
        read("a.csv", shape="x")


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}")
@pytest.mark.parametrize(
    ("name", "shape", "count"),
    [
        ("bigkinds.xlsx", "bigkinds", 3),
        ("bigkinds_dimension_A1.xlsx", "bigkinds", 2),
        ("kakao_android.txt", "kakao", 3),
        ("kakao_mac.csv", "kakao", 3),
        ("kakao_pc.txt", "kakao", 4),
        ("ios.txt", "kakao", 3),
        ("nikl.json", "nikl", 2),
        ("nikl_mp.json", "nikl", 1),
        ("aihub.json", "aihub", 1),
        ("korquad.json", "korquad", 1),
        ("sejong.txt", "sejong", 1),
        ("naver.csv", "naver", 2),
        ("naverapi.json", "naver", 2),
    ],
)
def test_samples(name: str, shape: str, count: int) -> None:
    done = korpus("read", SHARED / "shapes" / name)
    assert done.returncode == 0 and f"{name}: read as {shape}" in done.stderr
    assert len(records(done.stdout)) == count


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}")
@pytest.mark.parametrize(
    "name", ["slash.txt", "nsmc.txt", "neg.jsonl", "titlerow.xlsx", "narrow.xlsx", "old.xls"]
)
def test_other_samples_are_of_no_shape(name: str) -> None:
    assert "--as none overrides" not in korpus("read", SHARED / "shapes" / name).stderr


def test_words_like_notices_in_messages_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(WINDOWS.replace("오늘 회의 몇 시?", "영희님이 나갔습니다 ㅋㅋ\nHe has left"))
    assert next(iter(read(path)))["text"] == "영희님이 나갔습니다 ㅋㅋ\nHe has left"


def test_hostile_chats_take_no_time(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for long in (
        "님이 " * 200_000,
        "[" * 500_000,
        "[a] [" * 100_000,
        " : " * 300_000,
        "2024년 " * 9,
    ):
        path.write_text(
            f"{WINDOWS}{long}\n[가나] [오전 9:12] {long}\n2024. 3. 4. 오전 9:12, {long}\n"
        )
        assert len(list(read(path))) >= 4
