"""Figures of what was built, predicted from its assessment against those that its record publishes."""

from collections.abc import Iterator
from dataclasses import dataclass

from packfirst.catalog import Record
from packfirst.explore.records import Brief, LimitRecord

MM = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure, predicted and published, in the same unit; `evidence` is that of the published one."""

    name: str
    predicted: float
    published: float
    unit: str
    evidence: str

    @property
    def ratio(self) -> float:
        """Predicted over published. [-]"""
        return self.predicted / self.published


def figures(record: Record, as_built: Brief, one_die: Brief | None, mode: str) -> Iterator[Figure]:
    """Body, power limit and cost against one die, those of them that the record and the assessment both have.

    Parameters
    ----------
    mode : str
        The mode whose power is the record's.
    """
    yield from _body(record, as_built)
    limit = power_limit_ratio(as_built["limits"], mode)
    power = record.get("power")
    if limit is not None and power is not None:
        yield Figure(
            name="power_limit", predicted=limit * power.value, published=power.value, unit="W",
            evidence=power.evidence.value,
        )  # fmt: skip
    saving = record.get("cost_saving")
    if saving is not None and one_die is not None:
        ratio = cost_ratio(as_built, one_die)
        if ratio is not None:
            yield Figure(
                name="cost_against_one_die", predicted=ratio, published=1.0 - saving.value, unit="-",
                evidence=saving.evidence.value,
            )  # fmt: skip


def _body(record: Record, as_built: Brief) -> Iterator[Figure]:
    sizes = [record.get(name) for name in ("size_x", "size_y")]
    for kind, choose in (("body_long", max), ("body_short", min)):
        found = [item["demand"] for item in as_built["limits"] if item["kind"] == kind]
        known = [item for item in sizes if item is not None]
        if found and len(known) == 2:
            published = choose(known, key=lambda item: item.value)
            yield Figure(
                name=kind, predicted=found[0], published=published.value / MM, unit="mm",
                evidence=published.evidence.value,
            )  # fmt: skip


def power_limit_ratio(limits: list[LimitRecord], mode: str) -> float | None:
    """By how much all power of a mode can be multiplied before the first hard temperature limit; None without one. [-]

    A rise over ambient grows in proportion to the power, leakage aside; so this is the least capacity over demand.
    """
    found = [
        item["capacity"] / item["demand"] for item in limits
        if item["discipline"] == "thermal" and item["mode"] == mode and item["hard"] and item["unit"] == "K"
        and item["demand"] > 0.0
    ]  # fmt: skip
    return min(found, default=None)


def cost_ratio(split: Brief, whole: Brief) -> float | None:
    """Cost of a good part over that of another; None where either has none. [-]"""
    costs = [item["metrics"].get("cost") for item in (split, whole)]
    if costs[0] is None or costs[1] is None or costs[1]["value"] <= 0.0:
        return None
    return costs[0]["value"] / costs[1]["value"]
