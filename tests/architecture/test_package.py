"""Packages: their hash, quarter turns, cut layers, and volumes that close."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.architecture.cases import catalog, data, example, package_of, packages, pick, program

from packfirst.architecture.architecture import build
from packfirst.architecture.elaborate import elaborate
from packfirst.architecture.package import cut_in_two, pitches_in, rotated
from packfirst.disciplines.form_factor.volume import uncovered_volume_m3

PRODUCT = package_of(program(), pick("si_interposer_cowos_s"))[1]


@pytest.fixture(params=range(8))
def package(request):
    """One of the example's packages."""
    return packages(8)[request.param][1]


def painted(package):
    """Volume by the number of the body that is seen there, from a grid on all faces: an independent painter."""
    boxes = np.round(np.array([b.box_m for b in package.bodies]), 13)
    edges = [np.unique(boxes[:, 2 * a : 2 * a + 2]) for a in range(3)]
    seen = np.full([len(e) - 1 for e in edges], -1)
    for number, box in enumerate(boxes):
        cut = tuple(slice(*np.searchsorted(e, [box[2 * a], box[2 * a + 1]])) for a, e in enumerate(edges))
        seen[cut] = number
    volume = np.einsum("i,j,k->ijk", *(np.diff(e) for e in edges))
    return np.bincount(seen[seen >= 0].ravel(), volume[seen >= 0].ravel(), minlength=len(boxes))


def test_what_is_seen_of_all_bodies_is_the_whole(package):
    boxes = [b.box_m for b in package.bodies]
    mine = np.array([uncovered_volume_m3(box, boxes[n + 1 :]) for n, box in enumerate(boxes)])
    other = painted(package)
    assert mine == pytest.approx(other, abs=1e-9 * other.sum())
    assert mine.sum() == pytest.approx(other.sum(), rel=1e-9)


def test_the_hash_does_not_know_how_a_length_was_written():
    other = {
        "form_factor": {**data()["form_factor"], "ball_pitch": {"value": "1000 um"}},
        "board": {**data()["board"], "size_x": {"value": "16.5 cm"}, "thickness": {"value": "2600 um"}},
        "blocks": {
            **data()["blocks"],
            "compute": {**data()["blocks"]["compute"], "area": {"value": "9.2 cm2"}},
        },
    }  # fmt: skip
    written = example(**other)
    assert package_of(written, pick("si_interposer_cowos_s"))[1].content_hash == PRODUCT.content_hash


@pytest.mark.parametrize(
    ("record", "field", "factor"),
    [
        ("technology/si_interposer_cowos_s", "thickness_interposer", 1.001),
        ("technology/si_interposer_cowos_s", "thickness_lid", 1.0001),
        ("technology/si_interposer_cowos_s", "bond_pitch", 1.001),
        ("rule/body", "ball_diameter_ratio", 1.001),
        ("technology/hybrid_bond_d2w", "thickness_base_die", 1.001),
    ],
)
def test_the_hash_changes_with_a_thickness_and_a_pitch(record, field, factor):
    name = f"catalog/{record}/{field}"
    changed = catalog().with_value(name, catalog().input(name).value * factor)
    other = elaborate(build(program(), changed, pick("si_interposer_cowos_s")), changed)
    assert other.content_hash != PRODUCT.content_hash


def test_the_hash_changes_with_every_part_of_a_package():
    first, last = PRODUCT.bodies[0], PRODUCT.bodies[-1]
    rest = PRODUCT.bodies[1:]
    changed = [
        replace(PRODUCT, bodies=(*rest, first)),
        replace(PRODUCT, bodies=(replace(first, material="material/si"), *rest)),
        replace(PRODUCT, bodies=(replace(first, role="lid"), *rest)),
        replace(PRODUCT, bodies=(replace(first, owner="x"), *rest)),
        replace(PRODUCT, bodies=(*PRODUCT.bodies[:-1], replace(last, id="x"))),
        replace(PRODUCT, fields=PRODUCT.fields[1:]),
        replace(PRODUCT, fields=(replace(PRODUCT.fields[0], metal="material/cu"), *PRODUCT.fields[1:])),
        replace(PRODUCT, die=PRODUCT.die[::-1]),
        replace(PRODUCT, terminals=replace(PRODUCT.terminals, rows=1)),
    ]
    assert len({PRODUCT.content_hash, *(item.content_hash for item in changed)}) == len(changed) + 1


def test_four_quarter_turns_are_none(package):
    once = rotated(package)
    twice = rotated(once)
    assert once.content_hash != package.content_hash
    assert rotated(rotated(twice)).content_hash == package.content_hash
    # The example's package is centred: half a turn moves no outline.
    for a, b in zip(
        package.of_role("laminate", "lid", "board"), twice.of_role("laminate", "lid", "board"), strict=True
    ):
        assert a.box_m == pytest.approx(b.box_m)


def test_a_turn_keeps_every_volume(package):
    assert painted(rotated(package)) == pytest.approx(painted(package), rel=1e-9, abs=1e-18)
    assert rotated(package).terminals.count == package.terminals.count


@given(st.sampled_from([b.id for b in PRODUCT.bodies]), st.floats(0.01, 0.99))
def test_a_body_cut_in_two_is_the_same_body(name, share):
    cut = cut_in_two(PRODUCT, name, share)
    whole, lower, upper = PRODUCT.body(name), cut.body(name), cut.body(f"{name}_upper")
    assert lower.thickness_m == pytest.approx(share * whole.thickness_m)
    assert lower.thickness_m + upper.thickness_m == pytest.approx(whole.thickness_m)
    assert lower.box_m[5] == upper.box_m[4]
    assert (lower.role, lower.material, lower.owner) == (upper.role, upper.material, upper.owner)
    assert lower.footprint_m2 == upper.footprint_m2 == whole.footprint_m2
    assert len(cut.bodies) == len(PRODUCT.bodies) + 1
    assert cut.die == PRODUCT.die
    if PRODUCT.field_of(name):
        assert (
            replace(cut.field_of(f"{name}_upper"), body=name) == cut.field_of(name) == PRODUCT.field_of(name)
        )
    before, after = painted(PRODUCT), painted(cut)
    number = PRODUCT.index[name]
    assert after[number] + after[number + 1] == pytest.approx(before[number], rel=1e-9, abs=1e-18)
    assert np.delete(after, [number, number + 1]) == pytest.approx(
        np.delete(before, number), rel=1e-9, abs=1e-18
    )


def test_a_quarter_turn_is_no_mirror():
    """What lay towards x lies towards y, and what lay towards y towards minus x."""
    box = (1.0, 3.0, 4.0, 9.0, 0.0, 1.0)
    one = replace(PRODUCT, bodies=(replace(PRODUCT.bodies[0], box_m=box),))
    assert rotated(one).bodies[0].box_m == (-9.0, -4.0, 1.0, 3.0, 0.0, 1.0)


def test_the_hash_does_not_know_the_last_bits_of_a_length():
    nudged = [replace(b, box_m=tuple(x * (1.0 + 4e-16) + 1e-17 for x in b.box_m)) for b in PRODUCT.bodies]
    other = replace(PRODUCT, bodies=tuple(nudged))
    assert any(a.box_m != b.box_m for a, b in zip(other.bodies, PRODUCT.bodies, strict=True))
    assert other.content_hash == PRODUCT.content_hash


def test_boxes_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        PRODUCT.boxes_m[0, 0] = 1.0


@given(st.integers(1, 200), st.sampled_from([0.4, 0.5, 0.65, 0.8, 0.92, 1.0, 1.27]))
def test_whole_pitches_in_a_length(number, pitch_mm):
    length_mm = float(f"{number * pitch_mm:.6f}")
    pitch_m = float(f"{pitch_mm}e-3")
    assert pitches_in(float(f"{length_mm}e-3"), pitch_m) == number
    assert pitches_in(length_mm * 1e-3 + 0.99 * pitch_m, pitch_m) == number
    assert pitches_in(length_mm * 1e-3 - 0.01 * pitch_m, pitch_m) == number - 1
