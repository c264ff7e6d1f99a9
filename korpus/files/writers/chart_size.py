"""Charts in a size that was asked for, whatever their axes and legends take."""

import re
from typing import Any

_PADDING = 5  # pixels around a chart, Vega-Lite's own
_ROUNDED = 0.01  # pixels, as parts of a pixel are cut off
_NEAR = 1.5  # pixels by which the panels may miss the size


def measured(spec: dict[str, Any]) -> tuple[float, float]:
    """Width and height of the picture of a chart, in pixels."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    found = re.search(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', svg)
    assert found
    return float(found[1]), float(found[2])


def resized(spec: dict[str, Any], size: tuple[int, int]) -> tuple[dict[str, Any], float]:
    """A chart for a picture of exactly `size`, and by how much it is to be enlarged then.

    Panels grow to fill the picture, and letters keep their size. In a picture smaller than the
    chart would be, and of maps, whose points are placed in pixels, all is reduced or enlarged.
    """
    natural = measured(spec)
    scale = min(side / length for side, length in zip(size, natural, strict=True))
    if not spec.get("usermeta", {}).get("is_map"):
        scale = min(scale, 1.0)
        spec = _grown(spec, natural, (size[0] / scale, size[1] / scale))
        natural = measured(spec)
        scale = min(scale, *(side / length for side, length in zip(size, natural, strict=True)))
    across, down = (
        (side + _ROUNDED) / scale - length for side, length in zip(size, natural, strict=True)
    )
    padding = {"left": across / 2, "right": across / 2, "top": down / 2, "bottom": down / 2}
    return spec | {"padding": {side: _PADDING + more for side, more in padding.items()}}, scale


def _grown(
    spec: dict[str, Any], natural: tuple[float, float], wanted: tuple[float, float]
) -> dict[str, Any]:
    """The chart with larger panels. What they gain is measured, as axes and titles do not grow."""
    factors = [1.0, 1.0]
    trial = measured(_enlarged(spec, [2.0, 2.0]))
    for side in (0, 1):
        gain = trial[side] - natural[side]
        if gain > _NEAR:
            factors[side] = max(1.0, 1.0 + (wanted[side] - natural[side]) / gain)
    enlarged: dict[str, Any] = _enlarged(spec, factors)
    return enlarged


def _enlarged(part: Any, factors: list[float]) -> Any:
    """A copy of a chart whose panels are wider and higher."""
    if isinstance(part, list):
        return [_enlarged(item, factors) for item in part]
    if not isinstance(part, dict):
        return part
    sides = dict(zip(("width", "height"), factors, strict=True))
    nested = ("layer", "concat", "hconcat", "vconcat")
    return {
        name: value * sides[name]
        if name in sides and isinstance(value, int | float)
        else _enlarged(value, factors)
        if name in nested
        else value
        for name, value in part.items()
    }
