"""Temperatures of assembly in order: what each later step does to the joints that are there already.

A joint that melts again fails only where nothing holds its parts: bumps under cured underfill and chips cast in mould
stay where they are. A polymer above its glass transition is soft and whole again when cold; above its decomposition it
is gone. Heat that stays local, of a seam weld or a laser, is no heat to the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from packfirst.inputs import Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """One step of the assembly: what the whole part sees in it, and which joints it makes or sets free to melt."""

    name: str
    peak: Input  # [K]
    makes: tuple[str, ...] = ()  # places of joints
    holds: tuple[str, ...] = ()  # joints that are held from here on: cast or underfilled
    local: bool = False  # heat that reaches the joint alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """A joint by its place, with what it stands.

    Attributes
    ----------
    stands : Input
        Temperature at which it gives way: its remelt, the raised remelt where the joint has become something else,
        or its decomposition. [K]
    gives_way : str
        "melts", "decomposes" or "softens": what happens there.
    may_melt_held : bool
        Whether melting does no harm where it is held.
    needed : bool
        False for a joint whose melting does harm but breaks nothing by itself, such as solder between die and lid.
    """

    place: str
    joint: str
    stands: Input
    gives_way: str
    may_melt_held: bool = False
    needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The hottest that a joint gets after it was made, where that matters; `margin_k` is positive when it stands it."""

    joining: Joining
    heat: Heat
    held: bool

    @property
    def margin_k(self) -> float:
        """Room between the step's peak and what the joint stands. [K]"""
        return self.joining.stands.value - self.heat.peak.value


def exposures(joinings: Sequence[Joining], heats: Sequence[Heat]) -> tuple[Exposure, ...]:
    """The step that comes nearest to undoing each joint, in the order in which joints are made.

    Steps in which a held joint may melt again, and local heat, do not count. A joint that no later step reaches is left
    out.

    Raises
    ------
    ValueError
        A joint that no step makes: the route and the construction contradict each other.
    """
    found = []
    for joining in joinings:
        made = next((n for n, heat in enumerate(heats) if joining.place in heat.makes), None)
        if made is None:
            raise ValueError(f"no step of the route makes the joint of {joining.place}")
        holding = next(
            (n for n, heat in enumerate(heats) if n >= made and joining.place in heat.holds), len(heats)
        )
        worst: Exposure | None = None
        for number, heat in enumerate(heats[made + 1 :], start=made + 1):
            held = number > holding
            harmless = held and joining.may_melt_held and joining.gives_way == "melts"
            if heat.local or harmless:
                continue
            if worst is None or heat.peak.value > worst.heat.peak.value:
                worst = Exposure(joining=joining, heat=heat, held=held)
        if worst is not None:
            found.append(worst)
    return tuple(found)


def harmless_remelts(
    joinings: Sequence[Joining], heats: Sequence[Heat]
) -> tuple[tuple[str, str, float], ...]:
    """(place, step, degrees above the remelt) of held joints that melt again without harm, for the reader. [K]"""
    found = []
    for joining in joinings:
        made = next((n for n, heat in enumerate(heats) if joining.place in heat.makes), 0)
        holding = next(
            (n for n, heat in enumerate(heats) if n >= made and joining.place in heat.holds), len(heats)
        )
        for number, heat in enumerate(heats):
            over = heat.peak.value - joining.stands.value
            if number > holding and joining.may_melt_held and not heat.local and over > 0.0:
                found.append((joining.place, heat.name, over))
    return tuple(found)
