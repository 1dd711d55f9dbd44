"""Joints against the heat of later steps: what melts, what is held, what is local."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.case import Facts
from packfirst.disciplines.qualification.joining_order import Heat, Joining, exposures, harmless_remelts
from packfirst.disciplines.qualification.limits import DISCIPLINE
from packfirst.inputs import Evidence, Input, Kind
from packfirst.limit import Limit

from . import elaborated

KELVIN = 273.15


def degrees(value: float, name: str = "t") -> Input:
    return Input(
        id=name, value=value + KELVIN, quantity="temperature", kind=Kind.CHOICE, evidence=Evidence.ASSUMED,
        low=value + KELVIN - 5.0, high=value + KELVIN + 5.0,
    )  # fmt: skip


BUMP = Joining(place="die", joint="sac305", stands=degrees(217.0), gives_way="melts", may_melt_held=True)
ATTACH = Joining(place="die", joint="ausn", stands=degrees(280.0), gives_way="melts")
EPOXY = Joining(place="die", joint="ag_epoxy", stands=degrees(320.0), gives_way="decomposes")
MADE = Heat(name="attach", peak=degrees(320.0), makes=("die",))


def heat(peak: float, **said: object) -> Heat:
    return Heat(name=f"at {peak:g}", peak=degrees(peak), **said)  # type: ignore[arg-type]


def test_a_bump_under_cured_underfill_may_melt_again() -> None:
    history = (MADE, heat(165.0, holds=("die",)), heat(245.0))
    (found,) = exposures((BUMP,), history)
    assert found.heat.name == "at 165"
    assert found.margin_k == pytest.approx(52.0)
    assert harmless_remelts((BUMP,), history) == (("die", "at 245", pytest.approx(28.0)),)


def test_the_same_bump_without_underfill_is_caught() -> None:
    (found,) = exposures((BUMP,), (MADE, heat(245.0)))
    assert found.margin_k == pytest.approx(-28.0)
    assert not found.held
    # and where the underfill comes after the reflow, it comes too late
    (late,) = exposures((BUMP,), (MADE, heat(245.0), heat(165.0, holds=("die",))))
    assert late.margin_k == found.margin_k


def test_holding_helps_no_joint_that_may_not_melt_and_no_polymer() -> None:
    history = (MADE, heat(175.0, holds=("die",)), heat(330.0))
    for joining, margin in ((ATTACH, -50.0), (EPOXY, -10.0)):
        (found,) = exposures((joining,), history)
        assert found.margin_k == pytest.approx(margin)


def test_the_step_that_makes_a_joint_does_not_count_against_it() -> None:
    assert exposures((ATTACH,), (MADE,)) == ()


def test_local_heat_is_exempt() -> None:
    (found,) = exposures((ATTACH,), (MADE, heat(1250.0, local=True), heat(125.0)))
    assert found.heat.name == "at 125"


def test_a_joint_that_no_step_makes_is_a_contradiction() -> None:
    with pytest.raises(ValueError, match="no step of the route makes the joint of die"):
        exposures((ATTACH,), (heat(200.0),))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(20.0, 450.0), min_size=1, max_size=6), st.floats(20.0, 450.0))
def test_one_more_step_never_helps(peaks: list[float], more: float) -> None:
    history = (MADE, *(heat(peak) for peak in peaks))
    (before,) = exposures((ATTACH,), history)
    (after,) = exposures((ATTACH,), (*history, heat(more)))
    assert after.margin_k == min(before.margin_k, 280.0 - more) or after.margin_k == pytest.approx(
        min(before.margin_k, 280.0 - more)
    )


def joint_of(case, subject="joint:die"):
    answers = DISCIPLINE.limits(case, Facts(), "plan").limits
    return next(
        item
        for item in answers
        if isinstance(item, Limit)
        and (item.identity.kind, item.identity.subject) == ("joining_order", subject)
    )


def hermetic(interface: str, seal: str, of_catalog=None):
    return elaborated.case(
        "wb_htcc_hermetic_mcm", interface, of_catalog=of_catalog,
        quality={"levels": ["38534_h"], "lid_seal": seal},
    )  # fmt: skip


def test_a_lid_seal_that_remelts_the_die_attach_is_caught() -> None:
    """AuSn melts at 280 degC (the eutectic); an AuSn lid in a furnace takes the whole part to 300 to 315."""
    held = joint_of(hermetic("da_ausn", "ausn_solder"))
    assert held.hard
    assert -35.0 <= held.margin <= -20.0
    assert "lid seal" in held.explanation
    assert joint_of(hermetic("da_ausn", "seam_parallel")).margin > 100.0


def test_gold_taken_up_lets_the_same_order_pass() -> None:
    record = elaborated.catalog().record("joint", "ausn")
    enriched = replace(record, words={**record.words, "raised_in_full": "yes"})
    used = elaborated.catalog()
    used = replace(used, tables={**used.tables, "joint": {**used.tables["joint"], "ausn": enriched}})
    assert joint_of(hermetic("da_ausn", "ausn_solder", used)).margin > 50.0


@pytest.mark.parametrize(
    ("interface", "seal", "passes"),
    [
        ("da_ag_epoxy", "seam_parallel", True),
        ("da_ag_epoxy", "glass_frit", False),  # 420 to 440 degC over an epoxy
        ("da_ausi", "ausn_solder", True),  # 363 degC over a lid at 310
        ("da_ausi", "glass_frit", False),
        ("tim1_ag_sinter", "glass_frit", True),  # silver melts at 962 degC
        ("da_snpb", "ausn_solder", False),
    ],
)
def test_attach_and_seal(interface: str, seal: str, passes: bool) -> None:
    assert (joint_of(hermetic(interface, seal)).margin > 0.0) is passes


# Ordinary packages are made every day: none of their routes may undo its own joints.
@pytest.mark.parametrize(
    ("carrier", "interface"),
    [
        ("fcbga_lidded", "tim1_gel"), ("fcbga_bare", "tim1_pcm"), ("organic_mcm", "tim1_gel"),
        ("si_interposer_cowos_s", "tim1_gel"), ("fanout_hd", "tim1_gel"), ("bridge_emib", "tim1_gel"),
        ("rdl_interposer", "tim1_gel"), ("fc_ceramic_cga", "tim1_gel"), ("glass_core_substrate", "tim1_gel"),
        ("wb_qfn", "da_ag_epoxy"), ("wb_bga", "da_nonconductive"), ("wb_ltcc_hermetic_mcm", "da_ausn"),
        ("metal_rf_hybrid_housing", "da_ausn"), ("embedded_die", "tim1_gel"), ("pop", "tim1_gel"),
        ("si_interposer_domestic", "tim1_gel"), ("glass_interposer", "tim1_pcm"),
    ],
)  # fmt: skip
def test_ordinary_assemblies_pass(carrier: str, interface: str) -> None:
    answers = DISCIPLINE.limits(elaborated.case(carrier, interface), Facts(), "plan").limits
    joints = [item for item in answers if isinstance(item, Limit) and item.identity.kind == "joining_order"]
    assert joints
    assert [str(item.identity) for item in joints if item.hard and item.margin < 20.0] == []


def test_solder_between_die_and_lid_warns_and_does_not_reject() -> None:
    """Indium melts at 157 degC (ITS-90), far below any reflow; the lid stays where it is."""
    held = joint_of(elaborated.case("fcbga_lidded", "tim1_indium"), "joint:die to lid")
    assert held.margin < -50.0
    assert not held.hard
    assert held.flags


def test_slopes_are_those_of_the_two_temperatures() -> None:
    held = joint_of(hermetic("da_ausn", "ausn_solder"))
    assert held.sensitivities == {
        "catalog/joint/ausn/remelt": 1.0,
        "catalog/lid_seal/ausn_solder/body_temperature": -1.0,
    }


def test_the_stated_reflow_is_held_to_the_rated_peak() -> None:
    """260 degC is what the route's body is rated for; 245 passes, 280 does not."""
    for reflow, holds in (("245 degC", True), ("280 degC", False)):
        case = elaborated.case("wb_qfn", "da_ag_epoxy", quality={"levels": ["commercial"], "reflow": reflow})
        found = next(
            item
            for item in DISCIPLINE.limits(case, Facts(), "plan").limits
            if item.identity.kind == "rated_peak"
        )
        assert isinstance(found, Limit)
        assert (found.margin > 0.0) is holds
