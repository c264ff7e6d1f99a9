"""Stems that are spelled alike before some endings (걸어: 걷다 or 걸다), told apart by neighbours.

Only the nearest particle before the word counts, with its noun, or the word beside it.
"""

from collections.abc import Callable
from typing import NamedTuple

_OBJECT, _SUBJECT, _PLACE = ("을", "를", "ㄹ"), ("이", "가", "께서"), ("에", "에다", "에다가")
_PERSON = ("에게", "한테", "께", "더러", "에게서", "한테서", "로부터", "으로부터", "부터")
_PARTICLES = {
    form: mark
    for mark, forms in {"을": _OBJECT, "이": _SUBJECT, "에": _PLACE, "께": _PERSON}.items()
    for form in forms
} | {"은": "은", "는": "은", "도": "은", "만": "은", "로": "로", "으로": "로", "에서": "에서"}
_QUOTED = ("다고", "라고", "냐고", "자고", "달라고")  # what somebody said
_ASKED = ("는지", "은지", "ㄴ지", "을지", "ㄹ지", "던지", "인지", "냐고")  # what somebody asks
_REACH = 3  # adverbs between the particle and the word

_HEARD = (
    "말 노래 음악 소리 목소리 이야기 얘기 소식 수업 강의 강연 설명 대답 답 질문 "
    "뉴스 라디오 의견 조언 충고 잔소리 욕 칭찬 꾸중 연설 연주 곡 앨범 음반 말씀 "
    "비명 변명 소문 사연 고백 경고 농담 대화 방송 기도 설교 울음 녹음 이름 이유 "
    "사실 내용 판결 평 평가 반응 후기 대사 과목 강좌 보고 증언 진술 구호 함성 "
    "박수 거짓말 핑계 당부 부탁 명령 지시 제안 진심 자장가 동요 가요 멜로디 선율 "
    "것 걸 -소리 -말 -이야기 -음악 -노래 -곡"
)
_WALKED = (
    "길 거리 공원 해변 강변 골목 복도 숲 들판 시내 산책로 계단 다리 백사장 "
    "모래밭 캠퍼스 운동장 산 사막 걸음 마당 광장 시장 밤거리 -길 -가 -변"
)
_HUNG = (
    "전화 말 시비 목숨 기대 희망 내기 옷 그림 시동 제동 최면 마법 주문 승부 돈 "
    "상금 현상금 딴지 소송 간판 액자 목걸이 자물쇠 수갑 빗장 사진 외투"
)
_ASKED_FOR = (
    "길 이름 이유 안부 나이 의견 책임 까닭 값 가격 방법 질문 소식 뜻 의미 사정 "
    "사연 행방 주소 번호 전화번호 위치 시간 의사 근황 죄 여부 출신 경위 진위 "
    "날짜 것 걸 생각 소감 답 비밀 원인 목적 전공 직업 취향 내막 결과 말"
)
_BITERS = "개 모기 뱀 강아지 고양이 벌레 상어 호랑이 진드기 늑대 악어 물고기"
_SWELLING = "면 국수 라면 살 체중 몸무게 재산 강물 물 냇물 개울물 우동 쌀 콩 면발"
_LIVED = "삶 인생 생애 시절 세월 하루 하루하루 시대 세상 평생 나날 일생 생 오늘 현재 순간 나라"
_DUG = "땅 구멍 우물 굴 무덤 구덩이 터널 도랑 함정 흙 도장 귀 코 수로 연못 홈 갱도"
_FLYING = "새 철새 참새 나비 비행기 벌 잠자리 연 갈매기 독수리 헬기 드론 풍선"
_SKY = "하늘 공중 허공 상공 창공"
_SWEPT = "마당 바닥 방바닥 낙엽 거리 골목 눈 먼지 복도 길 쓰레기"
_OFF = (
    "불 전등 전원 텔레비전 티브이 TV 컴퓨터 엔진 촛불 가스 라디오 에어컨 형광등 "
    "스위치 휴대폰 핸드폰 기계 알람 화재 시동 난로 보일러 음악 조명 선풍기 히터 "
    "노트북 담뱃불"
)
_PEELED = "껍질 마늘 밤 귤 양파 땅콩 알 호두 콩 계란 달걀 새우 감자"
_SCOOPED = "국 밥 물 쌀 흙 우물물 죽"
_GROUND = "칼 이 밭 논 벼루 먹 원두 커피 무 전구 기저귀 콩 낫 맷돌 연필심 날"
_SHRUNK = (
    "몸무게 체중 인구 수 양 수입 크기 소득 매출 관심 일자리 수명 비용 판매 "
    "판매량 매출액 관객 학생 수요"
)


class Choice(NamedTuple):
    """Two stems, and the rules that tell which one it is: the first that fits.

    A rule: the stem, where to look (`을`: the noun before that particle, `>`: the next words,
    `<`: the word before, `고`, `지`: a clause before), and the words there, -길 for those that end
    so; no words: any. The first of the stems is the usual one.
    """

    stems: tuple[str, str]
    rules: tuple[tuple[str, str, frozenset[str]], ...]


def _choice(first: str, second: str, *rules: tuple[str, str, str]) -> Choice:
    return Choice(
        (first, second),
        tuple((stem, where, frozenset(words.split())) for stem, where, words in rules),
    )


# Spelled alike before 아 and 어.
BEFORE_EO = {
    choice.stems: choice
    for choice in (
        _choice(
            *("걸", "걷"),
            ("걷", ">", "가 오 다니 나가 나오 들어가 들어오 내려가 올라가 돌아다니"),
            ("걷", "을", _WALKED),
            ("걸", "을", ""),
            ("걸", "은", _HUNG),
            ("걸", "에", ""),
            ("걷", "", ""),
        ),
        _choice(
            *("들", "듣"),
            ("들", ">", "가 오 앉"),
            ("듣", "을", _HEARD),
            ("들", "을", ""),
            ("듣", "고", ""),
            ("듣", "께", ""),
            ("듣", "은", _HEARD),
            ("듣", "<", "잘 똑똑히 분명히 귀담아 열심히"),
            ("들", "에", ""),
            ("들", "이", ""),
        ),
        _choice(
            *("물", "묻"),
            ("묻", ">", "보 봤 봐 보았"),
            ("묻", "을", _ASKED_FOR),
            ("물", "을", ""),
            ("묻", "고", ""),
            ("묻", "지", ""),
            ("묻", "께", ""),
            ("물", "이", _BITERS),
        ),
        _choice("불", "붇", ("붇", "이", _SWELLING)),
    )
}
# Spelled alike before ㄴ, ㄹ, ㅂ, ㅅ, 오, where the second loses its ㄹ.
BEFORE_N = {
    choice.stems: choice
    for choice in (
        _choice(
            *("사", "살"),
            ("살", "을", _LIVED),
            ("사", "을", ""),
            ("살", "에", ""),
            ("살", "에서", ""),
        ),
        _choice("팔", "파", ("파", "을", _DUG), ("팔", "을", "")),
        _choice(
            *("나", "날"),
            ("날", "을", _SKY),
            ("날", "로", ""),
            ("날", "이", _FLYING),
            ("날", "<", "훨훨 높이"),
            ("나", "이", ""),
            ("나", "에", ""),
        ),
        _choice("쓰", "쓸", ("쓸", "을", _SWEPT), ("쓰", "을", "")),
        _choice("끄", "끌", ("끄", "을", _OFF), ("끌", "을", "")),
        _choice("비", "빌", ("빌", "을", ""), ("비", "", "")),
        _choice("까", "깔", ("까", "을", _PEELED), ("깔", "을", "")),
        _choice("풀", "푸", ("푸", "을", _SCOOPED), ("풀", "을", "")),
        _choice("가", "갈", ("갈", "을", _GROUND)),
        _choice("주", "줄", ("줄", "이", _SHRUNK), ("주", "을", "")),
        _choice("이", "일", ("일", "이", "바람 파도 물결 먼지 논란 거품 보풀 물보라")),
        _choice("틀", "트", ("틀", "을", ""), ("트", "이", "")),
        _choice("길", "기"),
        _choice("고", "골", ("골", "을", "코"), ("고", "을", "")),
    )
}


def chosen(
    choice: Choice,
    forms: list[str],
    at: int,
    end: int,
    is_particle: Callable[[int], bool],
    is_adverb: Callable[[int], bool],
) -> str | None:
    """The stem that the neighbours tell, if they do.

    `at`: the position of the word in `forms`, `end`: that after its endings.
    """
    mark, noun = _before(forms, at, is_particle, is_adverb)
    for stem, where, words in choice.rules:
        if where == ">":
            fits = any(form in words for form in forms[end : end + 2])
        elif where == "<":
            fits = at > 0 and forms[at - 1] in words
        elif where == "고":
            fits = at > 0 and forms[at - 1].endswith(_QUOTED)
        elif where == "지":
            fits = at > 0 and forms[at - 1].endswith(_ASKED)
        else:
            fits = where in ("", mark) and (not words or _is_one_of(noun, words))
        if fits:
            return stem
    return None


def _before(
    forms: list[str],
    at: int,
    is_particle: Callable[[int], bool],
    is_adverb: Callable[[int], bool],
) -> tuple[str, str]:
    """The nearest particle before a word and what it follows, past adverbs."""
    for i in range(at - 1, max(-1, at - 2 - _REACH), -1):
        if is_particle(i):
            return _PARTICLES.get(forms[i], "-"), forms[i - 1] if i else ""
        if not is_adverb(i):
            break
    return "-", ""


def _is_one_of(noun: str, words: frozenset[str]) -> bool:
    return noun in words or any(word[0] == "-" and noun.endswith(word[1:]) for word in words)
