"""What GraphML and GEXF share: text that XML can hold, and types of columns."""

import re
from collections.abc import Iterable

from korpus.files.writers.spool import whole

# XML 1.0 has no other characters below the space; these are written as references. The function of
# the standard library would import what opens addresses, which takes 10 ms.
_ENTITIES = str.maketrans(
    {
        **{"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"},
        **{"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"},
    }
)
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REPLACEMENT = "\ufffd"


def xml_text(value: object) -> str:
    """A value as text of an element or attribute. What XML cannot hold becomes U+FFFD."""
    return _IMPOSSIBLE.sub(_REPLACEMENT, str(whole(value))).translate(_ENTITIES)


def type_name(values: Iterable[object], whole_number: str) -> str:
    """The type of a column: `whole_number`, double or string. Missing values have none."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int}:
        return whole_number
    return "double" if kinds <= {int, float} else "string"
