"""The page's font: one of the reader's own, else NanumGothic, cut down to the page's characters."""

import base64
import io
import logging

from korpus.pictures import default_font

_FACE = (
    "@font-face{{font-family:KorpusSans;font-weight:{weight};src:{local}"
    "url(data:font/woff;base64,{data}) format('woff')}}"
)
# Fonts of phones and computers, by the names that each has for its weights.
_LOCAL = {
    400: ("Pretendard", "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic"),
    700: (
        *("Pretendard Bold", "AppleSDGothicNeo-Bold", "Noto Sans KR Bold", "Noto Sans CJK KR Bold"),
        "Malgun Gothic Bold",
    ),
}
_ASCII = "".join(map(chr, range(32, 127)))


def font_faces(text: str, bold: str) -> str:
    """The CSS of the font in two weights, with the characters of two texts."""
    regular = default_font()
    faces = ((400, regular, text), (700, regular.with_name("NanumGothicBold.ttf"), bold))
    return "".join(
        _FACE.format(
            weight=weight,
            local="".join(f"local('{name}')," for name in _LOCAL[weight]),
            data=_subset(str(font), _ASCII + characters),
        )
        for weight, font, characters in faces
    )


def _subset(font: str, text: str) -> str:
    """The font with these characters alone, as WOFF in base64."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it lists what it leaves out
    options = Options(
        hinting=False, layout_features=[], notdef_outline=True, glyph_names=False, name_IDs=[]
    )
    opened = TTFont(font, recalcTimestamp=False, lazy=True)
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(opened)
    opened.flavor = "woff"
    packed = io.BytesIO()
    opened.save(packed)
    return base64.b64encode(packed.getvalue()).decode()
