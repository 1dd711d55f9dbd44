"""A transmit/receive module by hand, its slopes against its own differences, and what heat and losses do to it."""

import math
from dataclasses import replace

import pytest

from packfirst.disciplines.case import Facts
from packfirst.disciplines.performance.limits import DISCIPLINE
from packfirst.levers import with_input
from packfirst.limit import Limit, NotAssessed

from .modules import HEAT, case, catalog, program, warm

NAME = "xband_tr_module"
HOUSING, PLASTIC = ("metal_rf_hybrid_housing on cumo", "da_ausn"), ("wb_qfn", "da_ausn")


def limits(asked, facts):
    return {item.identity.kind: item for item in DISCIPLINE.limits(asked, facts, "plan").limits}


def figures(asked, facts):
    return {item.name: item.value for item in DISCIPLINE.limits(asked, facts, "plan").metrics}


def lossless(known=None):
    """The catalog with a housing that takes nothing of the signal."""
    found = known or catalog()
    for field in ("joint_loss", "port_loss", "line_loss"):
        found = found.with_value(f"catalog/technology/metal_rf_hybrid_housing/{field}", 0.0)
    return found


def test_without_losses_and_heat_by_hand():
    """20 W less the switch's 0.66 dB are 17.2 W; 0.66 dB ahead of 2.1 dB are 2.76 dB at 290 K."""
    asked = case(NAME, *HOUSING, of_catalog=lossless())
    chains = asked.program.radio
    out = figures(asked, warm(asked, chains.transmit.at.value))
    assert out["output_power"] == pytest.approx(20.0 * 10 ** (-0.066), rel=1e-9)
    supply = 20.0 / 0.38 + 6.3 / 0.30 + 1.5
    assert out["pae"] == pytest.approx((20.0 * 10 ** (-0.066) - 0.04) / supply, rel=1e-9)
    cold = case(NAME, *HOUSING, of_catalog=lossless(), of_program=with_input(
        program(NAME), catalog(), "program/radio.receive.at", 290.0)[0])  # fmt: skip
    assert figures(cold, warm(cold, 290.0))["noise_figure"] == pytest.approx(2.76, abs=2e-3)


def test_losses_of_the_package_by_hand():
    """Joints 0.1, port 0.2 dB at 10 GHz grow with 9.6 GHz over it, the line's 0.12 dB/cm with its root."""
    asked = case(NAME, *HOUSING)
    rows = dict(DISCIPLINE.limits(asked, warm(asked, 330.0), "plan").details["transmit"])
    assert rows["output joint"] == pytest.approx(-0.1 * 0.96)
    assert rows["output port"] == pytest.approx(-0.2 * 0.96)
    assert rows["hpa to switch, joints"] == pytest.approx(-2 * 0.1 * 0.96)
    die = {item.group: item.rect for item in asked.architecture.placement.die}
    gap = die["hpa"].gap(die["antenna"])
    assert rows["hpa to switch, line"] == pytest.approx(-12.0 * gap * math.sqrt(0.96))


def test_heat_takes_the_power_that_its_slope_says():
    asked = case(NAME, *HOUSING)
    at = asked.program.radio.transmit.at.value
    cool, hot = (figures(asked, warm(asked, at + rise))["output_power"] for rise in (0.0, 50.0))
    assert hot / cool == pytest.approx(10 ** (-0.008 * 50.0 / 10.0), rel=1e-9)
    noisy = [figures(asked, warm(asked, kelvin))["noise_figure"] for kelvin in (300.0, 350.0, 400.0)]
    assert noisy == sorted(noisy)


def test_a_housing_takes_less_than_plastic():
    housing, plastic = case(NAME, *HOUSING), case(NAME, *PLASTIC)
    better, worse = (figures(asked, warm(asked, 340.0)) for asked in (housing, plastic))
    assert better["output_power"] > worse["output_power"]
    assert better["noise_figure"] < worse["noise_figure"]


@pytest.mark.parametrize("kind", ["output_power", "pae", "noise_figure"])
def test_slopes_are_those_of_the_margin(kind):
    """By every Input that a limit names: a little more of it, and the whole answer again."""
    asked = case(NAME, *HOUSING)
    limit = limits(asked, warm(asked, 350.0))[kind]
    assert isinstance(limit, Limit)
    assert len(limit.sensitivities) > 8
    for name, slope in limit.sensitivities.items():
        if name == HEAT:
            continue
        item = asked.input(name)
        step = 1e-4 * abs(item.value)
        ends = []
        for way in (1.0, -1.0):
            moved, known = with_input(asked.program, asked.catalog, name, item.value + way * step)
            # the geometry as it stands: what moves it is no part of these slopes
            other = replace(asked, program=moved, catalog=known)
            ends.append(limits(other, warm(other, 350.0))[kind].margin)
        numeric = (ends[0] - ends[1]) / (2.0 * step)
        assert slope == pytest.approx(numeric, rel=2e-3, abs=1e-6 * max(1.0, abs(numeric))), name


def test_slopes_reach_what_heats_the_die():
    asked = case(NAME, *HOUSING)
    found = limits(asked, warm(asked, 350.0, slope=30.0))
    for kind, limit in found.items():
        low, high = (limits(asked, warm(asked, 350.0 + rise))[kind].margin for rise in (-0.3, 0.3))
        # thirty kelvin for one more of it: a hundredth is 0.3 K
        assert limit.sensitivities[HEAT] == pytest.approx((high - low) / 0.02, rel=1e-3)
        assert limit.sensitivities[HEAT] < 0.0


def test_without_temperatures_nothing_is_said():
    asked = case(NAME, *HOUSING)
    found = DISCIPLINE.limits(asked, Facts(), "plan")
    assert [type(item) for item in found.limits] == [NotAssessed, NotAssessed]
    assert "temperature of driver" in found.limits[0].missing[0]
    assert not found.metrics


def test_efficiency_without_a_drive_is_not_assessed():
    radio = program(NAME).radio
    silent = radio.model_copy(update={"transmit": radio.transmit.model_copy(update={"drive": None})})
    asked = case(NAME, *HOUSING, of_program=program(NAME).model_copy(update={"radio": silent}))
    found = limits(asked, warm(asked, 350.0))
    assert found["pae"].missing == ("program/radio.transmit.drive",)
    assert "taken to be driven into saturation" in found["output_power"].explanation


def test_a_technology_without_losses_says_which_is_missing():
    import packfirst.catalog.record as record

    asked = case(NAME, *HOUSING)
    carrier = asked.catalog.record("technology", "metal_rf_hybrid_housing")
    assert isinstance(carrier, record.Record)
    poor = replace(carrier, inputs={k: v for k, v in carrier.inputs.items() if k != "port_loss"})
    known = asked.catalog

    class Poor:
        def record(self, kind, name):
            return poor if name == poor.id else known.record(kind, name)

    found = DISCIPLINE.limits(replace(asked, catalog=Poor()), warm(asked, 350.0), "plan")
    assert found.limits[0].missing == ("catalog/technology/metal_rf_hybrid_housing/port_loss",)
