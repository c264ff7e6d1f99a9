"""Irregular verbs and adjectives by conjugation class (불규칙 활용), written for korpus.

Compounds belong to the class of their last part, so that a class is a list of last parts, or a rule
with its exceptions. `vowel` below is a stem as it is before 으 or 아/어, without its consonant.
"""

from korpus.documents.syllables import ends_in_vowel, final, medial, with_final


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# ㅅ: 짓+어 → 지어. All other stems in ㅅ are regular: 웃, 씻, 벗, 솟, 빼앗.
SIOS = ("짓", "낫", "붓", "잇", "긋", "젓", "잣")
# ㄷ: 걷+어 → 걸어. All others are regular: 닫, 믿, 얻, 받, 쏟, and 걷 (빨래를), 묻 (땅에).
DIGUT = words(
    "걷 듣 묻 싣 긷 눋 붇 깨닫 일컫 내닫 치닫 알아듣 엿듣 귀담아듣 곧이듣 "
    "주워듣 얻어듣 전해듣 새겨듣 찾아듣 캐묻 되묻 따져묻 덧싣"
)
# ㅂ: 맵+어 → 매워. Of adjectives all but the second list, of verbs only the third.
REGULAR_BIUP = ("좁", "굽", "수줍")
BIUP_VERBS = ("돕", "눕", "줍", "굽", "깁", "여쭙")
# Verbs in 우 have ㅣ or a vowel made with it before that (세우, 키우), but for 싸우. So all other
# stems in 우 have lost their ㅂ, and these too.
_BIUP_AFTER_I = ("매우", "쉬우", "미우", "기우")
_VOWELS_OF_I = "ㅐㅔㅚㅟㅢㅣ"
# 르: 부르+어 → 불러. All stems in 르 but those that add 러 (푸르+어 → 푸르러) or lose 으 (치러).
REO = ("이르", "푸르", "누르", "노르")
EU_IN_REU = ("치르", "따르", "들르", "우러르", "다다르")
# ㅎ: 파랗+아 → 파래. All adjectives in ㅎ but 좋; no verb (놓, 넣, 쌓).
REGULAR_HIEUH = ("좋", "싫", "많", "않")
# Stems that lose their ㄹ before ㄴ, ㅂ, ㅅ, 오, and without it are not also another stem.
RIEUL_VERBS = words(
    "걸 굴 널 놀 늘 달 덜 돌 들 떨 말 멀 몰 물 밀 벌 불 빨 썰 알 얼 열 "
    "울 절 졸 털 헐 머물 다물 깨물 악물 맞물 허물 아물 여물 저물 까불 부풀 "
    "베풀 비틀 뒤틀 움틀 기울 어울 거닐 노닐 내밀 떠밀 치밀 들이밀 디밀 휩쓸 "
    "이끌 잡아끌 뒹굴 나뒹굴 매달 녹슬 되팔 사고팔 내다팔 못살 잘살 되살 먹고살 "
    "더불 휘날 흩날 맞불 영글 엉클 헝클"
)
RIEUL_ADJECTIVES = words("길 달 멀 잘 가늘 거칠 모질 어질 둥글 낯설 서툴 드물 힘들")
# No stem ends in these, but all that have lost their ㄹ: 만드, 힘드, 맴도, 뛰노, 내거.
_ONLY_WITHOUT_RIEUL = frozenset("드도노머허터떠느조버거써")
# Stems that have lost 으, which some analyzers give as stems: 꺼/VV 었/EP.
_EU = (
    "꺼 끄 써 쓰 떠 뜨 커 크 모아 모으 담가 담그 잠가 잠그 치러 치르 "
    "들러 들르 따라 따르 예뻐 예쁘 아파 아프 바빠 바쁘"
)
EU = dict(zip(_EU.split()[::2], _EU.split()[1::2], strict=True))


def with_biup(vowel: str) -> str | None:
    """The ㅂ stem of one in 우, as before 으 or 어: 더러우 → 더럽; None for 배우."""
    if not vowel.endswith("우") or len(vowel) < 2 or vowel.endswith("싸우"):
        return None
    if medial(vowel[-2]) in _VOWELS_OF_I and not vowel.endswith(_BIUP_AFTER_I):
        return None
    return with_final(vowel[:-1], "ㅂ") if ends_in_vowel(vowel[:-1]) else None


def with_digut(stem: str) -> str | None:
    """The ㄷ stem of one in ㄹ, as before 으 or 어: 깨달 → 깨닫."""
    if final(stem) != "ㄹ":
        return None
    found = with_final(stem, "ㄷ")
    return found if found in DIGUT else None


def with_sios(vowel: str) -> str | None:
    """The ㅅ stem of one before 으 or 어: 지 → 짓."""
    if not ends_in_vowel(vowel):
        return None
    found = with_final(vowel, "ㅅ")
    return found if found.endswith(SIOS) else None


def with_rieul(vowel: str, adjective: bool) -> str | None:
    """The ㄹ stem of one before ㄴ, ㅂ, ㅅ, 오: 떠 → 떨; None if it need not be one (가)."""
    if not ends_in_vowel(vowel):
        return None
    found = with_final(vowel, "ㄹ")
    listed = RIEUL_ADJECTIVES if adjective else RIEUL_VERBS
    return found if found in listed or vowel[-1] in _ONLY_WITHOUT_RIEUL else None
