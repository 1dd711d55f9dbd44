"""How many rectangles come out of a panel or a strip."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """Pieces out of one panel, all turned the same way."""

    columns: int
    rows: int
    turned: bool
    utilisation: float  # area of the pieces over area of the whole panel

    @property
    def pieces(self) -> int:
        return self.columns * self.rows


def nest(
    piece_m: tuple[float, float], panel_m: tuple[float, float], border_m: float, street_m: float
) -> Nest:
    """The better of the two ways to lay equal pieces in rows on a panel.

    Parameters
    ----------
    piece_m, panel_m : tuple of float
        Sides.
    border_m : float
        Kept free along each side of the panel.
    street_m : float
        Between neighbouring pieces.
    """
    found = []
    for turned in (False, True):
        a, b = piece_m[::-1] if turned else piece_m
        across, along = (
            max(int((side - 2.0 * border_m + street_m) / (own + street_m) * (1.0 + 1e-12)), 0)
            for side, own in zip(panel_m, (a, b), strict=True)
        )
        share = across * along * a * b / (panel_m[0] * panel_m[1])
        found.append(Nest(columns=across, rows=along, turned=turned, utilisation=share))
    return max(found, key=lambda item: item.pieces)
