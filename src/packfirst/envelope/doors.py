"""What it takes to keep a package possible: what a part costs in it, and how early its carrier must be ordered."""

from dataclasses import dataclass

from packfirst.assess import Assessment
from packfirst.disciplines.case import Case

_WEEK_S = 604800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A package that is still possible.

    Attributes
    ----------
    cost_usd : float or None
        Per good part, where cost could be said.
    lead_weeks : tuple of float or None
        How long before parts are due its technology must be ordered: value, 5 % and 95 % point. A stack's own
        technology runs beside the carrier's: the longer counts. None where the catalog does not say.
    longest : str
        Name of the technology that takes so long.
    """

    key: str
    describe: str
    state: str
    cost_usd: float | None
    lead_weeks: tuple[float, float, float] | None
    longest: str


def door(case: Case, assessment: Assessment) -> Door:
    """The door of an assessed package."""
    candidate, cost = assessment.candidate, assessment.metrics.get("cost")
    records = [
        case.catalog.record("technology", name) for name in (candidate.carrier, candidate.stack) if name
    ]
    known = [(record.name, found) for record in records if (found := record.get("lead_time")) is not None]
    longest = max(known, key=lambda item: item[1].value, default=None)
    lead = None
    if longest is not None:
        item = longest[1]
        low, high = (item.value if end is None else end for end in (item.low, item.high))
        lead = (item.value / _WEEK_S, low / _WEEK_S, high / _WEEK_S)
    return Door(
        key=candidate.key, describe=candidate.describe(), state=assessment.verdict.state,
        cost_usd=None if cost is None else cost.value, lead_weeks=lead, longest=longest[0] if longest else "",
    )  # fmt: skip
