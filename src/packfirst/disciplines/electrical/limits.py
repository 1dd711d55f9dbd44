"""Whether each Link gets off its die, across the carrier and into the other: pitch, escape, edge, reach."""

from collections.abc import Iterator

import numpy as np

from packfirst.architecture.placement import Connection
from packfirst.catalog.record import Record
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.electrical import channel, link_energy, records
from packfirst.inputs import Input
from packfirst.limit import Fact, Identity, Limit, NotAssessed
from packfirst.program.model import Link

MODEL = "electrical/escape"
# One standard deviation of the escape count as a share of it: on the published layouts that the model is tested
# with (UCIe modules, BoW slices) it is exact or a row off; a real field also routes around its supply. Assumed.
ESCAPE_ERROR = 0.10
# And of a wire's length: on BoW's worked example the model is 10 % short.
REACH_ERROR = 0.10
BASIS = (
    "escape by layers, lands and bumps; link standards' modules, pitch and reach",
    "links carry their full traffic in every mode",
)
UM, MM, MM2 = 1e-6, 1e-3, 1e-6
_BINDS = ("wires on the routing layers", "channels between the lands", "bumps")


class Electrical:
    """Lanes, bumps, edge, rate and reach of each Link on its interface, and the power it takes."""

    name = "electrical"
    needs = ()
    gives = ("link_power", "link_bandwidth")

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.electrical.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        limits: list[Limit | NotAssessed] = []
        given: list[Fact] = []
        rows: list[tuple[object, ...]] = []
        power: dict[
            str, dict[str, float]
        ] = {}  # die -> slopes by Input id of its link power, in full traffic
        total: dict[str, float] = {}
        for name, link in case.program.links.items():
            here = [item for item in case.architecture.placement.connections if item.link == name]
            if not here:
                given.append(_bandwidth(name, link.bandwidth, 1.0))
                continue  # both ends share a die: its own wiring carries the link
            vertical = here[0].is_vertical
            modes = records.modes_of(case.program, case.catalog, link, vertical=vertical)
            if not modes:
                identity = Identity(discipline=self.name, kind="standard", subject=f"link:{name}")
                how = "stacked die" if vertical else "die beside each other"
                missing = f"a standard for {how} among program/links.{name}.standards"
                limits.append(NotAssessed(identity=identity, missing=(missing,)))
                continue
            ask = _stacked if vertical else _beside
            found, chosen, share, row = ask(case, rung, name, link, here, modes)
            limits += found
            rows.append(row)
            given.append(_bandwidth(name, link.bandwidth, share))
            if not any(end in case.program.bought for end in link.between):
                _add_power(here, link, chosen, total, power)
        # A Program says no traffic by mode, and a share taken from powers would let more power mean less heat.
        given += [
            Fact(name="link_power", subject=die, mode=mode, value=watts, sensitivities=power[die])
            for mode in case.program.modes for die, watts in total.items()
        ]  # fmt: skip
        return Outcome(limits=tuple(limits), facts=tuple(given), details={"links": rows})


DISCIPLINE = Electrical()


def _bandwidth(name: str, wanted: Input, share: float) -> Fact:
    return Fact(
        name="link_bandwidth", subject=name, value=wanted.value * share, sensitivities={wanted.id: share}
    )


def _add_power(
    here: list[Connection],
    link: Link,
    mode: Record,
    total: dict[str, float],
    power: dict[str, dict[str, float]],
) -> None:
    """Half of each connection's power to the die at either end. A bought part's stated power holds its own link."""
    energy = mode.input("energy_per_bit")
    for item in here:
        carried = link.bandwidth.value * item.bandwidth_share
        watts = float(link_energy.link_power_w(energy.value, carried))
        for die in (item.a, item.b):
            total[die] = total.get(die, 0.0) + watts / 2.0
            slopes = power.setdefault(die, {})
            slopes[energy.id] = slopes.get(energy.id, 0.0) + watts / 2.0 / energy.value
            slopes[link.bandwidth.id] = (
                slopes.get(link.bandwidth.id, 0.0) + watts / 2.0 / link.bandwidth.value
            )


def _limit(
    kind: str, name: str, rung: str, *, demand: float, capacity: float, unit: str, slopes: dict[str, float],
    error: float, says: str, sources: set[str],
) -> Limit:  # fmt: skip
    return Limit(
        identity=Identity(discipline="electrical", kind=kind, subject=f"link:{name}"), demand=demand,
        capacity=capacity, unit=unit, hard=True, rung=rung, sensitivities=slopes, model=f"{MODEL}/{kind}",
        model_error=error, basis=(*BASIS, *sorted(sources - {""})), explanation=says,
    )  # fmt: skip


def _room_m(case: Case, item: Connection) -> float:
    """Die edge that a connection may use. [m]

    Bridges and fine sheets carry wires straight across the gap, so that only facing edges count. Laminate and
    ceramic reach far: there wires fan out from the whole side, which all connections on that side share.
    """
    built = case.architecture.construction
    return item.facing_m if built.sheet or built.bridges else max(item.facing_m, item.side_m)


def _beside(
    case: Case, rung: str, name: str, link: Link, here: list[Connection], modes: list[Record]
) -> tuple[list[Limit], Record, float, tuple[object, ...]]:
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    found = channel.carried(
        [link.bandwidth.value * item.bandwidth_share for item in here],
        [_room_m(case, item) for item in here], [item.gap_m for item in here],
        records.surface(carrier), records.arrays(modes, records.bought_part(case.program, case.catalog, link)),
    )  # fmt: skip
    # The pair that is worst off sets the mode for all: one design of the interface serves every die.
    best_share = found.share.max(axis=-1)
    worst = int(np.argmin(best_share))
    number = int(found.best[worst])
    mode = modes[number]
    share = float(found.share[:, number].min())
    row = (
        name, mode.id, float(found.modules[worst, number] * mode["lanes_per_module"]),
        float(found.signals[worst, number]), float(found.capacity[worst, number]), float(found.edge_m[worst, number]),
        _room_m(case, here[worst]), float(found.wire_m[worst, number]), len(here), share,
    )  # fmt: skip
    limits = list(_beside_limits(case, rung, name, link, here[worst], mode, found, worst, number, carrier))
    return limits, mode, share, row


def _beside_limits(
    case: Case, rung: str, name: str, link: Link, pair: Connection, mode: Record, found: channel.Carried, worst: int,
    number: int, carrier: Record,
) -> Iterator[Limit]:  # fmt: skip
    where, room = f"{pair.a} to {pair.b} on {carrier.id}", _room_m(case, pair)
    pitch, widest = carrier.input("bond_pitch"), mode.input("bump_pitch_max")
    yield _limit(
        "bump_pitch", name, rung, demand=pitch.value / UM, capacity=widest.value / UM, unit="um",
        slopes={pitch.id: -1.0 / UM, widest.id: 1.0 / UM}, error=0.0, sources={pitch.source, widest.source},
        says=f"{mode.name} allows bumps to {widest.value / UM:.0f} um; {carrier.name} has {pitch.value / UM:.0f} um",
    )  # fmt: skip
    signals, capacity = float(found.signals[worst, number]), float(found.capacity[worst, number])
    per_module, module_edge = mode.input("signals_per_module"), mode.input("module_edge")
    modules, edge = float(found.modules[worst, number]), float(found.edge_m[worst, number])
    bound = int(found.binding[worst, number])
    # Channels between lands are those under the modules, so that they grow with them.
    with_modules = capacity if bound == 1 and modules * module_edge.value < room else 0.0
    slopes = {per_module.id: -modules, module_edge.id: with_modules / module_edge.value}
    bought = any(end in case.program.bought for end in link.between)
    if not bought:  # the interface of a bought part is there whole, whatever it carries
        slopes[link.bandwidth.id] = (with_modules - signals) / link.bandwidth.value
    line, space, layers = (carrier.input(field) for field in ("line", "space", "signal_layers"))
    stated = carrier.get("io_edge_density")  # what the maker publishes stands for wires and lands
    if stated is not None and bound < 2:
        slopes[stated.id] = capacity / stated.value
    elif bound < 2:
        slopes[layers.id] = capacity / layers.value
        if bound == 0:
            both = line.value + space.value
            slopes |= {line.id: -capacity / both, space.id: -capacity / both}
    yield _limit(
        "escape", name, rung, demand=signals, capacity=capacity, unit="signals", slopes=slopes,
        error=ESCAPE_ERROR * capacity,
        sources={item.source for item in (line, layers, per_module, stated) if item is not None},
        says=f"{where}: {signals:.0f} signals of {mode.name} must leave {room / MM:.1f} mm of die edge; "
        f"{_BINDS[bound]} let out {capacity:.0f}",
    )  # fmt: skip
    edge_slopes = {module_edge.id: -edge / module_edge.value / MM}
    if not bought:
        edge_slopes[link.bandwidth.id] = -edge / link.bandwidth.value / MM
    yield _limit(
        "edge", name, rung, demand=edge / MM, capacity=room / MM, unit="mm",
        slopes=edge_slopes,
        error=0.0, sources={module_edge.source},
        says=f"{where}: {modules:.0f} modules of {mode.name} take {edge / MM:.2f} mm of die edge; "
        f"{room / MM:.2f} mm are there for them",
    )  # fmt: skip
    wire, most = float(found.wire_m[worst, number]), mode.input("reach")
    gap = records.die_gap(case.catalog, carrier)
    slopes = {most.id: 1.0 / MM, gap.id: -1.0 / MM}
    depth = records.depth(mode, records.bought_part(case.program, case.catalog, link))
    if depth is not None:
        slopes[depth.id] = -(wire - pair.gap_m) / depth.value / MM
    yield _limit(
        "reach", name, rung, demand=wire / MM, capacity=most.value / MM, unit="mm", slopes=slopes,
        error=REACH_ERROR * wire / MM,
        sources={most.source, gap.source},
        says=f"{where}: the longest wire runs {wire / MM:.2f} mm; {mode.name} reaches {most.value / MM:.1f} mm",
    )  # fmt: skip


def _stacked(
    case: Case, rung: str, name: str, link: Link, here: list[Connection], modes: list[Record]
) -> tuple[list[Limit], Record, float, tuple[object, ...]]:
    stack = case.catalog.record("technology", case.architecture.candidate.stack)
    pitch = stack.input("bond_pitch")
    wanted = np.array([link.bandwidth.value * item.bandwidth_share for item in here])
    overlap = np.array([item.overlap_m2 for item in here])
    data = np.array([record["data_fraction"] for record in modes])
    found = channel.carried_by_bonds(wanted, overlap, pitch.value, records.arrays(modes), data)
    worst = int(np.argmin(found.share.max(axis=-1)))
    number = int(found.best[worst])
    mode, pair = modes[number], here[worst]
    fraction, rate = mode.input("data_fraction"), mode.input("rate")
    area, share = float(found.area_m2[worst, number]), float(found.share[:, number].min())
    widest = mode.input("bump_pitch_max")
    limits = [
        _limit(
            "bond_pitch", name, rung, demand=pitch.value / UM, capacity=widest.value / UM, unit="um",
            slopes={pitch.id: -1.0 / UM, widest.id: 1.0 / UM}, error=0.0, sources={pitch.source, widest.source},
            says=f"{mode.name} works to {widest.value / UM:.0f} um; {stack.name} bonds at {pitch.value / UM:.1f} um",
        ),
        _limit(
            "bond_area", name, rung, demand=area / MM2, capacity=pair.overlap_m2 / MM2, unit="mm2",
            slopes={
                link.bandwidth.id: -area / link.bandwidth.value / MM2, fraction.id: area / fraction.value / MM2,
                rate.id: area / rate.value / MM2, pitch.id: -2.0 * area / pitch.value / MM2,
            },
            error=ESCAPE_ERROR * area / MM2, sources={fraction.source, rate.source, pitch.source},
            says=f"{pair.a} on {pair.b}: the bonds of {mode.name} take {area / MM2:.2f} mm2; the two die share "
            f"{pair.overlap_m2 / MM2:.0f} mm2",
        ),
    ]  # fmt: skip
    bonds = float(wanted[worst] / (rate.value / 8.0))
    row = (name, mode.id, bonds, bonds / fraction.value, float("inf"), 0.0, 0.0, 0.0, len(here), share)
    return limits, mode, share, row
