"""What the numbers rest on: assumptions, the sourced share of their influence, and the sources."""

from collections.abc import Mapping, Sequence
from typing import Any

EVIDENCE = ("measured", "published", "standard", "derived", "recalled", "assumed")
SOURCED = frozenset(EVIDENCE[:4])


def shares(assumptions: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Share of the influence by evidence, all six in order; empty when nothing has influence."""
    total = sum(item["influence"] for item in assumptions)
    if not total:
        return {}
    return {
        kind: sum(item["influence"] for item in assumptions if item["evidence"] == kind) / total
        for kind in EVIDENCE
    }


def sourced_share(by_evidence: Mapping[str, float]) -> float | None:
    """Share of the influence that someone else can check; None when nothing has influence."""
    return sum(value for kind, value in by_evidence.items() if kind in SOURCED) if by_evidence else None


def cited(basis: Sequence[str], sources: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a limit's basis names, in order: sources of the study with title and address, or the words themselves."""
    known = {item["key"]: item for item in sources}
    return [
        {"title": known[name]["title"], "year": known[name]["year"], "url": address(known[name]["url"])}
        if name in known
        else {"title": name, "year": None, "url": ""}
        for name in basis
    ]


def address(url: str) -> str:
    """A web address, or nothing: a catalog overlay may carry any text, and a link must not run it."""
    return url if url.startswith(("https://", "http://")) else ""
