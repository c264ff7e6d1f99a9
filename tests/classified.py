"""Small labelled documents that the tests of classifiers share."""

from typing import Any

_GOOD = ["정말 재미있다", "감동 최고다", "배우 연기 좋다", "또 보고 싶다", "꿀잼 추천"]
_BAD = ["너무 지루하다", "돈 아깝다", "배우 연기 나쁘다", "다시 안 본다", "노잼 비추"]
_ENDS = ["", " ㅋㅋ", " ㅠㅠ", " 영화", " 이 영화", "!!"]


def document(number: int, text: str, **columns: Any) -> dict[str, Any]:
    """A document whose tokens are its words."""
    tokens = text.split()
    return {
        "id": str(number),
        "text": text,
        **columns,
        "tokens": tokens,
        "tags": ["X"] * len(tokens),
        "analyzer": "space",
    }


def labelled() -> list[dict[str, Any]]:
    """Sixty documents of the classes 긍정 and 부정, by six authors, on ten days."""
    texts = [
        (text + end, label)
        for end in _ENDS
        for good, bad in zip(_GOOD, _BAD, strict=True)
        for text, label in ((good, "긍정"), (bad, "부정"))
    ]
    return [
        document(n, text, label=label, author=f"a{n % 6}", date=f"2025-01-{n % 10 + 1:02}")
        for n, (text, label) in enumerate(texts)
    ]
