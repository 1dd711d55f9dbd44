"""Heat, money and area: what goes in comes out, on whole assessments."""

import numpy as np
import pytest

from packfirst.disciplines.case import Facts
from packfirst.disciplines.thermal.properties import conductivity, way_out

from .example import AIR, CHOSEN, STACKED, assessed, case, catalog, program

EVERY = {**CHOSEN, "stacked in forced air": AIR}


def link_watts(candidate) -> float:
    """Power of all links between our own die, from what each pair of die carries."""
    found = assessed(candidate)
    modes = {row[0]: row[1] for row in found.outcomes["electrical"].details["links"]}
    total = 0.0
    for item in found.architecture.placement.connections:
        link = program().links[item.link]
        if not set(link.between) & set(program().bought):
            energy = catalog().record("link", modes[item.link])["energy_per_bit"]
            total += 8.0 * energy * link.bandwidth.value * item.bandwidth_share
    return total


@pytest.mark.parametrize("name", EVERY)
def test_die_powers_are_the_stated_powers_and_those_of_the_links(name: str) -> None:
    table = assessed(EVERY[name]).outcomes["thermal"].details["die"]
    links = link_watts(EVERY[name])
    assert links > 1.0
    for mode, item in program().modes.items():
        stated = sum(power.value for power in item.power.values()) * program().accuracy.power.value
        die = sum(watts for _, there, watts, _, _ in table if there == mode)
        assert die == pytest.approx(stated + links, rel=1e-12)


@pytest.mark.parametrize("name", EVERY)
def test_the_solver_balances_heat(name: str) -> None:
    details = assessed(EVERY[name]).outcomes["thermal"].details
    assert len(details["balance"]) == len(program().modes)
    assert max(abs(item) for item in details["balance"]) < 1e-6


def heat_out(candidate, mode: int) -> float:
    """Heat that the films take, from the temperatures of the outermost cells alone. [W]

    Written from the boundary conditions, not from the solver: each outer face gives (T - fluid) / (1/h + half its
    cell through its own conductivity) per area.
    """
    found, own = assessed(candidate), case(candidate)
    details = found.outcomes["thermal"].details
    mesh, label, field = details["mesh"], details["label"], details["temperature_k"][mode]
    bodies = own.package.bodies
    through = np.array(
        [conductivity(b, own.package.field_of(b.id), program(), catalog()).through for b in bodies]
    )
    role = np.array([body.role for body in bodies])
    dx, dy, dz = mesh.sizes_m
    area = np.outer(dx, dy)
    film, _ = way_out(catalog().record("thermal_path", candidate.thermal_path))
    top = label.shape[2] - 1 - np.argmax(label[:, :, ::-1] >= 0, axis=2)
    total = 0.0
    air, board = program().environment.air.value, program().board
    for i in range(label.shape[0]):
        for j in range(label.shape[1]):
            if not (label[i, j] >= 0).any():
                continue
            k = top[i, j]
            body = label[i, j, k]
            lid = role[body] == "lid"
            h, reference = (film, details["fluid_k"]) if lid else (board.film_above.value, air)
            total += area[i, j] * (field[i, j, k] - reference) / (1.0 / h + dz[k] / 2.0 / through[body])
            low = np.argmax(label[i, j] >= 0)
            total += (
                area[i, j] * (field[i, j, low] - air)
                / (1.0 / board.film_below.value + dz[low] / 2.0 / through[label[i, j, low]])
            )  # fmt: skip
    return float(total)


@pytest.mark.parametrize("name", EVERY)
def test_heat_out_of_the_faces_is_the_heat_of_the_die(name: str) -> None:
    table = assessed(EVERY[name]).outcomes["thermal"].details["die"]
    for number, mode in enumerate(program().modes):
        heat_in = sum(watts for _, there, watts, _, _ in table if there == mode)
        # to the solver's residual, which is a millionth of the whole
        assert heat_out(EVERY[name], number) == pytest.approx(heat_in, rel=1e-5)


@pytest.mark.parametrize("name", EVERY)
def test_the_cost_ledger_sums_to_the_cost_of_a_good_part(name: str) -> None:
    found = assessed(EVERY[name])
    ledger = found.outcomes["cost"].details["ledger_usd"]
    assert sum(ledger.values()) == pytest.approx(found.metrics["cost"].value, rel=1e-9)
    assert all(value >= 0.0 for value in ledger.values())
    assert ledger["die_raw_usd"] > 0.0
    assert ledger["nre_usd"] > 0.0


def test_bought_memory_is_in_the_ledger_at_its_price() -> None:
    """Without memory, and with all else the same, the raw silicon of a part is cheaper by what the memory costs."""
    name = "catalog/part/hbm3_12h/cost"
    price = catalog().input(name).value
    from packfirst.disciplines.cost.limits import DISCIPLINE

    def raw(usd: float) -> float:
        found = DISCIPLINE.limits(case(STACKED, None, catalog().with_value(name, usd)), Facts(), "plan")
        return found.details["ledger_usd"]["die_raw_usd"]

    assert raw(price) - raw(price / 2.0) == pytest.approx(
        program().bought["hbm"].count * price / 2.0, rel=1e-9
    )


@pytest.mark.parametrize("name", CHOSEN)
def test_die_of_a_group_have_the_area_of_its_blocks_and_of_its_cuts(name: str) -> None:
    """On its own node a group's silicon is the block's area, its accuracy and the interfaces that cutting adds."""
    overhead = catalog().input("catalog/cost_parameter/die_to_die/area_share").value
    package = assessed(CHOSEN[name]).package
    for group in CHOSEN[name].partition.groups:
        block = program().blocks[group.blocks[0]]
        links_itself = group.blocks[0] == "fabric"
        cut = 1.0 + (overhead * (group.count**0.5 - 1.0) if links_itself else 0.0)
        silicon = sum(package.body(die.body).footprint_m2 for die in package.die if die.group == group.name)
        assert silicon == pytest.approx(block.area.value * cut, rel=1e-9)


def visible_m2(candidate, z_m: float) -> dict[str, float]:
    """Area of each body that is there at a height, painted on the thermal grid. [m2]"""
    details = assessed(candidate).outcomes["thermal"].details
    mesh, label = details["mesh"], details["label"]
    level = int(np.searchsorted(mesh.z_m, z_m)) - 1
    area = np.outer(*mesh.sizes_m[:2])
    found: dict[str, float] = {}
    for number in np.unique(label[:, :, level]):
        if number >= 0:
            body = assessed(candidate).package.bodies[number]
            found[body.id] = float(area[label[:, :, level] == number].sum())
    return found


@pytest.mark.parametrize("name", CHOSEN)
def test_every_level_of_the_package_is_filled_once(name: str) -> None:
    """At each height: what stands within the lid's outline has the lid's area, whoever covers whom."""
    package = assessed(CHOSEN[name]).package
    lid, laminate = package.body("lid"), next(b for b in package.bodies if b.role == "laminate")
    floor = max(body.box_m[5] for body in package.of_role("laminate"))
    levels = assessed(CHOSEN[name]).outcomes["thermal"].details["mesh"].z_m
    for z in (levels[1:] + levels[:-1]) / 2.0:
        there = visible_m2(CHOSEN[name], z)
        if z > lid.box_m[4] or floor < z:
            assert sum(there.values()) == pytest.approx(lid.footprint_m2, rel=1e-9)
        elif z > 0.0:
            assert sum(there.values()) == pytest.approx(laminate.footprint_m2, rel=1e-9)
        else:
            board = program().board
            assert sum(there.values()) == pytest.approx(board.size_x.value * board.size_y.value, rel=1e-9)


@pytest.mark.parametrize("name", CHOSEN)
def test_each_die_has_its_whole_footprint_on_the_grid(name: str) -> None:
    package = assessed(CHOSEN[name]).package
    for die in package.die:
        body = package.body(die.body)
        middle = (body.box_m[4] + body.box_m[5]) / 2.0
        assert visible_m2(CHOSEN[name], middle)[die.body] == pytest.approx(body.footprint_m2, rel=1e-9)


def test_stacked_die_and_filler_silicon_cover_their_base() -> None:
    package = assessed(STACKED).package
    for base in [die for die in package.die if die.group == "fabric"]:
        upper = [die for die in package.die if die.base == base.id]
        assert len(upper) == 2
        there = visible_m2(STACKED, package.body(upper[0].body).box_m[5] - 1e-6)
        covered = sum(there[die.body] for die in upper) + there[f"{base.id}_structural"]
        assert covered == pytest.approx(package.body(base.body).footprint_m2, rel=1e-9)
