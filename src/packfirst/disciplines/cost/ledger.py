"""Where the money of one part went, in categories that sum to its cost."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
_NOTHING: Array = np.zeros(())
_NOTHING.setflags(write=False)


def _nothing() -> Array:
    return _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Cost of one part by category. [USD], each array_like, all of them broadcast together.

    A category that nothing was booked on stays a scalar, so that a ledger of a large table holds
    no more than what it needs.

    Attributes
    ----------
    die_raw_usd
        Silicon that ends up in the part, bumps included.
    die_defect_usd
        Silicon thrown away at wafer test.
    die_lost_usd
        Die (and what was thrown away for them) scrapped with an assembly.
    carrier_raw_usd, carrier_defect_usd, carrier_lost_usd
        The same for interposers, redistribution layers, substrates.
    assembly_usd, assembly_lost_usd
        Process steps, lid, underfill; and what they cost on parts scrapped later.
    test_usd, test_lost_usd
        Test of what ends up in the part; and of what was thrown away.
    nre_usd
        Share of the development cost.
    """

    die_raw_usd: Array = field(default_factory=_nothing)
    die_defect_usd: Array = field(default_factory=_nothing)
    die_lost_usd: Array = field(default_factory=_nothing)
    carrier_raw_usd: Array = field(default_factory=_nothing)
    carrier_defect_usd: Array = field(default_factory=_nothing)
    carrier_lost_usd: Array = field(default_factory=_nothing)
    assembly_usd: Array = field(default_factory=_nothing)
    assembly_lost_usd: Array = field(default_factory=_nothing)
    test_usd: Array = field(default_factory=_nothing)
    test_lost_usd: Array = field(default_factory=_nothing)
    nre_usd: Array = field(default_factory=_nothing)

    @property
    def total_usd(self) -> Array:
        """Sum of all categories. [USD]"""
        return _sum(getattr(self, name) for name in CATEGORIES)

    def plus(self, other: "Ledger") -> "Ledger":
        """Ledger of both together."""
        return Ledger(**{name: _sum((getattr(self, name), getattr(other, name))) for name in CATEGORIES})

    def times(self, count: ArrayLike) -> "Ledger":
        """Ledger of so many of the same. `count` broadcasts, and may be zero."""
        n = np.asarray(count, dtype=np.float64)
        # A zero scalar times an array of counts would grow into an array of zeros for nothing.
        return Ledger(
            **{name: value * n for name in CATEGORIES if (value := getattr(self, name)) is not _NOTHING}
        )

    def after_loss(self, survival: ArrayLike) -> "Ledger":
        """Ledger of a survivor when only this share of the parts survives.

        The survivor carries the whole cost of the others, booked as lost in their own kind. The total
        is divided by `survival`, to rounding.
        """
        extra = 1.0 / np.asarray(survival, dtype=np.float64) - 1.0
        accounts = {name: getattr(self, name) for name in CATEGORIES}
        for lost, kinds in _LOST_FROM.items():
            gone = _sum(accounts[kind] for kind in kinds)
            if gone is not _NOTHING:
                accounts[lost] = _sum((accounts[lost], gone * extra))
        return Ledger(**accounts)


CATEGORIES: tuple[str, ...] = tuple(field.name for field in fields(Ledger))
_LOST_FROM: dict[str, tuple[str, ...]] = {
    "die_lost_usd": ("die_raw_usd", "die_defect_usd", "die_lost_usd"),
    "carrier_lost_usd": ("carrier_raw_usd", "carrier_defect_usd", "carrier_lost_usd"),
    "assembly_lost_usd": ("assembly_usd", "assembly_lost_usd"),
    "test_lost_usd": ("test_usd", "test_lost_usd"),
    "nre_usd": ("nre_usd",),
}  # every category appears once on the right: that is why the ledger closes


def booked(**amounts_usd: ArrayLike) -> Ledger:
    """Ledger with these amounts booked, named as the attributes of `Ledger`. [USD]

    Raises
    ------
    ValueError
        If an amount is negative or not a number.
    """
    arrays = {name: np.asarray(amount, dtype=np.float64) for name, amount in amounts_usd.items()}
    for name, amount in arrays.items():
        if not np.all(amount >= 0.0):
            raise ValueError(f"{name} must be a number, zero or more")
    return Ledger(**{name: amount for name, amount in arrays.items() if amount.ndim or amount})


def _sum(amounts: Iterable[Array]) -> Array:
    # An account that nothing was booked on must stay a scalar, and be recognised as empty later.
    total = _NOTHING
    for amount in amounts:
        if amount is not _NOTHING:
            total = amount if total is _NOTHING else np.asarray(total + amount)
    return total
