"""What the routes of one process say, ready to be held as limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from packfirst.disciplines.supply.gates import Answer, Entry
from packfirst.disciplines.supply.openings import Opening
from packfirst.disciplines.supply.problem import Route, RouteProblem
from packfirst.disciplines.supply.relax import Blockage
from packfirst.disciplines.supply.routes import open_questions


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteBand:
    """The fastest route's weeks with every stay at its short and at its long end."""

    weeks: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class SupplyAnswer:
    """All that a limit of supply needs of one process.

    `opens_on` is the first day on which a route exists if plans are kept, `changes` the packages one change away
    that have one today; both only where there is none.
    """

    problem: RouteProblem
    entries: Mapping[str, Sequence[Entry]]
    routes: tuple[Route, ...]
    exact: bool
    band: RouteBand | None
    stays: tuple[tuple[str, ...], ...]
    blockage: Blockage
    openings: tuple[Opening, ...]
    opens_on: date | None
    changes: tuple[str, ...]
    is_priced: bool

    @property
    def stated(self) -> Route | None:
        """The route that rests on stated evidence most; the fastest of equals."""
        return min(self.routes, key=lambda route: (route.unstated, route.weeks), default=None)

    @property
    def questions(self) -> tuple[Answer, ...]:
        """What has to be asked before the best stated route can be relied on, each once."""
        route = self.stated
        return open_questions(self.problem, route, self.entries) if route is not None else ()

    @property
    def is_certain(self) -> bool:
        """Whether some route has no gate left that nobody can answer."""
        return any(not open_questions(self.problem, route, self.entries) for route in self.routes)


def rests_on_one(problem: RouteProblem, companies: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Firms that alone can do some task, with the tasks."""
    found: dict[str, list[str]] = {}
    for task, weeks in zip(problem.tasks, problem.weeks, strict=True):
        firms = {companies[int(site)] for site in np.flatnonzero(np.isfinite(weeks))}
        if len(firms) == 1:
            found.setdefault(firms.pop(), []).append(task.name)
    return {firm: tuple(tasks) for firm, tasks in found.items()}
