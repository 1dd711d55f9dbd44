"""Cost of an assembly, walked in process order.

A flow is a sequence of steps. At each step parts join, money is spent, some assemblies fail and some
of those are found and scrapped with all that was put into them. A flow's result can join another flow
as a part, so a tree (stack, then interposer, then substrate) is built from its leaves. The cost of
committing a die early is in the order of the steps and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.cost.ledger import Ledger, booked

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something bought or made that joins an assembly.

    Attributes
    ----------
    name : str
        What the engineer calls it.
    ledger : Ledger
        Cost of one accepted piece, by category.
    good : array_like
        Probability that an accepted piece works. One for a truly known good die.
    count : array_like
        Pieces per assembly; zero where a candidate does not use it.
    """

    name: str
    ledger: Ledger
    good: ArrayLike = 1.0
    count: ArrayLike = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One process step.

    Attributes
    ----------
    name : str
        What the engineer calls it.
    parts : tuple of Part
        What joins here, and is from here on at stake.
    assembly_usd, test_usd : array_like
        Cost of the step itself, per assembly that enters it.
    yield_ : array_like
        Probability that one placement succeeds, in (0, 1].
    placements : array_like
        How many times the step has to succeed: one for a yield per package, the number of die for a
        yield per die.
    detected : array_like
        Share of this step's failures that are found and scrapped right here. The rest travels on.
    coverage : array_like
        Probability that a bad assembly, whatever made it bad, is rejected at the end of the step.
        Zero for a step that does not test.
    """

    name: str
    parts: tuple[Part, ...] = ()
    assembly_usd: ArrayLike = 0.0
    test_usd: ArrayLike = 0.0
    yield_: ArrayLike = 1.0
    placements: ArrayLike = 1.0
    detected: ArrayLike = 1.0
    coverage: ArrayLike = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCost:
    """What one step did to one assembly that leaves it.

    Attributes
    ----------
    name : str
    added_usd : ndarray
        Value that joined: parts with all their own losses, work and test.
    lost_usd : ndarray
        Value scrapped here, borne by each assembly that goes on. The additions and losses of all
        steps sum to the cost of the result.
    survival : ndarray
        Share of the assemblies that go on.
    """

    name: str
    added_usd: Array
    lost_usd: Array
    survival: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFlow:
    """Result of a flow.

    Attributes
    ----------
    ledger : Ledger
        Cost of one assembly that leaves the flow, by category.
    good : ndarray
        Probability that it works: below one where a bad part or a failure escaped every test.
    steps : tuple of StepCost
        What each step added and lost, in process order.
    """

    ledger: Ledger
    good: Array
    steps: tuple[StepCost, ...]

    @property
    def cost_per_good_usd(self) -> Array:
        """All that was spent, over the assemblies that work. [USD]"""
        return np.asarray(self.ledger.total_usd / self.good)

    @property
    def ledger_per_good(self) -> Ledger:
        """Categories that sum to `cost_per_good_usd`: what escaped counts as lost."""
        return self.ledger.after_loss(self.good)

    @property
    def survival(self) -> Array:
        """Share of the assemblies started that leave the flow. [-]"""
        share: Array = np.ones(())
        for step in self.steps:
            share = share * step.survival
        return share

    def part(self, name: str, count: ArrayLike = 1.0) -> Part:
        """This assembly as a part of the next one."""
        return Part(name=name, ledger=self.ledger, good=self.good, count=count)


def flow(steps: Sequence[Step]) -> CostFlow:
    """Cost, quality and losses of an assembly process.

    Parameters
    ----------
    steps : sequence of Step
        In process order. Every number in them broadcasts: a table of candidates, or samples times
        candidates, is one call. A step that a candidate lacks is said by count 0, cost 0, yield 1.

    Raises
    ------
    ValueError
        If there is no step, or a number of a step is out of range; the message names the step.

    Notes
    -----
    With V the value in the assembly, g the probability that it is good, Y = yield^placements the
    step's yield, d the share of its failures that it detects and c its test coverage::

        V <- V + parts + work
        g <- g . product of the parts' (good^count)
        s1 = Y + (1 - Y)(1 - d)         the rest is scrapped, whether or not a bad die was on board
        g <- g Y / s1
        s2 = g + (1 - g)(1 - c)         the rest is rejected by the test
        g <- g / s2
        V <- V / (s1 s2)

    The parts are taken to fail independently of each other and of the steps. With d = 1, c = 0 and
    truly good parts this is Chiplet Actuary's arithmetic [1]_; with a coverage it is the yielded-cost
    walk of multichip modules [2]_.

    References
    ----------
    .. [1] Y. Feng, K. Ma, "Chiplet Actuary", DAC 2022, arXiv:2203.12268.
    .. [2] P. Sandborn, "Cost Analysis of Electronic Systems", 2nd ed., World Scientific, 2017,
       chapters 3 and 7.
    """
    if not steps:
        raise ValueError("a flow needs at least one step")
    ledger = Ledger()
    good: Array = np.ones(())
    record: list[StepCost] = []
    for step in steps:
        _check(step)
        work = booked(assembly_usd=step.assembly_usd, test_usd=step.test_usd)
        added = work
        for part in step.parts:
            added = added.plus(part.ledger.times(part.count))
            good = good * _power(part.good, part.count)
        ledger = ledger.plus(added)
        step_yield = _power(step.yield_, step.placements)
        kept = _kept(step_yield, step.detected)
        good = good * (step_yield / kept)
        accepted = _kept(good, step.coverage)
        good = good / accepted
        survival = np.asarray(kept * accepted)
        before_usd = ledger.total_usd
        ledger = ledger.after_loss(survival)
        record.append(
            StepCost(
                name=step.name,
                added_usd=added.total_usd,
                lost_usd=np.asarray(before_usd * (1.0 / survival - 1.0)),
                survival=survival,
            )
        )
    return CostFlow(ledger=ledger, good=np.asarray(good), steps=tuple(record))


def probed_die(
    name: str,
    *,
    raw_usd: ArrayLike,
    die_yield: ArrayLike,
    coverage: ArrayLike = 1.0,
    probe_usd: ArrayLike = 0.0,
    bump_usd: ArrayLike = 0.0,
    count: ArrayLike = 1.0,
) -> Part:
    """Die that passed wafer test.

    Parameters
    ----------
    name : str
    raw_usd : array_like
        Wafer cost over gross die.
    die_yield : array_like
        Share of good die, in (0, 1].
    coverage : array_like
        Probability that the probe rejects a bad die: 1 is a known good die, 0 is no test at all.
    probe_usd, bump_usd : array_like
        Probe of every die, bumps on every accepted die.
    count : array_like
        Die per assembly.

    Raises
    ------
    ValueError
        If a share lies outside its range.

    Notes
    -----
    Accepted share a = Y + (1 - Y)(1 - c), of which Y / a work. An accepted die carries the silicon of
    1/a die.
    """
    good_share = np.asarray(die_yield, dtype=np.float64)
    caught = np.asarray(coverage, dtype=np.float64)
    _within(f"die {name!r}: die_yield", good_share, above_zero=True)
    _within(f"die {name!r}: coverage", caught)
    accepted = _kept(good_share, caught)
    raw = np.asarray(raw_usd, dtype=np.float64)
    probe = np.asarray(probe_usd, dtype=np.float64)
    rejects = 1.0 / accepted - 1.0
    return Part(
        name=name,
        ledger=booked(
            die_raw_usd=raw + np.asarray(bump_usd, dtype=np.float64),
            die_defect_usd=raw * rejects,
            test_usd=probe,
            test_lost_usd=probe * rejects,
        ),
        good=np.asarray(good_share / accepted),
        count=count,
    )


def carrier(name: str, *, raw_usd: ArrayLike, carrier_yield: ArrayLike = 1.0, count: ArrayLike = 1.0) -> Part:
    """Interposer, redistribution layer or substrate, of which only good ones are used.

    Parameters
    ----------
    name : str
    raw_usd : array_like
        Cost of one before any is thrown away.
    carrier_yield : array_like
        Share that is good, in (0, 1]. A redistribution layer built onto the die has no yield of its
        own to be chosen by: give that one to the step instead.
    count : array_like
        Pieces per assembly.

    Raises
    ------
    ValueError
        If the yield lies outside (0, 1].
    """
    good_share = np.asarray(carrier_yield, dtype=np.float64)
    _within(f"carrier {name!r}: carrier_yield", good_share, above_zero=True)
    raw = np.asarray(raw_usd, dtype=np.float64)
    return Part(
        name=name,
        ledger=booked(carrier_raw_usd=raw, carrier_defect_usd=raw * (1.0 / good_share - 1.0)),
        count=count,
    )


def with_nre(result: CostFlow, nre_per_good_usd: ArrayLike) -> CostFlow:
    """The same flow with a share of the development cost on each good part.

    Parameters
    ----------
    result : CostFlow
        Of the finished product: development is spread over what is sold, so it is added last.
    nre_per_good_usd : array_like
        Development cost over the good parts that it is spread on.
    """
    # The ledger is per assembly that leaves; dividing by `good` later restores the amount.
    share = np.asarray(nre_per_good_usd, dtype=np.float64) * result.good
    return CostFlow(ledger=result.ledger.plus(booked(nre_usd=share)), good=result.good, steps=result.steps)


def _power(base: ArrayLike, exponent: ArrayLike) -> Array:
    return np.asarray(np.asarray(base, dtype=np.float64) ** np.asarray(exponent, dtype=np.float64))


def _kept(good: Array, found: ArrayLike) -> Array:
    # This way round, because it is `good` to the last bit when everything bad is found: no share above one.
    return np.asarray(good + (1.0 - good) * (1.0 - np.asarray(found, dtype=np.float64)))


def _check(step: Step) -> None:
    where = f"step {step.name!r}: "
    _within(where + "yield_", np.asarray(step.yield_, dtype=np.float64), above_zero=True)
    _within(where + "detected", np.asarray(step.detected, dtype=np.float64))
    _within(where + "coverage", np.asarray(step.coverage, dtype=np.float64))
    if not np.all(np.asarray(step.placements, dtype=np.float64) >= 0.0):
        raise ValueError(where + "placements must be zero or more")
    for part in step.parts:
        _within(where + f"{part.name}: good", np.asarray(part.good, dtype=np.float64), above_zero=True)
        if not np.all(np.asarray(part.count, dtype=np.float64) >= 0.0):
            raise ValueError(where + f"{part.name}: count must be zero or more")


def _within(what: str, share: Array, *, above_zero: bool = False) -> None:
    low_enough = np.all(share <= 1.0)
    high_enough = np.all(share > 0.0) if above_zero else np.all(share >= 0.0)
    if not (low_enough and high_enough):
        raise ValueError(f"{what} must lie in {'(0, 1]' if above_zero else '[0, 1]'}")
