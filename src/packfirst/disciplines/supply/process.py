"""The process as stays at sites: an in-tree of tasks, since wafers, substrates and lids are made side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from packfirst.errors import EXIT_BAD_INPUT, PackfirstError


class BadProcess(PackfirstError):
    """The tasks do not form a process: a cycle, a task that feeds two, an index that points nowhere."""

    exit_code = EXIT_BAD_INPUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One stay at one site: `needs` are done there together, after the tasks of `after` have arrived."""

    name: str
    needs: tuple[str, ...]
    after: tuple[int, ...] = ()


def check_process(tasks: Sequence[Task]) -> None:
    """BadProcess where the tasks are no in-tree: each feeds one other, the last feeds none, no cycle."""
    feeds: dict[int, int] = {}
    for index, task in enumerate(tasks):
        for before in task.after:
            if not 0 <= before < len(tasks):
                raise BadProcess(f"task {task.name!r} comes after task {before}, and there is none")
            if before >= index:
                raise BadProcess(
                    f"task {task.name!r} comes after {tasks[before].name!r}, which follows it: a cycle"
                )
            if before in feeds:
                first = tasks[feeds[before]].name
                raise BadProcess(
                    f"task {tasks[before].name!r} feeds both {first!r} and {task.name!r}: choose one"
                )
            feeds[before] = index
    loose = [task.name for index, task in enumerate(tasks) if index not in feeds]
    if len(loose) != 1:
        said = f"ends in {len(loose)} tasks, {', '.join(loose)}" if loose else "has no tasks"
        raise BadProcess(f"the process {said}: it needs one last task")


def process_tasks(
    steps: Sequence[tuple[str, Sequence[str]]], carriers: Sequence[str] = (), join: int = 0
) -> tuple[Task, ...]:
    """Tasks of a technology's route; those of the carriers first, so that the wafers' first is `len(carriers)`.

    Parameters
    ----------
    steps : sequence of (name, needs)
        In order. Each need is a stay of its own; steps without a need are done wherever the part is. The same
        need twice running is one stay, since a half-built lot does not travel.
    carriers : sequence of str
        Bought-in parts, each made on a branch of its own.
    join : int
        Index of the step that the carriers must have reached.
    """
    tasks = [Task(name=need, needs=(need,)) for need in carriers]
    waiting = tuple(range(len(tasks)))
    last = -1
    for index, (name, needs) in enumerate(steps):
        for need in needs:
            joins = waiting if index >= join else ()
            if last >= 0 and tasks[last].needs == (need,) and not joins:
                continue
            tasks.append(Task(name=name, needs=(need,), after=(*((last,) if last >= 0 else ()), *joins)))
            waiting = () if joins else waiting
            last = len(tasks) - 1
    if waiting:
        raise BadProcess("no step with a need follows the bought-in parts: set where they join")
    return tuple(tasks)
