"""Quality factor of a custom screen, by the points of its steps."""

from collections.abc import Iterable


def quality_factor(points: Iterable[float]) -> float:
    """``2 + 87/sum of points``: what multiplies a part's failure rate; less is better. [-]

    Parameters
    ----------
    points : iterable of float
        Of the screening groups that the flow holds, from the table ``pi_q.csv``; 3B and 3S exclude each other.

    Raises
    ------
    ValueError
        No points at all: an unscreened part has no such factor.

    References
    ----------
    .. [1] MIL-HDBK-217F section 5.10, as summarised publicly.
    """
    total = float(sum(points))
    if not total > 0.0:
        raise ValueError("MIL-HDBK-217F gives no quality factor to a part without screening points")
    return 2.0 + 87.0 / total
