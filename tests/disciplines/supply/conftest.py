"""Made-up sites, as small as a question about them needs."""

from dataclasses import dataclass, field
from datetime import date

import pytest


@dataclass(frozen=True, kw_only=True)
class Step:
    step: str
    basis: str = "stated"
    evidence: str = "published"
    year: int = 2025


@dataclass(frozen=True, kw_only=True)
class Listed:
    name: str
    evidence: str = "published"
    year: int = 2025


@dataclass(frozen=True, kw_only=True)
class Site:
    id: str = "here"
    company: str = "Maker"
    country: str = "US"
    owner_country: str = "US"
    access: str = "open"
    status: str = "operating"
    status_as_of: date = date(2026, 1, 1)
    available_from: date | None = None
    volume_tiers: tuple[str, ...] = ("low",)
    volume_evidence: str = "published"
    capabilities: tuple[Step, ...] = (Step(step="wire_bond"),)
    listings: tuple[Listed, ...] = field(default_factory=tuple)
    owner_note: str = ""

    @property
    def name(self) -> str:
        return self.id


@pytest.fixture
def site():
    return Site


@pytest.fixture
def step():
    return Step


@pytest.fixture
def listed():
    return Listed
