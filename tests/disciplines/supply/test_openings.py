"""When what is barred opens: dates of made-up sites, counted by hand."""

from dataclasses import replace
from datetime import date

from packfirst.disciplines.supply.gates import Demand, entries
from packfirst.disciplines.supply.openings import opening_day, openings

ASKED = Demand(on=date(2026, 11, 22), asked_on=date(2026, 11, 22), volume_tier="low")


def sites(site, step):
    bond = (step(step="wire_bond"),)
    return [
        site(id="late", capabilities=bond, available_from=date(2029, 1, 31)),
        site(id="soon, small", capabilities=bond, available_from=date(2027, 6, 30), volume_tiers=("prototype",)),
        site(id="soon", capabilities=bond, available_from=date(2028, 6, 30)),
        site(id="no date", capabilities=(step(step="wire_bond", basis="planned"),)),
    ]  # fmt: skip


def test_those_that_nothing_else_bars_come_first_and_a_plan_without_a_date_last(site, step):
    here = sites(site, step)
    found = openings(["wire_bond"], entries(here, ["wire_bond"], ASKED), here)
    assert [here[item.site].id for item in found] == ["soon", "late", "no date", "soon, small"]
    assert [item.also_barred_by for item in found] == [(), (), (), ("volume",)]
    assert found[2].day is None


def test_the_day_on_which_every_stay_has_a_site(site, step):
    here = sites(site, step)

    def on(day):
        return entries(here, ["wire_bond"], replace(ASKED, on=day))

    days = [date(2029, 1, 31), date(2027, 6, 30), date(2028, 6, 30)]
    assert opening_day([("wire_bond",)], days, on) == date(2028, 6, 30)
    assert opening_day([("wire_bond",)], [date(2027, 6, 30)], on) is None
    assert opening_day([("wire_bond",), ("hermetic_seal",)], days, on) is None  # of which nobody has a record
