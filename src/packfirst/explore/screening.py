"""All candidates of a Program against every discipline's bounds, in arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.candidate import Space
from packfirst.catalog import Catalog
from packfirst.disciplines.case import Bound, Discipline, Table
from packfirst.program.model import Program

# Bounds speak of nominal numbers; a row whose inputs are skewed to its favour may still hold more often than not.
# So a row is rejected only past its capacity by this share of it.
SLACK = 0.05


@dataclass(frozen=True, kw_only=True)
class Screened:
    """What screening said of every row of a Space.

    Attributes
    ----------
    kept : ndarray of bool, shape (n,)
    bounds : tuple of (discipline, Bound)
    worst : ndarray of int, shape (n,)
        Number of the bound with the least margin in percent.
    best : dict of str to ndarray, shape (n,)
        Most favourable value of each objective that a discipline could bound.
    """

    space: Space
    kept: NDArray[np.bool_]
    bounds: tuple[tuple[str, Bound], ...]
    worst: NDArray[np.int64]
    best: dict[str, NDArray[np.float64]]

    def least_margin(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Least margin in percent over all bounds, per row. [-]"""
        margins = np.stack([bound.margin_ratio[rows] for _, bound in self.bounds])
        return np.asarray(margins.min(axis=0))


def screen(program: Program, catalog: Catalog, space: Space, disciplines: Sequence[Discipline]) -> Screened:
    """Screens every row of a space."""
    table = Table(program=program, catalog=catalog, space=space, rows=np.arange(len(space)))
    bounds: list[tuple[str, Bound]] = []
    best: dict[str, NDArray[np.float64]] = {}
    for discipline in disciplines:
        said = discipline.bounds(table)
        bounds += [(discipline.name, bound) for bound in said.bounds]
        best.update(said.best)
    margins = np.stack([np.broadcast_to(bound.margin_ratio, (len(space),)) for _, bound in bounds])
    return Screened(
        space=space, kept=np.asarray((margins >= -SLACK).all(axis=0)), bounds=tuple(bounds),
        worst=np.asarray(margins.argmin(axis=0)), best=best,
    )  # fmt: skip
