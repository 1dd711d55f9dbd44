"""Hits and misses of answers against what was built, beside two baselines that look at no limit at all."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from packfirst.hindcast.answer import ASPECTS, Answer
from packfirst.hindcast.truth import Truth

TOP = 3
_Choice = TypeVar("_Choice", str, int)
# What the plain rule takes, whatever the product.
PLAIN_TECHNOLOGY, PLAIN_PATH = "buildup", "forced_air_hs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Whether the first answer, and whether any of the first three, is right; by aspect and for all at once."""

    top1: Mapping[str, bool]
    top3: Mapping[str, bool]


def distinct(answers: Iterable[Answer]) -> list[Answer]:
    """The first answers that differ from all before them, at most three."""
    return list(dict.fromkeys(answers))[:TOP]


def right(answer: Answer, truth: Truth) -> dict[str, bool]:
    """Which aspects of an answer are right; `all` where all are."""
    found = {
        "technology": answer.technology in truth.technologies,
        "n_die": answer.n_die == truth.n_die,
        "thermal_path": answer.thermal_path in truth.thermal_paths,
    }
    return {**found, "all": all(found.values())}


def hits(answers: Sequence[Answer], truth: Truth) -> Hits:
    """Hits of ranked answers, taken as they are given; no answer at all misses everything."""
    each = [right(answer, truth) for answer in answers[:TOP]]
    names = (*ASPECTS, "all")
    return Hits(
        top1={name: bool(each) and each[0][name] for name in names},
        top3={name: any(item[name] for item in each) for name in names},
    )


def plain_rule(area_m2: float, reticle_m2: float) -> Answer:
    """One die where all own silicon fits a reticle, else the fewest that do; on laminate, under moving air.

    Parameters
    ----------
    area_m2 : float
        Of all own die together.
    """
    return Answer(
        technology=PLAIN_TECHNOLOGY, n_die=math.ceil(round(area_m2 / reticle_m2, 9)), thermal_path=PLAIN_PATH
    )


def most_common(others: Sequence[Truth]) -> list[Answer]:
    """Three answers made of the most, second and third most common choice of other products, aspect by aspect.

    Ties go to the one that comes first in the alphabet, or to fewer die.

    Raises
    ------
    ValueError
        There are no others.
    """
    if not others:
        raise ValueError("the most common choice of no products")
    technologies = _common([truth.technologies[0] for truth in others])
    numbers = _common([truth.n_die for truth in others])
    paths = _common([path for truth in others for path in truth.thermal_paths[:1]])
    return [
        Answer(
            technology=technologies[min(place, len(technologies) - 1)],
            n_die=numbers[min(place, len(numbers) - 1)],
            thermal_path=paths[min(place, len(paths) - 1)],
        )
        for place in range(TOP)
    ]


def _common(items: Sequence[_Choice]) -> list[_Choice]:
    counts = Counter(items)
    return sorted(counts, key=lambda item: (-counts[item], item))


def totals(scored: Iterable[Hits]) -> dict[str, dict[str, int]]:
    """How many products hit, by aspect, at the first answer and among the first three."""
    every = list(scored)
    names = (*ASPECTS, "all")
    return {
        "top1": {name: sum(item.top1[name] for item in every) for name in names},
        "top3": {name: sum(item.top3[name] for item in every) for name in names},
    }
