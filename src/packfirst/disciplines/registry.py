"""The disciplines in the order in which facts pass between them; third parties add theirs by an entry point."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from packfirst.disciplines.case import Discipline

ENTRY_POINT = "packfirst.disciplines"
# Module under packfirst.disciplines, in the order of the facts.
_OWN = (
    "form_factor",
    "electrical",
    "thermal",
    "performance",
    "mechanical",
    "qualification",
    "cost",
    "supply",
    "schedule",
)


@cache
def disciplines() -> tuple[Discipline, ...]:
    """Our own disciplines in order, then those that installed packages add, in order of their names.

    Raises
    ------
    TypeError
        An entry point that does not have both faces.
    """
    own = [import_module(f"packfirst.disciplines.{name}.limits").DISCIPLINE for name in _OWN]
    added = [point.load() for point in sorted(entry_points(group=ENTRY_POINT), key=lambda point: point.name)]
    for item in added:
        if not all(hasattr(item, face) for face in ("name", "needs", "gives", "bounds", "limits")):
            raise TypeError(f"{item!r} is not a discipline: it needs name, needs, gives, bounds and limits")
    return (*own, *added)
