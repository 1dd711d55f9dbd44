"""What the terminals of a package are for: signals, their returns, supply and its return."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Terminals by what they carry."""

    signal: int
    signal_return: int
    supply: int
    supply_return: int
    spare: int  # of the pattern as drawn

    @property
    def needed(self) -> int:
        return self.signal + self.signal_return + self.supply + self.supply_return


def counts(needed: int, signals: int, returns: int, drawn: int) -> Counts:
    """Splits what a package needs: its signals, their returns, and of the rest half each for supply and return.

    Parameters
    ----------
    needed : int
        All terminals that current and signals ask for.
    signals, returns : int
        Of these, signals and the terminals that carry their return current.
    drawn : int
        Terminals of the pattern.
    """
    supply = (needed - signals - returns) // 2
    return Counts(
        signal=signals, signal_return=returns, supply=supply, supply_return=needed - signals - returns - supply,
        spare=max(drawn - needed, 0),
    )  # fmt: skip


def round_the_edge(width_m: float, height_m: float, pitch_m: float) -> int:
    """Leads or lands in one row round the four sides of a body, none in its corners."""
    sides = (int(side / pitch_m * (1.0 + 1e-9)) - 1 for side in (width_m, height_m))
    return 2 * sum(max(side, 0) for side in sides)
