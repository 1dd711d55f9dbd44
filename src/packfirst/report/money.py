"""Where the money goes: the ledger as a table that sums to the dollar, and its bar."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from packfirst.report import drawing
from packfirst.report.wording import GAP, number

# Kind of account, then its categories: what stays in the part, what a test threw away, what went with scrapped parts.
ACCOUNTS = (
    ("Die", ("die_raw_usd", "die_defect_usd", "die_lost_usd")),
    ("Carrier", ("carrier_raw_usd", "carrier_defect_usd", "carrier_lost_usd")),
    ("Assembly", ("assembly_usd", "", "assembly_lost_usd")),
    ("Test", ("test_usd", "", "test_lost_usd")),
    ("Development, shared", ("nre_usd", "", "")),
)
FATES = ("in the part", "thrown away at test", "lost with scrapped assemblies")
_WIDTH, _HEIGHT = 1000.0, 62.0


def cost_record(cost: Mapping[str, Any]) -> dict[str, Any]:
    """Accounts by fate in full dollars. Rounded so that every row and column sums exactly to what stands beside it."""
    ledger = cost["ledger_usd"]
    cells = [[ledger.get(name, 0.0) if name else 0.0 for name in names] for _, names in ACCOUNTS]
    flat = to_whole([value for row in cells for value in row])
    width = len(FATES)
    table = [flat[width * n : width * (n + 1)] for n in range(len(ACCOUNTS))]
    rows = [
        {"account": account, "usd": usd, "sum": sum(usd)}
        for (account, _), usd in zip(ACCOUNTS, table, strict=True)
    ]
    return {
        "rows": rows, "columns": [sum(column) for column in zip(*table, strict=True)], "total": sum(flat),
        "exact_usd": math.fsum(value for row in cells for value in row), "quantiles": list(cost["quantiles_usd"]),
        "steps": [
            {"name": name, "added": added, "lost": lost, "survival": survival}
            for name, added, lost, survival in cost["steps"]
        ],
    }  # fmt: skip


def to_whole(values: Sequence[float]) -> list[int]:
    """Whole numbers that sum to the rounded sum: the largest remainders are rounded up."""
    floors = [math.floor(value) for value in values]
    short = round(math.fsum(values)) - sum(floors)
    order = sorted(range(len(values)), key=lambda n: (floors[n] - values[n], n))
    for n in order[:short]:
        floors[n] += 1
    return floors


def draw_cost(record: Mapping[str, Any]) -> str:
    """The accounts as one bar: kinds by colour and label, fates by how full the fill is."""
    total = record["total"]
    if not total:
        return ""
    left, inside = 0.0, []
    for kind, row in enumerate(record["rows"]):
        start = left
        for fate, usd in enumerate(row["usd"]):
            width = _WIDTH * usd / total
            if usd:
                inside.append(
                    drawing.tag(
                        "rect",
                        drawing.tag("title", f"{row['account']}, {FATES[fate]}: {number(usd)} USD".replace("&", "")),
                        x=left, y=24.0, width=max(width - 1.0, 0.4), height=26.0, class_=f"k{kind} fate{fate}",
                    )
                )  # fmt: skip
            left += width
        said = f"{row['account'].split(',')[0]} {number(row['sum'])}{GAP}USD"
        if left - start > drawing.text_width(said, 12.0):
            inside.append(drawing.text(start, 16.0, said, class_="t small"))
    title = drawing.tag("title", f"Cost of a good part, {number(total)} USD, by account")
    return drawing.tag(
        "svg",
        title + "".join(inside),
        viewBox=f"0 0 1000 {drawing.place(_HEIGHT)}",
        role="img",
        class_="figure wide bar",
    )
