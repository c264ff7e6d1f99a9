"""Fold the case and width of tokens: AI, ai and ＡＩ are one term."""

from unicodedata import normalize

from korpus.tagsets import group_by_form

# Latin letters and digits of full width. Other characters keep their width: NFKC would change ㅋ.
_WIDE = {
    code: normalize("NFKC", chr(code))
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(first), ord(last) + 1)
}
_MOST_KNOWN = 1 << 16


class _Folded(dict[str, str]):
    """The folded form of each form, made once."""

    def __missing__(self, form: str) -> str:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        is_emoticon = group_by_form(form) == "emoticon"  # T_T and :D
        self[form] = folded = form if is_emoticon else form.translate(_WIDE).lower()
        return folded


_folded = _Folded()


def fold(forms: list[str]) -> list[str]:
    """Tokens in lower case, with Latin letters and digits of half width."""
    return list(map(_folded.__getitem__, forms))
