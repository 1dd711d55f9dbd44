"""From the tree to bodies: layers that touch, die between joint and lid, bridges in their substrate, own names."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from tests.architecture.cases import catalog, of_every_carrier, package_of, packages, pick, program, small

from packfirst.architecture.architecture import BOARD, LAMINATE
from packfirst.architecture.candidate import space

PICO = 1e-12


@pytest.fixture(params=range(20))
def of_example(request):
    """(Architecture, Package) of one of the example's candidates."""
    return packages(20)[request.param]


@pytest.fixture(params=range(68))
def of_any(request):
    """The same, and two on every technology of the catalog that carries die."""
    return (*packages(20), *of_every_carrier(2))[request.param]


def floors(architecture):
    """(mount, parent, floor) of the whole tree, counted from the layers and joints alone."""
    root = architecture.tree

    def below(mount, parent, floor):
        yield mount, parent, floor
        top = (
            floor + (mount.joint.height_m if mount.joint else 0.0) + sum(x.thickness_m for x in mount.layers)
        )
        for child in mount.children:
            depth = sum(x.thickness_m for x in child.layers)
            yield from below(child, mount, top - depth if child.embedded else top)

    yield from below(root, None, 0.0 if root.id == LAMINATE else -root.layers[0].thickness_m)


def flat(rect):
    return rect.x0, rect.x1, rect.y0, rect.y1


def test_every_body_has_a_volume_and_a_name_of_its_own(of_any):
    _, package = of_any
    boxes = package.boxes_m
    assert (boxes[:, 1::2] > boxes[:, ::2]).all()
    names = Counter(body.id for body in package.bodies)
    assert max(names.values()) == 1
    assert {item.body for item in package.fields} <= set(names)
    assert {item.body for item in package.die} <= set(names)
    assert package.sink.body in names


def test_layers_touch_from_the_board_to_the_last_die(of_any):
    """Each mount's joint lies on its parent's top, each layer on the one below."""
    architecture, package = of_any
    there = {(body.role, tuple(np.round(body.box_m, 12))) for body in package.bodies}
    for mount, _, floor in floors(architecture):
        z = floor
        if mount.joint:
            box = (*flat(mount.rect), z, z + mount.joint.height_m)
            assert (mount.joint.role, tuple(np.round(box, 12))) in there
            z += mount.joint.height_m
        for layer in mount.layers:
            box = (*flat(mount.rect), z, z + layer.thickness_m)
            assert (layer.role, tuple(np.round(box, 12))) in there
            z += layer.thickness_m


def test_die_lie_inside_the_body_and_under_its_cover(of_any):
    architecture, package = of_any
    body = architecture.body
    covers = [b for b in package.bodies if b.role in ("lid_foot", "wall")]
    plates = [b for b in package.bodies if b.role == "lid"]
    for place in package.die:
        x0, x1, y0, y1, z0, z1 = package.body(place.body).box_m
        assert body.x0 - PICO <= x0 < x1 <= body.x1 + PICO
        assert body.y0 - PICO <= y0 < y1 <= body.y1 + PICO
        for plate in plates:
            assert z1 <= plate.box_m[4] + PICO
        for foot in covers:
            fx0, fx1, fy0, fy1, fz0, fz1 = foot.box_m
            clear = x1 <= fx0 or fx1 <= x0 or y1 <= fy0 or fy1 <= y0 or z1 <= fz0 or fz1 <= z0
            assert clear, (place.id, foot.id)


def test_a_die_lies_between_its_joint_and_its_interface(of_any):
    """The interface fills what is left under the lid over every die that carries no other; the highest meets it."""
    architecture, package = of_any
    joints, tops = {}, []
    for body in package.bodies:
        if body.role in ("bumps", "bond", "attach"):
            joints[body.owner] = body
    lids = package.of_role("lid")
    carrying = {place.base for place in package.die}
    for place in package.die:
        mine = [b for b in package.bodies if b.owner == place.id and b.role in ("die", "back_end")]
        low, high = min(b.box_m[4] for b in mine), max(b.box_m[5] for b in mine)
        assert joints[place.id].box_m[5] == pytest.approx(low, abs=PICO)
        over = [b for b in package.of_role("lid_interface") if b.owner == place.id]
        if architecture.cover.interface and place.id not in carrying:
            tops.append(high)
            assert [b.box_m[4] for b in over] == pytest.approx([package.body(place.body).box_m[5]], abs=PICO)
            assert [b.box_m[5] for b in over] == pytest.approx([lids[0].box_m[4]], abs=PICO)
    if architecture.cover.interface:
        bond_line = catalog().record("interface", architecture.cover.interface)["thickness"]
        assert lids[0].box_m[4] - max(tops) == pytest.approx(bond_line, abs=PICO)


def test_terminals_fit_the_body(of_any):
    architecture, package = of_any
    terminals, body = package.terminals, architecture.body
    assert terminals.columns * terminals.pitch_m <= body.width * (1 + 1e-9)
    assert terminals.rows * terminals.pitch_m <= body.height * (1 + 1e-9)
    if package.sink.face == "top":
        assert architecture.tree.id == BOARD
        assert package.of_role("board")[0].box_m[5] == 0.0


def test_bridges_are_flush_in_their_parent_and_reach_under_both_die(of_any):
    architecture, package = of_any
    for mount, parent, _ in floors(architecture):
        if mount.kind != "bridge":
            continue
        body = package.body(mount.id)
        tops = [
            b.box_m[5]
            for b in package.bodies
            if b.id.startswith(parent.id) and b.role == parent.layers[0].role
        ]
        assert body.box_m[5] == pytest.approx(max(tops), abs=PICO)
        assert body.thickness_m < sum(layer.thickness_m for layer in parent.layers)
        over = [
            d for d in architecture.placement.die if not d.base and d.rect.overlaps(mount.rect)
        ]  # fmt: skip
        assert len(over) >= 2


def test_painting_leaves_no_die_covered(of_example):
    """A later body that reached into a die would take its place: only what stands in a structural fill may."""
    _, package = of_example
    for number, body in enumerate(package.bodies):
        if body.role not in ("die", "back_end", "bumps", "bond", "lid_interface", "lid"):
            continue
        a = np.array(body.box_m)
        for later in package.bodies[number + 1 :]:
            b = np.array(later.box_m)
            meet = np.minimum(a[1::2], b[1::2]) - np.maximum(a[::2], b[::2])
            assert meet.min() < 1e-9 or body.material == later.material, (body.id, later.id)


def test_the_product_s_height_by_hand():
    """Balls, laminate, bumps, interposer, micro-bumps, a memory stack, the bond line and the lid."""
    _, package = package_of(program(), pick("si_interposer_cowos_s"))
    carrier, rules = catalog().record("technology", "si_interposer_cowos_s"), catalog().record("rule", "body")
    wanted = (
        rules["ball_height_ratio"] * 1e-3 + carrier["thickness_substrate"] + carrier["c4_bump_height"]
        + carrier["thickness_interposer"] + carrier["microbump_height"] + 720e-6
        + catalog().record("interface", "tim1_gel")["thickness"] + carrier["thickness_lid"]
    )  # fmt: skip
    assert max(b.box_m[5] for b in package.bodies) == pytest.approx(wanted)


def test_a_stack_is_as_high_as_the_memory_beside_it():
    for carrier in ("si_interposer_cowos_s", "bridge_emib", "organic_mcm"):
        _, package = package_of(program(), pick(carrier))
        tops = {package.body(d.body).box_m[5] for d in package.die if d.base or d.part}
        assert max(tops) - min(tops) < PICO


def test_a_base_of_full_wafer_thickness_is_ground_until_the_stack_fits():
    item = pick("si_interposer_cowos_s")
    _, package = package_of(program(), replace(item, stack="hybrid_bond_w2w"))
    assert catalog().record("technology", "hybrid_bond_w2w")["thickness_base_die"] > 720e-6
    tops = {package.body(d.body).box_m[5] for d in package.die if d.base or d.part}
    assert max(tops) - min(tops) < PICO


@pytest.mark.parametrize("name", ["bridge", "lid_foot", "laminate", "wall", "lid", "mould", "board", "a_0"])
def test_a_block_may_be_called_what_we_call_a_part_of_the_body(name):
    made = small(
        {name: {"area_mm2": 50.0, "splits": [2]}, "a": {"area_mm2": 50.0, "stacks_on": [name], "splits": [2]}},
        {"hbm": 2}, [(name, "hbm"), (name, "a"), (name, name)],
    )  # fmt: skip
    every = space(made, catalog())
    for row in range(0, len(every), 2):
        _, package = package_of(made, every.candidate(row))
        assert len({b.id for b in package.bodies}) == len(package.bodies)


def test_balls_enough_for_current_and_signals():
    """724 W at 0.8 V are 905 A: 1810 balls of 0.5 A and as many back, 600 signals with 200 grounds."""
    for carrier in ("si_interposer_cowos_s", "bridge_emib", "organic_mcm"):
        architecture, package = package_of(program(), pick(carrier))
        assert package.terminals.count >= 2 * 1810 + 600 + 200
        least = architecture.placement.outline.grown(5e-3)
        fits = int(least.width / 1e-3) * int(least.height / 1e-3)
        assert package.terminals.count >= fits
    # 72 by 62: eight more each way than the 64 by 54 that the interposer and its margins hold.
    _, product = package_of(program(), pick("si_interposer_cowos_s"))
    assert (product.terminals.columns, product.terminals.rows) == (72, 62)
