"""Characters that text should not have: odd line ends and spaces, control and invisible ones."""

import re

# Some analyzers make these a token, or stop reading at them.
LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
SPACE = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
# Joiners stay in emoji (👨‍👩‍👧), and go between letters.
INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\xad]|(?<=\\w)[\u200c\u200d](?=\\w)")
# The marks of an embedded direction, of annotations, and joiners without emoji at both sides.
MARKS = re.compile(
    "[\u061c\u202a-\u202e\u2061-\u2064\u2066-\u206f\ufff9-\ufffb]"
    "|(?<![\U0001f000-\U0001faff\u2300-\u27bf\u2b00-\u2bff\ufe0f])[\u200c\u200d]"
    "|[\u200c\u200d](?![\U0001f000-\U0001faff\u2300-\u27bf\u2b00-\u2bff])"
)
FILLER = re.compile("[\u3164\uffa0]")  # look like a space, and names are written with them
HALF = re.compile("[\ud800-\udfff]")  # of a character: an unpaired surrogate
SUSPECTS = (
    "\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u1100-\u11ff\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060"
    "\u3000\ufeff\ud800-\udfff"
)
MORE_SUSPECTS = "\u061c\u202a-\u202e\u2061-\u206f\u3164\uffa0\ufff9-\ufffb"
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    0xFFE0: "¢",
    0xFFE1: "£",
    0xFFE5: "¥",
    0xFFE6: "₩",
}
# Hangul of half width, in the order of ㄱ … ㅎ and ㅏ … ㅣ with gaps.
_NARROW = {
    code: chr(0x3131 + at)
    for at, code in enumerate(
        [
            *range(0xFFA1, 0xFFBF),
            *range(0xFFC2, 0xFFC8),
            *range(0xFFCA, 0xFFD0),
            *range(0xFFD2, 0xFFD8),
            *range(0xFFDA, 0xFFDD),
        ]
    )
}
_WIDTHS = str.maketrans(_WIDE | _NARROW)
OTHER_WIDTH = re.compile("[\uff01-\uff5e\uffa1-\uffbe\uffc2-\uffdc\uffe0\uffe1\uffe5\uffe6]")


def usual_width(text: str) -> str:
    """Text with Latin letters, digits and signs of half width (ＡＩ → AI), Hangul of full width.

    Not NFKC, which takes ㅋ and № for other characters.
    """
    return text.translate(_WIDTHS)
