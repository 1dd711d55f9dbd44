"""The scorecard as text: a table for the terminal, a page for the documentation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packfirst.catalog import Catalog
from packfirst.hindcast.answer import ASPECTS
from packfirst.hindcast.frozen import CLASSES, LID_INTERFACES, first_year
from packfirst.hindcast.history import FIRST_DIGEST, FIRST_SCORED, FIRST_TOTALS, MENDED

Card = Mapping[str, Any]
_WHO = {
    "packfirst": "packfirst",
    "nearest": "packfirst, by the nearest where nothing stands",
    "most_common": "most common choice of the other products",
    "plain_rule": "plain rule",
}
_TITLES = {
    "technology": "technology class",
    "n_die": "own die",
    "thermal_path": "way out",
    "all": "all three",
}
_FIGURES = {
    "body_long": "body, long side", "body_short": "body, short side", "power_limit": "power limit",
    "cost_against_one_die": "cost against one die",
}  # fmt: skip


def table(card: Card) -> str:
    """The scorecard for the terminal."""
    rows = [["product", "built", "first answer", "top 1", "top 3"]]
    for item in card["products"]:
        found = item["hits"]["packfirst"]
        rows.append([
            item["product"], _truth(item["truth"]), _answer(item["answers"][:1]), _marks(found["top1"]),
            _marks(found["top3"]),
        ])  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    lines += ["", "hits in technology class, own die, way out, all three:"]
    lines += [
        f"  {_WHO[who]}: top 1 {_of(found['top1'], card['scored'])}; top 3 {_of(found['top3'], card['scored'])}"
        for who, found in card["totals"].items()
    ]
    lines += ["", "why what was built is not the first answer:"]
    lines += [f"  {item['product']}: {item['reason']}" for item in card["products"] if item["reason"]]
    lines += ["", "figures of what was built, predicted / published:"]
    lines += [
        f"  {item['product']}: {_FIGURES[f['name']]} {_number(f['predicted'])} / {_number(f['published'])} {f['unit']}"
        f" = {f['ratio']:.2f} ({f['evidence']})"
        for item in card["products"] for f in item["figures"]
    ]  # fmt: skip
    lines += ["", "not expressed, for want of:"]
    lines += [f"  {item['product']}: {item['lacks']}" for item in card["not_expressed"]]
    lines += ["", f"Inputs frozen before scoring: {card['digest']}. Nothing is calibrated."]
    return "\n".join(lines)


def markdown(card: Card, catalog: Catalog) -> str:
    """The page for the documentation."""
    return (
        "\n".join(
            [
                *_opening(card, catalog),
                *_hits(card),
                *_before(card),
                *_misses(card),
                *_predicted(card),
                *_rest(card),
            ]
        )
        + "\n"
    )


def _opening(card: Card, catalog: Catalog) -> Iterator[str]:
    years = [
        (r.id, y)
        for r in catalog.records("technology")
        if r.word("class") in CLASSES and (y := first_year(r))
    ]
    yield "# Scorecard"
    yield ""
    yield (
        f"What packfirst {card['packfirst']} says of published products, against what was built; {card['date']}. "
        "`packfirst hindcast --page docs/scorecard.md` writes this page; misses stay on it."
    )
    yield ""
    yield (
        "Nothing is calibrated: no number of the models or the catalog was fitted to these products. What was "
        "built is no proof of what was best, so a miss may also be a product that was built for reasons which "
        "its Program does not hold (a road map, a supply contract, a socket)."
    )
    yield ""
    yield "How it is scored:"
    yield ""
    yield (
        "- The Program of each product comes from its record, as `packfirst init --like PRODUCT` writes it: area, "
        "node and power of its functions, traffic, bought memory, room. It knows more of the answer than a team "
        "does before tape-out: the number of die as built is among the cuts that it may try, its nodes are those "
        "that were taken, its room is the body as built, and its ways out for the heat are the two of its market."
    )
    yield (
        f"- Open are the flip-chip carriers ({', '.join(name.replace('_', ' ') for name in CLASSES)}) that the "
        f"year of the product allows: {', '.join(f'{name} since {year}' for name, year in years)}, by the first "
        "product that their records name. Wire-bonded, ceramic and leaded carriers are open to products for space "
        "alone, embedded ones to none, and of interfaces under the lid only "
        f"{' and '.join(LID_INTERFACES)} are tried."
    )
    yield (
        f"- At most {card['budget']} candidates of a product are assessed, chosen as `packfirst explore` does. "
        "Cost is the objective. The answers are the first three of the ranking that differ in technology class, "
        "number of own die (bought memory, bridges and interposers do not count) or way out for the heat. Where "
        "nothing stands, there is no answer, and all is missed; a line of its own scores the candidate likeliest "
        "to stand in its place."
    )
    yield (
        "- The hash of all inputs, without the truth, is fixed before anything is scored: "
        f"`{card['digest']}`, seed {card['seed']}."
    )
    yield (
        "- Beside it two baselines that look at no limit: the most common choice of the other products (their "
        "second and third most common for the top 3), and a plain rule: one die on laminate under moving air if "
        "all own silicon fits a reticle, else the fewest die that do."
    )
    yield ""


def _hits(card: Card) -> Iterator[str]:
    n = card["scored"]
    yield "## Hits"
    yield ""
    names = [*ASPECTS, "all"]
    heads = [f"{_TITLES[name]}, top {top}" for name in names for top in (1, 3)]
    yield from _rows(
        ["", *heads],
        [
            [_WHO[who], *(f"{found[f'top{top}'][name]} of {n}" for name in names for top in (1, 3))]
            for who, found in card["totals"].items()
        ],
    )
    yield (
        f"{_given(card)}The plain rule gives one answer, so its top 3 is its top 1. With two ways out to choose "
        "from, a hit in the way out says little. Leaving a product out works against the most common choice where two "
        "are about as common: the one that was built is then the rarer."
    )
    yield ""
    rows = []
    for item in card["products"]:
        found = item["hits"]["packfirst"]
        rows.append([
            f"{item['name']} ({item['introduced']:g})", _truth(item["truth"]), _answer(item["answers"][:1]),
            _answer(item["answers"][1:]), _marks(found["top1"]), _marks(found["top3"]),
            _marks(item["hits"]["most_common"]["top1"]), _marks(item["hits"]["plain_rule"]["top1"]),
        ])  # fmt: skip
    yield from _rows(
        [
            "product",
            "built",
            "first answer",
            "second and third",
            "top 1",
            "top 3",
            "most common",
            "plain rule",
        ],
        rows,
    )
    yield "Marks stand for technology class, own die and way out: `+` right, `-` wrong."
    yield ""


def _given(card: Card) -> str:
    names = [item["name"] for item in card["products"] if item["die_given"]]
    if not names:
        return ""
    return (
        f"The number of die is given, not found, where a Program offers one cut alone: {', '.join(names)}. "
    )


def _before(card: Card) -> Iterator[str]:
    yield "## Mended after the first score had been seen"
    yield ""
    yield (
        f"The first scored run, of {FIRST_SCORED} products with inputs `{FIRST_DIGEST}`, hit none in all three. Its "
        "misses were read, and what follows was mended, each for a reason that holds without the products; no number "
        "was fitted to them. So the present score is no blind one: inputs were frozen again before it was taken."
    )
    yield ""
    yield from (f"{number}. {text}" for number, text in enumerate(MENDED, start=1))
    yield ""
    names = [*ASPECTS, "all"]
    heads = [f"{_TITLES[name]}, top {top}" for name in names for top in (1, 3)]
    rows = []
    for who in ("packfirst", "nearest", "most_common", "plain_rule"):
        for title, totals, n in (
            ("first", FIRST_TOTALS, FIRST_SCORED),
            ("now", card["totals"], card["scored"]),
        ):
            found = totals[who]
            rows.append([
                f"{_WHO[who]}, {title}",
                *(f"{found[f'top{top}'][name]} of {n}" for name in names for top in (1, 3)),
            ])  # fmt: skip
    yield from _rows(["", *heads], rows)


def _misses(card: Card) -> Iterator[str]:
    yield "## Misses, and what stopped the truth"
    yield ""
    yield "What was built is assessed by itself, whether the search came to it or not."
    yield ""
    for item in card["products"]:
        if not item["reason"]:
            continue
        missed = ", ".join(_TITLES[name] for name in item["misses"])
        built, leader = item["as_built"], item["leader"] or item["nearest"]
        yield f"- **{item['name']}**: misses {missed}. {item['reason']}"
        if item["truth"]["note"]:
            yield f"  - {item['truth']['note']}"
        if built is not None:
            yield f"  - as built (`{built['key']}`): {built['describe']}{_cost(built)}"
        if leader is not None:
            word = "first answer" if item["leader"] else "nothing that was assessed stands; nearest"
            yield f"  - {word} (`{leader['key']}`): {leader['describe']}{_cost(leader)}"
        counts = item["counts"]
        yield (
            f"  - of {counts['space']:,} candidates {counts['screened_out']:,} were screened out, "
            f"{counts['assessed']} assessed, {counts['feasible']} stand; the budget left {counts['left_by_budget']:,}"
        )
    yield ""


def _predicted(card: Card) -> Iterator[str]:
    yield "## Figures of what was built"
    yield ""
    yield (
        "The body is the least that holds its parts: no connector, stiffener or socket. The power limit is the "
        "rated power times the least of capacity over demand of its temperature limits, at nominal inputs; a "
        "product is rated below what its cooling could bear, so a ratio above 1 is no contradiction, one below "
        "1 is. Published figures of evidence `assumed` are ours, for want of a source, and test nothing."
    )
    yield ""
    yield from _rows(
        ["product", "figure", "predicted", "published", "ratio", "evidence of the published one"],
        [
            [
                item["name"], _FIGURES[f["name"]], _quantity(f["predicted"], f["unit"]),
                _quantity(f["published"], f["unit"]), f"{f['ratio']:.2f}", f["evidence"],
            ]
            for item in card["products"] for f in item["figures"]
        ],
    )  # fmt: skip


def _rest(card: Card) -> Iterator[str]:
    yield "## Products that no Program expresses yet"
    yield ""
    yield from _rows(
        ["product", "what its record lacks"],
        [[item["name"], item["lacks"]] for item in card["not_expressed"]],
    )
    yield "## Hashes of the inputs"
    yield ""
    yield from _rows(
        ["product", "inputs"], [[item["product"], f"`{item['inputs']}`"] for item in card["products"]]
    )


def _rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(text.replace('|', '/') for text in row)} |"
    yield ""


def _truth(truth: Mapping[str, Any]) -> str:
    words = " or ".join(truth["technologies"]).replace("_", " ")
    return f"{words}, {truth['n_die']}, {' or '.join(truth['thermal_paths'])}"


def _answer(answers: Sequence[Mapping[str, Any]]) -> str:
    said = [f"{a['technology'].replace('_', ' ')}, {a['n_die']}, {a['thermal_path']}" for a in answers]
    return "; ".join(said) or "none"


def _marks(found: Mapping[str, bool]) -> str:
    return "".join("+" if found[name] else "-" for name in ASPECTS)


def _of(found: Mapping[str, int], n: int) -> str:
    return ", ".join(f"{found[name]}/{n}" for name in (*ASPECTS, "all"))


def _cost(shown: Mapping[str, Any]) -> str:
    cost = shown["cost_usd"]
    return f"; {shown['state']}" + ("" if cost is None else f", {float(f'{cost:.3g}'):,.0f} USD")


def _number(value: float) -> str:
    return f"{float(f'{value:.3g}'):g}"


def _quantity(value: float, unit: str) -> str:
    return _number(value) if unit == "-" else f"{_number(value)} {unit}"
