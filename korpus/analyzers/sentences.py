"""Where sentences start, as far as tokens and tags tell."""

from dataclasses import dataclass

from korpus.analyzers.located import Located
from korpus.tagsets import group_by_form, group_of

_ENDS = frozenset(".!?…。！？")
_LINE_ENDS = frozenset("\n\r\v\f\x85\u2028\u2029")
_COMMAS = (",", "，")
_FINAL_ENDING = "EF"  # also kkma's EFN, EFQ …
_SIGNS = ("punctuation", "symbol")


@dataclass(frozen=True)
class Places:
    """Gives the tokens of one analyzer their positions, and the text its sentence starts.

    A sentence ends at a new line, with signs (. ! ? …), and with a final ending (종결어미), which
    okt's tags do not tell. Signs and emoticons after it belong to it.
    """

    analyzer: str

    def apply(self, text: str, tokens: Located) -> Located:
        """The same tokens, which have spans, with `positions` and `sentence_starts`."""
        tokens.number()
        starts: list[int] = []
        last = 0  # where the token before ends
        sign_at = -1  # where the sign is that ended a sentence
        has_ending = False
        for form, tag, span in zip(tokens.forms, tokens.tags, tokens.spans, strict=True):
            if span is None:
                continue
            start, end = span
            between = text[last:start]
            last = max(last, end)
            is_sign = _ENDS.issuperset(form)
            if not starts or not _LINE_ENDS.isdisjoint(between):
                starts.append(start)
            elif is_sign or ((sign_at >= 0 or has_ending) and self._goes_on(form, tag, between)):
                if is_sign and sign_at < 0 and not _is_abbreviated(text, start):
                    sign_at = start
                elif form in _COMMAS:
                    has_ending = False
                continue
            elif (
                (has_ending and between) if sign_at < 0 else _is_end(text, sign_at, start, between)
            ):
                starts.append(start)
            sign_at = -1
            has_ending = tag.rpartition("+")[2].startswith(_FINAL_ENDING)
        tokens.sentence_starts = starts
        return tokens

    def _goes_on(self, form: str, tag: str, between: str) -> bool:
        """Whether a token belongs to the sentence that ends before it."""
        group = group_by_form(form) or group_of(tag, self.analyzer)
        return group == "emoticon" or (not between and group in _SIGNS)


def _is_abbreviated(text: str, at: int) -> bool:
    """Whether a full stop follows one Latin letter: A.I."""
    before = text[max(0, at - 2) : at]
    return before[-1:].isascii() and before[-1:].isalpha() and not before[:-1].isalnum()


def _is_end(text: str, sign_at: int, start: int, between: str) -> bool:
    """Whether a sign ends a sentence before what starts there: not in 3.5, 2024. 1. 5."""
    before, after = text[sign_at - 1 : sign_at], text[start]
    if before.isdigit() and after.isdigit():
        return False
    return between != "" or ("가" <= after <= "힣" and not (before.isascii() and before.isalnum()))
