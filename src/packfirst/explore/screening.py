"""All candidates of a Program against every discipline's bounds, in arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.candidate import Space
from packfirst.catalog import Catalog
from packfirst.disciplines.case import Discipline, Table
from packfirst.program.model import Program

# Bounds speak of nominal numbers; a row whose inputs are skewed to its favour may still hold more often than not.
# So a row is rejected only past its capacity by this share of it.
SLACK = 0.05


@dataclass(frozen=True, kw_only=True)
class Screened:
    """What screening said of every row of a Space.

    Attributes
    ----------
    names : tuple of str
        Of the bounds, discipline/kind.
    margins : ndarray, shape (n_bounds, n)
        Most favourable margin of each bound, as a share of its capacity.
    best : dict of str to ndarray, shape (n,)
        Most favourable value of each objective that a discipline could bound.
    """

    space: Space
    names: tuple[str, ...]
    margins: NDArray[np.float64]
    best: dict[str, NDArray[np.float64]]

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Which bounds each row cannot meet even at its best, shape (n_bounds, n)."""
        return np.asarray(self.margins < -SLACK)

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Rows that may stand, shape (n,)."""
        return np.asarray(~self.failed.any(axis=0))

    def least_margin(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Least margin over all bounds, per row. [-]"""
        return np.asarray(self.margins[:, rows].min(axis=0, initial=np.inf))


def screen(program: Program, catalog: Catalog, space: Space, disciplines: Sequence[Discipline]) -> Screened:
    """Screens every row of a space."""
    n = len(space)
    table = Table(program=program, catalog=catalog, space=space, rows=np.arange(n))
    said = [(discipline.name, discipline.bounds(table)) for discipline in disciplines]
    bounds = [(f"{name}/{bound.kind}", bound) for name, face in said for bound in face.bounds]
    margins = [np.broadcast_to(bound.margin_ratio, (n,)) for _, bound in bounds]
    best = {name: values for _, face in said for name, values in face.best.items()}
    return Screened(
        space=space,
        names=tuple(name for name, _ in bounds),
        margins=np.array(margins).reshape(-1, n),
        best=best,
    )


def nearest_failed(screened: Screened, most: int) -> list[int]:
    """Rows that the screen rejects, the nearest to passing first; at most `most` for each bound that fails them alone.

    Where no row fails by one bound alone, rows that fail by the fewest.
    """
    failed = screened.failed
    count = failed.sum(axis=0)
    if not count.any():
        return []
    fewest = int(count[count > 0].min())
    lacking = np.where(failed, -screened.margins, 0.0).sum(axis=0)
    # Of rows that lack equally much, those with most room elsewhere: their other limits are likeliest to hold.
    room = np.clip(screened.margins, 0.0, 1.0).sum(axis=0)
    order = np.lexsort((np.arange(len(count)), -room, np.round(lacking, 9)))
    order = order[count[order] == fewest]
    if fewest > 1:
        return [int(row) for row in order[:most]]
    found = [order[failed[number, order]][:most] for number in range(len(failed))]
    return [int(row) for row in np.concatenate(found)]
