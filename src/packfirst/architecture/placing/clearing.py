"""Where a row comes to rest that is moved towards what stands there."""

from collections.abc import Iterable

from packfirst.architecture.placing.rect import Rect


def clear(
    standing: Iterable[Rect], x0: float, x1: float, height: float, spacing: float, *, above: bool
) -> float:
    """Floor of a row between `x0` and `x1` that comes from above, or from below, to rest on what lies there. [m]"""
    # What keeps exactly the spacing beside the row does not lie under it; the share is for rounding.
    reach = spacing * (1.0 - 1e-6)
    met = [rect for rect in standing if rect.x0 - reach < x1 and rect.x1 + reach > x0]
    if above:
        return max(rect.y1 for rect in met) + spacing
    return min(rect.y0 for rect in met) - spacing - height
