"""What a construction must be to pass a class at all, clause by clause."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from packfirst.disciplines.qualification.path.steps import UNREAD, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One demand of a class on the construction: any feature of `asks`, and none of `refuses`."""

    asks: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    clause: str
    text: str
    instead: str = ""  # level that takes such a construction
    status: str = UNREAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A gate held against a construction.

    Attributes
    ----------
    state : str
        "open" or "closed"; "unread" where only a clause that nobody has read would close it: such a rule may
        warn, it neither passes nor rejects.
    """

    gate: Gate
    state: str
    why: str


def passages(gates: Iterable[Gate], features: Collection[str]) -> tuple[Passage, ...]:
    """Every gate of a class held against a construction's features."""
    return tuple(_passage(gate, features) for gate in gates)


def _passage(gate: Gate, features: Collection[str]) -> Passage:
    lacking = [] if not gate.asks or any(item in features for item in gate.asks) else list(gate.asks)
    against = [item for item in gate.refuses if item in features]
    if not lacking and not against:
        return Passage(gate=gate, state="open", why=gate.text)
    found = f"has no {_bare(lacking[0])}" if lacking else f"has {plain(against[0])}"
    why = f"{gate.text} ({gate.clause}), and this construction {found}"
    return Passage(gate=gate, state="unread" if gate.status == UNREAD else "closed", why=why)


def _bare(feature: str) -> str:
    return plain(feature).removeprefix("a ")
