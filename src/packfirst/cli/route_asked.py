"""What the supply commands are asked: the process, and what terms and options want of its sites."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from packfirst.errors import InputError, nearest

if TYPE_CHECKING:
    from packfirst.architecture.candidate import Candidate
    from packfirst.catalog import Catalog
    from packfirst.catalog.supply_records import SupplyRecords
    from packfirst.disciplines.supply.gates import Demand
    from packfirst.disciplines.supply.records import Foundry, Process
    from packfirst.program import Program
    from packfirst.program.supply_terms import Terms


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options that the commands share, as they were written; None and empty leave it to the Program's terms."""

    inside: Sequence[str] = ()
    owned_in: Sequence[str] = ()
    ship_date: str | None = None
    volume: str | None = None
    foundries: Sequence[str] = ()
    wafers: str | None = None
    home: str | None = None
    trusted: bool | None = None
    government: bool | None = None
    asked_on: str | None = None
    supply: Sequence[Path] = ()
    overlays: Sequence[Path] = ()


class What:
    """What is to be built: a candidate of a Program, or a technology by itself."""

    def __init__(
        self, program: Path | None, key: str | None, technology: str | None, overlays: Sequence[Path]
    ) -> None:
        from packfirst.architecture.candidate import find, space
        from packfirst.catalog import load_catalog
        from packfirst.cli.files import read

        self.program: Program | None = None
        self.candidate: Candidate | None = None
        self.catalog: Catalog
        self.file = str(program) if program is not None else ""
        if technology is not None and program is None:
            self.catalog = load_catalog(overlays)
            known = self.catalog.ids("technology")
            if technology not in known:
                raise InputError.one("--technology", f"unknown {technology!r}: {nearest(technology, known)}")
            self.name, self.describe = technology, self.catalog.record("technology", technology).name
            return
        if program is None or key is None or technology is not None:
            raise InputError.one(
                "candidate", "name a Program and a candidate's key, or --technology: one of the two"
            )
        self.program, self.catalog = read(program, overlays)
        self.candidate = find(space(self.program, self.catalog), key)
        if self.candidate is None:
            raise InputError.one(str(program), f"has no candidate {key!r}; a study lists their keys")
        self.name = key
        self.describe = f"{self.program.name}: {self.candidate.describe()}"

    @property
    def terms(self) -> "Terms | None":
        """The Program's terms, where there is a Program and it states them."""
        return self.program.terms if self.program is not None else None

    def process(self, *, with_wafers: bool) -> "Process":
        """The stays from wafer to shipped part."""
        from packfirst.disciplines.supply.records import candidate_process, technology_process

        if self.program is None or self.candidate is None:
            if with_wafers:
                raise InputError.one("--wafers", "is of a candidate: a technology by itself has no wafers")
            return technology_process(self.catalog.record("technology", self.name))
        return candidate_process(self.program, self.catalog, self.candidate, with_wafers=with_wafers)

    def others(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Stays of the packages one change away; of every other technology where no candidate is named."""
        from packfirst.disciplines.supply.records import changed_stays, stays, technology_process

        if self.program is None or self.candidate is None:
            records = self.catalog.records("technology")
            return {item.id: stays(technology_process(item)) for item in records if item.id != self.name}
        return changed_stays(self.program, self.catalog, self.candidate)


class Asked:
    """The Program's terms with the options on top, checked; `home` and `wafers` are "" where nobody says them."""

    def __init__(self, options: Options, what: What) -> None:
        from packfirst.disciplines.supply.gates import Demand
        from packfirst.disciplines.supply.properties import demand_of, strangers

        terms = what.terms
        self.records = _records(options)
        self.asked_on = _day("--asked-on", options.asked_on) if options.asked_on else date.today()
        self.on = self._ship_date(options, what)
        self.home = _country("--home", options.home) or (terms.home if terms else "")
        self.wafers = _country("--wafers", options.wafers) or ((terms.wafers_in or "") if terms else "")
        unknown = strangers(terms, self.records) if terms else ()
        if unknown:
            raise InputError.one(what.file, f"nobody has on record {unknown[0]}", field="terms")
        program = what.program
        demand = (
            demand_of(program, terms, _needs(), self.asked_on, self.on)
            if program is not None and terms is not None
            else Demand(on=self.on, asked_on=self.asked_on)
        )
        self.demand: Demand = self._overridden(demand, options)

    def _ship_date(self, options: Options, what: What) -> date:
        dates = what.program.dates if what.program is not None else None
        if options.ship_date is not None:
            on, where, field = _day("--ship-date", options.ship_date), "--ship-date", ""
        elif dates is not None and dates.need is not None:
            on, where, field = date.fromisoformat(dates.need), what.file, "dates.need"
        else:
            return self.asked_on
        if on < self.asked_on:
            message = f"{on} is in the past: {self.asked_on} is when it is asked"
            raise InputError.one(where, message, field=field)
        return on

    def _overridden(self, demand: "Demand", options: Options) -> "Demand":
        from packfirst.catalog.supply_records import VOLUME_TIERS

        tier = options.volume
        if tier is not None and tier not in VOLUME_TIERS:
            raise InputError.one("--volume", f"unknown tier {tier!r}: {nearest(tier, VOLUME_TIERS)}")
        firms = tuple(sorted({site.company for site in self.records.suppliers.values()}))
        for name in options.foundries:
            if name not in firms:
                message = f"no line of {name!r} is on record, so that it opens none: {nearest(name, firms)}"
                raise InputError.one("--foundry", message)
        inside = frozenset(_country("--in", name) for name in options.inside)
        owners = frozenset(_country("--owned-in", name) for name in options.owned_in)
        trusted = demand.trusted_steps
        if options.trusted is not None:
            trusted = frozenset(_needs()) if options.trusted else frozenset()
        return replace(
            demand, volume_tier=demand.volume_tier if tier is None else tier,
            locations=inside or demand.locations, owners=owners or demand.owners, trusted_steps=trusted,
            government_program=demand.government_program if options.government is None else options.government,
            own_foundries=frozenset(options.foundries) or demand.own_foundries,
        )  # fmt: skip

    @property
    def foundry(self) -> "Foundry | None":
        """The maker of the wafers, where somebody says in which country they are made."""
        from packfirst.disciplines.supply.records import Foundry

        if not self.wafers:
            return None
        return Foundry(country=self.wafers, company=" or ".join(sorted(self.demand.own_foundries)))


def _needs() -> Iterable[str]:
    from packfirst.catalog.schema import CAPABILITIES

    return CAPABILITIES


def _records(options: Options) -> "SupplyRecords":
    """The packaged records, under the supply files among the overlays, under those of --supply."""
    from packfirst.catalog.supply_records import is_supply_file, load_supply

    inside = [
        item
        for path in options.overlays
        for item in (sorted(path.iterdir()) if path.is_dir() else [path])
        if item.suffix in (".yaml", ".yml") and is_supply_file(item)
    ]
    return load_supply([*inside, *options.supply])


def _country(option: str, name: str | None) -> str:
    """Two capital letters, or "" where nothing is said."""
    if name is not None and not re.fullmatch(r"[A-Z]{2}", name):
        raise InputError.one(option, f"{name!r}: write the two capital letters of ISO 3166, such as US")
    return name or ""


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.one(option, f"{text!r} is no day: write it as 2029-06-30") from None
