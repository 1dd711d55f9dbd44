"""The gate: snapshots inside and outside of an Envelope, and every file that is not what it says."""

import re
from dataclasses import replace

import numpy as np
import pytest

from packfirst.envelope.check import check
from packfirst.envelope.envelope import kept_open
from packfirst.envelope.files import envelope_text, load_envelope, load_snapshots
from packfirst.errors import InputError


@pytest.fixture
def snapshot(tmp_path, found):
    """Writes a snapshot and reads it back for the Envelope."""

    def write(text: str, name: str = "die.yaml"):
        file = tmp_path / name
        file.write_text(f"format: packfirst-die-1\n{text}", encoding="utf-8")
        return load_snapshots([file], found)

    return write


def failing(findings):
    return [item for item in findings if not item.holds]


def test_the_plan_itself_holds(found, snapshot):
    window = found.of("compute")
    text = (
        "die: compute\npower: {"
        + ", ".join(f"{mode}: {watts} W" for mode, watts in window.power_w.items())
        + f"}}\nwidth: {window.width_m * 1e3} mm\nheight: {window.height_m * 1e3} mm\n"
        f"thickness: {window.thickness_m[0] * 1e6} um\npitch: {window.pitch_m * 1e6} um\n"
        "links: {compute_fabric: {rate: 4 GT/s, signals: 6559}}\n"
    )
    findings = check(found, snapshot(text))
    assert failing(findings) == []
    assert len(findings) == 3 + 2 + 2 + 2


def test_twenty_per_cent_too_much_power_names_die_mode_figure_limit_and_lever(found, snapshot):
    most = found.of("compute").most_w["peak"]
    (bad,) = failing(
        check(found, snapshot(f"die: compute\npower: {{peak: {1.2 * most} W, sustained: 50 W}}\n"))
    )
    assert (bad.die, bad.mode, bad.what, bad.unit) == ("compute", "peak", "power per die", "W")
    assert bad.value == pytest.approx(1.2 * most)
    assert bad.limit == pytest.approx(most)
    assert re.fullmatch(
        rf"take {0.2 * most:.3g} W off compute in peak: the \w+ die would be too hot", bad.lever
    )
    # What the lever says is enough.
    assert failing(check(found, snapshot(f"die: compute\npower: {{peak: {most} W}}\n"))) == []


def test_two_die_that_hold_alone_may_not_hold_together(found, tmp_path):
    texts = {
        name: f"die: {name}\npower: {{peak: {0.98 * found.of(name).most_w['peak']} W}}\n"
        for name in ("fabric", "compute")
    }
    files = []
    for name, text in texts.items():
        file = tmp_path / f"{name}.yaml"
        file.write_text(f"format: packfirst-die-1\n{text}", encoding="utf-8")
        files.append(file)
        assert failing(check(found, load_snapshots([file], found))) == []
    together = failing(check(found, load_snapshots(files, found)))
    assert {item.die for item in together} == {"fabric", "compute"}


def test_the_same_power_on_half_the_area_counts_as_twice_as_much(found, snapshot):
    window = found.of("compute")
    half = f"width: {window.width_m * 500} mm\nheight: {window.height_m * 1e3} mm\n"
    (power,) = [x for x in check(found, snapshot(f"die: compute\npower: {{peak: 60 W}}\n{half}")) if x.mode]
    assert not power.holds
    assert power.limit == pytest.approx(window.most_w["peak"] / 2.0)
    # A larger one gets nothing for it: where its power lies is not known.
    more = f"width: {window.width_m * 1100} mm\nheight: {window.height_m * 1e3} mm\n"
    (power,) = [x for x in check(found, snapshot(f"die: compute\npower: {{peak: 60 W}}\n{more}")) if x.mode]
    assert power.limit == pytest.approx(window.most_w["peak"])


def test_hot_spots_are_held_to_the_room_that_the_powers_leave(found, snapshot):
    window = found.of("compute")
    at_plan = window.densities[-1].w_per_m2 * 1e-6
    spot = "hot_spots: [{{area: 1 mm2, power: {} W}}]\n"
    planned = ", ".join(f"{mode}: {watts} W" for mode, watts in window.power_w.items())
    just = check(found, snapshot(f"die: compute\npower: {{{planned}}}\n" + spot.format(0.999 * at_plan)))
    assert failing(just) == []
    (bad,) = failing(
        check(found, snapshot(f"die: compute\npower: {{{planned}}}\n" + spot.format(1.001 * at_plan)))
    )
    assert bad.unit == "W/mm2"
    assert bad.limit == pytest.approx(at_plan)
    assert "spread the hot spot of compute" in bad.lever
    # At the most power there is no room left for any spot beyond the even density.
    most = window.most_w["peak"]
    (bad,) = failing(
        check(found, snapshot(f"die: compute\npower: {{peak: {most} W}}\n" + spot.format(at_plan)))
    )
    assert bad.limit == pytest.approx(most / (window.width_m * window.height_m) * 1e-6, rel=1e-6)


def test_a_spot_between_two_squares_is_held_to_the_larger_and_one_beyond_all_to_the_largest(found, snapshot):
    window = found.of("compute")
    planned = round(window.power_w["peak"], 3)

    def limit(area: float) -> float:
        # In one mode: which mode binds changes with the size of the square.
        text = (
            f"die: compute\npower: {{peak: {planned} W}}\nhot_spots: [{{area: {area} mm2, power: 0.1 W}}]\n"
        )
        (item,) = [item for item in check(found, snapshot(text)) if "density" in item.what]
        return item.limit

    assert limit(0.3) == pytest.approx(limit(0.5))
    assert limit(0.1) > limit(0.5) > limit(1.0) > limit(4.0) > 0.0
    even = planned / (window.width_m * window.height_m) * 1e-6
    assert limit(4.0) - even == pytest.approx((limit(1.0) - even) / 4.0, rel=1e-6)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("width: 30 mm\nheight: 30 mm\n", "area, at most"),
        ("width: 1 mm\nheight: 1 mm\n", "area, at least"),
        ("thickness: 100 um\n", "distance of thickness from the stack's"),
        ("pitch: 5 um\n", "bump pitch"),
        ("links: {compute_fabric: {rate: 3.9 GT/s}}\n", "rate of compute_fabric (ucie_3d_9um)"),
        ("links: {compute_fabric: {signals: 100}}\n", "signals of compute_fabric (ucie_3d_9um)"),
    ],
)
def test_each_window_fails_on_its_own(found, snapshot, line, what):
    (bad,) = failing(check(found, snapshot(f"die: compute\n{line}")))
    assert bad.what == what
    assert bad.lever


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("die: compute\nenvelope: '0123456789abcdef'\n", "is held to '0123456789abcdef', and this Envelope is"),
        ("die: comput\n", "unknown die 'comput': did you mean 'compute'?"),
        ("die: compute\npower: {peek: 3 W}\n", "unknown mode 'peek': did you mean 'peak'?"),
        ("die: compute\nlinks: {fabric_hbm: {rate: 1 GT/s}}\n", "unknown link 'fabric_hbm': did you mean"),
        ("die: compute\npower: {peak: nan W}\n", "'nan W': write a number and one of W"),
        ("die: compute\npower: {peak: .nan}\n", "write a number and one of W"),
        ("die: compute\npower: {peak: 3}\n", "3 has no unit"),
        ("die: compute\npower: {peak: -3 W}\n", "greater than or equal to 0"),
        ("die: compute\nhot_spots: [{area: 0 mm2, power: 1 W}]\n", "greater than 0"),
        ("die: compute\npowers: {peak: 3 W}\n", "powers: unknown field"),
        ("power: {peak: 3 W}\n", "die: Field required"),
    ],
)  # fmt: skip
def test_snapshots_that_cannot_be_held_are_one_clear_line(snapshot, text, says):
    with pytest.raises(InputError) as error:
        snapshot(text)
    assert len(str(error.value).splitlines()) == 1
    assert says in str(error.value)
    assert re.match(r".*die\.yaml:\d+: ", str(error.value))


@pytest.mark.parametrize(
    ("format_", "says"),
    [
        ("packfirst-die-2", "was written by a newer packfirst"), ("packfirst-die-0", "write 'format: packfirst-die-1'"),
        ("packfirst-envelope-1", "write 'format: packfirst-die-1'"),
    ],
)  # fmt: skip
def test_other_formats_are_refused(tmp_path, found, format_, says):
    file = tmp_path / "die.yaml"
    file.write_text(f"format: {format_}\ndie: compute\n", encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load_snapshots([file], found)


def test_two_snapshots_of_one_die_are_refused(tmp_path, found):
    file = tmp_path / "die.yaml"
    file.write_text("format: packfirst-die-1\ndie: compute\n", encoding="utf-8")
    with pytest.raises(InputError, match="another snapshot is of compute as well"):
        load_snapshots([file, file], found)


@pytest.fixture
def written(tmp_path, found):
    file = tmp_path / "envelope.yaml"
    file.write_text(envelope_text(found), encoding="utf-8")
    return file


def test_an_envelope_survives_its_file(found, written):
    read = load_envelope(written)
    assert read.powers.names == found.powers.names
    assert read.powers.subjects == found.powers.subjects
    assert (read.powers.slopes == found.powers.slopes).all()
    assert (read.powers.room == found.powers.room).all()
    assert (read.key, read.describe, read.confidence) == (found.key, found.describe, found.confidence)
    for ours, theirs in zip(found.die, read.die, strict=True):
        assert flat(theirs) == pytest.approx(flat(ours), rel=1e-11)
    assert envelope_text(read) == envelope_text(load_envelope(written))


def flat(die) -> dict[str, float]:
    """Every number of a die's window by name; words are compared as they are."""
    found = {}
    for name in die.__dataclass_fields__:
        value = getattr(die, name)
        if isinstance(value, dict):
            found |= {f"{name} {key}": item for key, item in value.items()}
        elif name in ("densities", "links"):
            for number, item in enumerate(value):
                found |= {
                    f"{name} {number} {key}": getattr(item, key)
                    for key in item.__dataclass_fields__
                    if isinstance(getattr(item, key), float)
                }
                assert all(isinstance(getattr(item, key), (float, str)) for key in item.__dataclass_fields__)
        elif isinstance(value, (int, float)):
            found[name] = value
        elif name == "thickness_m":
            found |= dict(enumerate(value))
    return found


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("packfirst-envelope-1", "packfirst-envelope-2", "was written by a newer packfirst"),
        (r"- fabric\n  - compute", "- fabric\n  - computer", "powers are of fabric, computer, hbm"),
        (r"k_per_w:\n    - [0-9.]+\n", "k_per_w:\n", "needs 3 numbers in k_per_w"),
        ("protects: hbm", "protects: hbn", "protects one of fabric, compute, hbm"),
        ("width: [0-9.]+ mm", "width: 0 mm", "greater than 0"),
        (r"room_k: [0-9.]+", "room_k: nan", "finite number"),
        (r"confidence: 0.8", "confidence: 1", "less than 1"),
    ],
)
def test_a_damaged_envelope_is_one_clear_line(written, old, new, says):
    text, changed = re.subn(old, new, written.read_text(encoding="utf-8"), count=1)
    assert changed
    written.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_envelope(written)
    assert len(str(error.value).splitlines()) == 1
    assert says in str(error.value)


def other(found, **changes):
    """The same Envelope as another package would have it: cooler for memory, hotter for the rest."""
    slopes = found.powers.slopes * np.array([1.1, 1.2, 0.7])
    return replace(found, key="other", powers=replace(found.powers, slopes=slopes), **changes)


def test_kept_open_holds_what_both_hold(found):
    second = other(found)
    both = kept_open(found, second)
    p = np.random.default_rng(2).uniform(0.0, 130.0, (2000, 3))
    assert (both.powers.holds(p) == (found.powers.holds(p) & second.powers.holds(p))).all()
    assert 0 < both.powers.holds(p).sum() < len(p)
    for die in both.die:
        for mode, watts in die.most_w.items():
            assert watts <= min(item.of(die.group).most_w[mode] for item in (found,)) + 1e-9
    assert both.key == f"{found.key}+other"


def test_kept_open_whatever_the_order_of_the_die(found):
    turned = replace(
        found, die=found.die[::-1],
        powers=replace(found.powers, names=found.powers.names[::-1], slopes=found.powers.slopes[:, ::-1]),
    )  # fmt: skip
    both = kept_open(found, turned)
    p = np.random.default_rng(4).uniform(0.0, 130.0, (500, 3))
    assert (both.powers.holds(p) == found.powers.holds(p)).all()
    assert len(both.powers.room) == len(found.powers.room)


def test_kept_open_takes_the_narrower_window_of_everything_and_either_thickness(found):
    first = found.die[0]
    second = other(
        found,
        die=(
            replace(
                first, area_least_m2=first.area_least_m2 * 1.1, area_most_m2=first.area_most_m2 * 0.95,
                thickness_m=(100e-6,), pitch_m=2.0 * first.pitch_m,
                power_w={mode: 1.5 * watts for mode, watts in first.power_w.items()},
                densities=tuple(replace(x, k_per_w=2.0 * x.k_per_w) for x in first.densities),
                links=tuple(replace(x, standard="other", rate_t_per_s=2.0 * x.rate_t_per_s) for x in first.links),
            ),
            *found.die[1:],
        ),
    )  # fmt: skip
    die = kept_open(found, second).die[0]
    assert die.area_least_m2 == pytest.approx(first.area_least_m2 * 1.1)
    assert die.area_most_m2 == pytest.approx(first.area_most_m2 * 0.95)
    assert die.thickness_m == (first.thickness_m[0], 100e-6)
    assert die.pitch_m == 2.0 * first.pitch_m
    assert die.power_w["peak"] == pytest.approx(1.5 * first.power_w["peak"])
    assert [x.k_per_w for x in die.densities] == [2.0 * x.k_per_w for x in first.densities]
    assert len(die.links) == 2 * len(first.links)


def test_other_die_and_areas_that_never_meet_are_refused(found):
    first = found.die[0]
    for changes, says in (
        ({"count": 2}, r"other die: .* 4 fabric \(n6\), .*; and .* 2 fabric \(n6\)"),
        ({"node": "n7"}, r"; and .* 4 fabric \(n7\)"),
        ({"area_least_m2": 9e-4, "area_most_m2": 9.5e-4}, "no area of fabric fits both: .* and 900 to 950 mm2"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=says):
            kept_open(found, other(found, die=(replace(first, **changes), *found.die[1:])))


def test_a_smaller_die_leaves_its_neighbours_less(found, tmp_path):
    window = found.of("compute")
    limits = []
    for width in (window.width_m, 0.5 * window.width_m):
        texts = {
            "compute": f"power: {{peak: 40 W}}\nwidth: {width * 1e3} mm\nheight: {window.height_m * 1e3} mm\n",
            "fabric": "power: {peak: 30 W}\n",
        }
        files = []
        for name, text in texts.items():
            files.append(tmp_path / f"{name}.yaml")
            files[-1].write_text(f"format: packfirst-die-1\ndie: {name}\n{text}", encoding="utf-8")
        findings = check(found, load_snapshots(files, found))
        limits += [item.limit for item in findings if item.die == "fabric" and item.mode == "peak"]
    at = found.powers.names.index
    power = np.array([found.of(name).power_w["peak"] for name in found.powers.names])
    power[at("compute")] = 80.0  # 40 W on half of the area
    assert limits[1] == pytest.approx(found.powers.most("fabric", power))
    assert limits[1] < limits[0] - 10.0
