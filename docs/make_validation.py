"""Writes docs/validation.md: what the models give where somebody else has published or measured the answer.

The tests hold the models against these references. This runs them under pytest, notes every number that they compare
with its reference and tolerance, and prints the one that fits worst. `python docs/make_validation.py` writes the page;
names of sections after it print those alone.
"""

import math
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests" / "disciplines"
CASES = ROOT / "src" / "packfirst" / "validation" / "cases" / "reliability"
PAGE = ROOT / "docs" / "validation.md"
# Below this, what is left is the rounding of the machine, which differs from one to the next.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One line of the page: what is compared, with what, and the test that does it."""

    what: str
    test: str  # file under tests/disciplines, and the test's name
    source: str = ""
    cases: Sequence[str] = ()  # files of cases under src/packfirst/validation, which then name the source


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One number against its reference."""

    found: float
    expected: float
    allowed: float  # absolute

    @property
    def error(self) -> float:
        return abs(self.found - self.expected)

    @property
    def used(self) -> float:
        """Share of the tolerance that the error takes."""
        return self.error / self.allowed if self.allowed else math.inf * (self.error > 0.0)


SECTIONS: dict[str, tuple[str, tuple[Reference, ...]]] = {
    "thermal": (
        "Thermal",
        (
            Reference(
                what="Series of a heated rectangle on layers",
                source="Yovanovich, Muzychka, Culham 1999, summed apart to 3000 x 3000 terms",
                test="thermal/test_spreading.py::test_series_against_an_independent_sum",
            ),
            Reference(
                what="Spreading resistance, closed form",
                source="Lee, Electronics Cooling 4(1), 1998, worked example as printed",
                test="thermal/test_spreading.py::test_lee1998_worked_example",
            ),
            Reference(
                what="The same closed form against the series",
                source="Lee 1995 claims 10 %",
                test="thermal/test_spreading.py::test_lee_against_the_series",
            ),
            Reference(
                what="Conduction in three dimensions, fine grid",
                source="the same series, mean and centre of the source",
                test="thermal/test_conduction.py::test_flux_channel_series",
            ),
            Reference(
                what="Conduction in three dimensions, random bodies",
                source="the same balance by a direct sparse solve (SciPy)",
                test="thermal/test_conduction.py::test_same_temperatures_as_a_direct_solve_of_the_same_balance",
            ),
            Reference(
                what="Conductivity across a field of posts",
                source="a resolved cell of the field",
                test="thermal/test_homogenise.py::test_against_a_resolved_cell_of_the_array",
            ),
        ),
    ),
    "electrical": (
        "Electrical escape",
        (
            Reference(
                what="Bandwidth of a UCIe module",
                source="cell library of CATCH, 2024",
                test="electrical/test_lanes.py::test_module_bandwidth_of_a_built_cell_library",
            ),
            Reference(
                what="Rates of UCIe's pitch groups",
                source="UCIe 3.0, 2025",
                test="electrical/test_lanes.py::test_pitch_groups_give_the_printed_rates_at_both_ends",
            ),
            Reference(
                what="Bandwidth of hybrid bonds at 5, 3 and 1 um, from that at 9 um",
                source="UCIe 3.0, 2025, printed to whole numbers",
                test="electrical/test_areal.py::test_the_data_fraction_of_nine_micrometres_predicts_five_three_and_one",
            ),
            Reference(
                what="Bandwidth per area of a flat UCIe module",
                source="UCIe 1.0 key figures, 2022",
                test="electrical/test_areal.py::test_a_flat_module_by_its_depth_meets_the_published_areal_figure",
            ),
            Reference(
                what="Edge and depth of a Bunch-of-Wires link",
                source="BoW specification, worked example",
                test="electrical/test_bumps.py::test_bow_example_link_has_the_printed_edge_and_depth",
            ),
            Reference(
                what="Longest wire of a Bunch-of-Wires link",
                source="BoW specification, note on interposers",
                test="electrical/test_reach.py::test_the_longest_wire_of_the_working_example_within_its_jogs",
            ),
            Reference(
                what="Wires per millimetre of a silicon bridge",
                source="published range, its two ends",
                test="electrical/test_escape.py::test_bridge_density_lies_in_the_published_range",
            ),
            Reference(
                what="Energy per bit at 0.5 V from that at 0.7 V",
                source="UCIe 3.0, 2025",
                test="electrical/test_link_energy.py::test_ucie_advanced_follows_the_square_of_the_supply",
            ),
        ),
    ),
    "performance": (
        "Performance",
        (
            Reference(
                what="Roofline",
                source="Williams, Waterman, Patterson 2009, Opteron X2",
                test="performance/test_roofline.py::test_opteron_x2_of_the_roofline_paper",
            ),
            Reference(
                what="Energy roofline",
                source="Choi and others 2013, Fermi (recalled)",
                test="performance/test_efficiency.py::test_energy_roofline_of_the_fermi_example",
            ),
        ),
    ),
    "cost": (
        "Cost",
        (
            Reference(
                what="Recurring cost of Chiplet Actuary's packages",
                source="Feng, Ma 2022, output of their own program",
                test="cost/test_actuary_feng2022.py::test_recurring_cost_to_the_printed_digit",
            ),
            Reference(
                what="EPYC case of the same",
                source="as above",
                test="cost/test_actuary_feng2022.py::test_epyc_case_to_the_printed_digit",
            ),
            Reference(
                what="Development cost of the same",
                source="as above",
                test="cost/test_actuary_feng2022.py::test_development_cost_to_the_printed_digit",
            ),
            Reference(
                what="Laws of die yield",
                source="CATCH; Google's chiplet cost sheet",
                test="cost/test_die_yield.py::test_published_single_yields",
            ),
            Reference(
                what="Four die over one, first EPYC, nothing fitted",
                source="AMD, Hot Chips 2017",
                test="cost/test_cost_trends.py::test_naples_ratio_predicted_without_fitting",
            ),
            Reference(
                what="Lost and shipped shares of an assembly flow",
                source="every outcome of every event, enumerated",
                test="cost/test_assembly_flow.py::test_against_an_enumeration_of_every_outcome",
            ),
        ),
    ),
    "reliability": (
        "Mechanical and qualification",
        tuple(
            Reference(what=what, cases=cases, test=f"{folder}/test_reference_cases.py::{test}")
            for what, folder, test, *cases in (
                ("Bow of a bimetal strip", "mechanical", "test_timoshenko_bimetal", "timoshenko_bimetal"),
                ("Stress in a die on its attach", "mechanical", "test_suhir_trilayer", "suhir_trilayer"),
                ("Solder fatigue, Engelmaier", "mechanical", "test_engelmaier", "engelmaier"),
                (
                    "Solder fatigue, Norris and Landzberg", "mechanical", "test_norris_landzberg_and_coffin_manson",
                    "norris_landzberg",
                ),
                ("Solder fatigue by energy", "mechanical", "test_solder_energy", "solder_energy"),
                ("Flexure of bond wires", "mechanical", "test_wire_flexure", "wire_flexure"),
                ("Current of bond wires", "mechanical", "test_wire_current", "wire_current"),
                ("Arrhenius acceleration", "qualification", "test_arrhenius", "arrhenius"),
                ("Humidity, Peck", "qualification", "test_peck", "peck"),
                ("Electromigration, Black", "qualification", "test_black", "black_em"),
                (
                    "Life test at other conditions", "qualification", "test_life_voltage_and_regression",
                    "life_regression", "life_voltage",
                ),
                ("Burn-in at other temperatures", "qualification", "test_burn_in_equivalence", "burn_in_equivalence"),
                ("Upper bound of a failure rate", "qualification", "test_fit", "fit_chi_square"),
                ("Sample sizes", "qualification", "test_ltpd", "ltpd"),
                ("Reading of a fine leak test", "qualification", "test_howl_mann", "howl_mann"),
                ("Water into a sealed cavity", "qualification", "test_moisture_ingress", "moisture_ingress"),
                ("Pull that does no harm", "qualification", "test_ndbp", "ndbp"),
                ("Shaker frequency of a particle test", "qualification", "test_pind_frequency", "pind_frequency"),
            )
        ),
    ),
}  # fmt: skip


# --- What the tests compare ---------------------------------------------------------------------------------


@dataclass(eq=False)
class Recorder:
    """A pytest plugin that notes what each test holds its model against."""

    numbers: dict[str, list[Compared]] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    lives: dict[str, Any] = field(default_factory=dict)
    here: str = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            self.outcomes[report.nodeid] = "missed" if hasattr(report, "wasxfail") else report.outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        result = yield
        if fixturedef.argname == "lives":
            self.lives["found"] = result
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.here = item.nodeid
        true_approx, true_close = pytest.approx, np.testing.assert_allclose
        pytest.approx = lambda expected, **k: Noted(self, true_approx(expected, **k), expected, k)  # type: ignore[assignment]
        np.testing.assert_allclose = self._close(true_close)
        try:
            return (yield)
        finally:
            pytest.approx, np.testing.assert_allclose = true_approx, true_close

    def _close(self, true_close: Any) -> Any:
        def close(found: Any, expected: Any, rtol: float = 1e-7, atol: float = 0.0, **k: Any) -> None:
            self.note(found, expected, atol, rtol, add=True)
            true_close(found, expected, rtol=rtol, atol=atol, **k)

        return close

    def note(self, found: Any, expected: Any, absolute: float, relative: float, *, add: bool = False) -> None:
        """Keeps every number of a comparison; what is no number is not kept."""
        try:
            f, e = np.broadcast_arrays(np.asarray(found, dtype=float), np.asarray(expected, dtype=float))
        except (TypeError, ValueError):
            return
        allowed = absolute + relative * np.abs(e) if add else np.maximum(absolute, relative * np.abs(e))
        self.numbers.setdefault(self.here, []).extend(
            Compared(found=float(x), expected=float(y), allowed=float(z))
            for x, y, z in zip(f.ravel(), e.ravel(), allowed.ravel(), strict=True)
        )


class Noted:
    """`pytest.approx` that tells a recorder what it was compared with."""

    __array_ufunc__ = None
    __array_priority__ = 100
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, recorder: Recorder, real: Any, expected: Any, options: dict[str, Any]) -> None:
        self._recorder, self._real, self._expected = recorder, real, expected
        # As pytest reads them: an absolute tolerance alone stands alone; neither means 1e-6.
        given_absolute, given_relative = options.get("abs"), options.get("rel")
        self._absolute = 1e-12 if given_absolute is None else given_absolute
        alone = given_relative is None and given_absolute is not None
        self._relative = 0.0 if alone else 1e-6 if given_relative is None else given_relative

    def __eq__(self, found: object) -> bool:
        self._recorder.note(found, self._expected, self._absolute, self._relative)
        return bool(self._real == found)

    def __repr__(self) -> str:
        return repr(self._real)


def run(tests: Sequence[str]) -> Recorder:
    """Runs tests of tests/disciplines in this process.

    Raises
    ------
    SystemExit
        One of them fails: there is nothing to publish then.
    """
    recorder = Recorder()
    code = pytest.main(
        ["-p", "no:cacheprovider", "-p", "no:terminal", *(str(TESTS / name) for name in tests)],
        plugins=[recorder],
    )
    if code != pytest.ExitCode.OK:
        failed = [test for test, outcome in recorder.outcomes.items() if outcome == "failed"]
        raise SystemExit(f"references are not met: {', '.join(failed) or f'pytest ended with {code!s}'}")
    return recorder


# --- Text ---------------------------------------------------------------------------------------------------


def section_text(name: str) -> str:
    """A section of the page: its table, and what else it has to say."""
    title, references = SECTIONS[name]
    more = ["mechanical/test_measured_joint_life.py"] if name == "reliability" else []
    recorder = run([*(item.test for item in references), *more])
    rows = [_row(item, recorder) for item in references]
    if name == "electrical":
        rows.insert(0, _shoreline())
    text = f"## {title}\n\n" + _table(
        ("model", "held against", "numbers", "expected", "found", "error", "allowed"), rows
    )
    return text + (_lives(recorder) if more else "") + "\n"


def _row(item: Reference, recorder: Recorder) -> tuple[str, ...]:
    numbers = [
        number
        for node, found in recorder.numbers.items()
        if node.split("[")[0].endswith(item.test)
        for number in found
    ]
    if not numbers:
        raise SystemExit(f"{item.test} compares no numbers any more")
    return _cells(item.what, item.source or _documents(item.cases), numbers)


def _cells(what: str, source: str, numbers: Sequence[Compared]) -> tuple[str, ...]:
    worst = max(numbers, key=lambda number: (round(number.used, 6), number.expected))
    return (
        what, source, str(len(numbers)), f"{worst.expected:.6g}", f"{worst.found:.6g}",
        _share(worst.error, worst.expected), _share(worst.allowed, worst.expected),
    )  # fmt: skip


def _share(error: float, expected: float) -> str:
    """An error as a share of what is expected, in percent; rounding of the machine as none."""
    share = error / abs(expected) if expected else error
    if share < ROUNDING:
        return "0"
    return f"{share:.1%}" if share >= 1e-3 else f"{share:.0e}"


def _documents(names: Sequence[str]) -> str:
    """How many cases are published, and where; the others were worked apart from the printed formula."""
    published, apart, documents = 0, 0, set()
    for name in names:
        file = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
        titles = {key: str(item["document"]) for key, item in file.get("sources", {}).items()}
        for case in file["cases"]:
            if case["kind"] == "published":
                published += 1
                source = str(case["source"])
                documents.add(titles.get(source.split(" ", maxsplit=1)[0], source))
            else:
                apart += 1
    words = [f"{published} published ({'; '.join(sorted(documents))})"] if published else []
    return ", ".join([*words, *([f"{apart} worked apart from the formula"] if apart else [])])


def _shoreline() -> tuple[str, ...]:
    """UCIe's table of bandwidth per edge, every rate of both kinds of module."""
    from packfirst.disciplines.electrical.lanes import edge_bandwidth_byte_per_s_m

    table = tomllib.loads((ROOT / "tests/references/electrical/ucie.toml").read_text(encoding="utf-8"))
    numbers = []
    for kind in ("advanced", "standard"):
        for rate, printed in table[kind]["shoreline"]:
            edge_m = table[kind]["module_edge_um"] * 1e-6
            found = float(edge_bandwidth_byte_per_s_m(rate * 1e9, table[kind]["lanes"], edge_m)) / 1e12
            numbers.append(Compared(found=found, expected=printed, allowed=table[kind]["half_last_digit"]))
    return _cells(
        "Bandwidth per millimetre of edge", "UCIe 3.0, 2025, Tables 1-2 and 1-4, whole GB/s", numbers
    )


def _lives(recorder: Recorder) -> str:
    """Measured solder joint life, misses and all."""
    factor, lives = recorder.lives["found"]
    rows = []
    for name, (predicted, measured) in lives.items():
        fitted = name in ("me_fgg676", "me_ffg1152")
        ratio = "" if math.isnan(measured) else f"{predicted / measured:.2f}"
        rows.append((
            name.removeprefix("me_"), "none of 32 failed in 5000" if math.isnan(measured) else f"{measured:.0f}",
            f"{predicted:.0f}", ratio,
            "fitted" if fitted else "met" if ratio and 0.5 <= predicted / measured <= 2.0 else "**missed**",
        ))  # fmt: skip
    missed = sum(outcome == "missed" for outcome in recorder.outcomes.values())
    return (
        "\n\nMeasured: solder joints of ball grid arrays in temperature cycling (AMD UG116; median cycles). One "
        f"constant, {factor:.3f}, is fitted on two parts, the others are predicted; a factor of two was set as the "
        f"band before the first run. {missed} of the predictions miss it, both on the safe side.\n\n"
    ) + _table(("part", "measured", "predicted", "ratio", "band of 2"), rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (heads, *rows)]
    return "\n".join([lines[0], "|" + "|".join(["---"] * len(heads)) + "|", *lines[1:]])


HEAD = """# Validation

What the models give where somebody else has published, computed or measured the answer. The tests hold each model
against these references; this page is written from what they compare (`python docs/make_validation.py`), and shows of
each reference the number that fits worst. An error is a share of the expected value; "allowed" is what the test asks
for, half of the last printed digit where a table is met digit by digit.

A model that meets its reference is not yet a prediction of your product: the data are another matter, and
[an accelerator that was built](examples/ai_accelerator.md) shows both.

"""
TAIL = """
## What is not validated

- No temperature, warpage or electrical figure of a whole package is held against a measurement on hardware yet.
- The flow that prices a whole product is put together from the parts above; a product's cost is held against one public
  estimate only, on the page of the example.
- Placement, ball counts, body sizes and the catalog's assumed bands rest on rules and judgement.
- Mechanical and qualification models are tested, but no verdict asks them yet.
"""


def page_text() -> str:
    return HEAD + "\n".join(section_text(name) for name in SECTIONS) + TAIL


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.stdout.write("\n".join(section_text(name) for name in sys.argv[1:]))
    else:
        PAGE.write_text(page_text(), encoding="utf-8")
