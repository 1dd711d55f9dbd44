"""The report of a study: one HTML file that needs nothing else, ever."""

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any

from packfirst.errors import InputError
from packfirst.report import wording
from packfirst.report.candidates import candidate_rows, family_name
from packfirst.report.detail import detail_record
from packfirst.report.families import fallen_families, fallen_paths
from packfirst.report.floorplan import span_of
from packfirst.report.money import FATES
from packfirst.report.overview import best_tiles, search_tiles
from packfirst.report.pareto import pareto_record
from packfirst.report.provenance import EVIDENCE, SOURCED, address

FORMAT = "packfirst-study-1"
FILTERS = (
    "number", "quantity", "percent", "probability", "typeset", "unit_of", "discipline", "limit_name", "row_of",
    "scientific",
)  # fmt: skip


def render(study: Mapping[str, Any]) -> str:
    """The report as HTML. The same study gives the same bytes.

    Raises
    ------
    InputError
        The study is of another format than this version reads.
    """
    if study.get("format") != FORMAT:
        raise InputError.one("study", f"format {study.get('format')!r}; this version reads {FORMAT!r}")
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup, escape

    environment = Environment(
        loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update({name: getattr(wording, name) for name in FILTERS})
    environment.filters["breakable"] = lambda name: Markup(re.sub(r"([/._])", r"\1<wbr>", str(escape(name))))
    environment.filters["drawn"] = Markup  # our own SVG, escaped where it is made
    scripts = {"chart": _vendored("echarts/echarts.min.js"), "page": _template("report.js")}
    page = environment.get_template("report.html").render(
        **view(study), policy=policy(list(scripts.values())), style=Markup(_template("report.css")),
        scripts={name: Markup(text) for name, text in scripts.items()}, data=Markup(embedded(_data(study))),
    )  # fmt: skip
    return str(page)


def write_report(study: Mapping[str, Any], path: str | Path) -> None:
    """Writes the report, all of it or nothing.

    Raises
    ------
    InputError
        The study is of another format, or the file cannot be written.
    """
    page = render(study).encode("utf-8")
    target = Path(path)
    scratch = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        scratch.write_bytes(page)
        os.replace(scratch, target)
    except OSError as error:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        raise InputError.one(str(path), f"the report cannot be written: {error.strerror or error}") from error


def view(study: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates fill in."""
    names = study.get("names", {})
    span = span_of([record["thermal"] for record in study["best"]])
    carriers = list(dict.fromkeys(item["family"][1] for item in study["families"]))
    return {
        "study": study, "search": search_tiles(study), "tiles": best_tiles(study), "rows": candidate_rows(study),
        "families": [family_name(item["family"], names) for item in study["families"]],
        "glyphs": [(item["family"][0], carriers.index(item["family"][1]) % 6) for item in study["families"]],
        "fallen": fallen_families(study), "paths": fallen_paths(study), "gains": gain_rows(study),
        "best": [detail_record(record, study, span) for record in study["best"]],
        "sources": [{**item, "url": address(item["url"])} for item in study["sources"]],
        "evidence_kinds": EVIDENCE, "sourced_kinds": sorted(SOURCED, key=EVIDENCE.index), "fates": FATES,
        "unplaced": pareto_record(study)["unplaced"],
        "counted": {1: "candidate", 2: "two", 3: "three"}.get(len(study["best"]), str(len(study["best"]))),
    }  # fmt: skip


def gain_rows(study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Relative gains in throughput: one more node spent in either way, and the change of package."""
    asked = study["node_or_package"]
    if asked is None:
        return []
    node, package = asked["node"], asked["package"]
    rows = []
    if node:
        rows.append(
            {"what": "node", "name": f"{node['name']}, same units at a higher clock", "gain": node["faster"]}
        )
        rows.append(
            {
                "what": "node",
                "name": f"{node['name']}, more units at the old clock",
                "gain": node["more_units"],
            }
        )
    if package:
        rows.append(
            {
                "what": "package",
                "name": f"from {package['from']}, to {package['to']}",
                "gain": package["gain"],
            }
        )
    most = max((abs(row["gain"]) for row in rows), default=0.0)
    return [{**row, "length": max(row["gain"], 0.0) / most if most else 0.0} for row in rows]


def _data(study: Mapping[str, Any]) -> dict[str, Any]:
    """What the page's script needs; temperatures in tenths of a degree, which is what it shows."""
    maps = {
        record["key"]: {
            "x": record["thermal"]["x_mm"], "y": record["thermal"]["y_mm"],
            "modes": {
                mode: [[None if t is None else round(10.0 * t) for t in row] for row in cells]
                for mode, cells in record["thermal"]["map_degc"].items()
            },
        }
        for record in study["best"] if record["thermal"]
    }  # fmt: skip
    return {"pareto": pareto_record(study), "maps": maps}


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that no HTML parser takes for markup and no script parser for a line's end."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def policy(scripts: list[str]) -> str:
    """A content security policy: no network, and no script but these."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
        for text in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; connect-src 'none'; "
        "base-uri 'none'; form-action 'none'"
    )


def _template(name: str) -> str:
    return (resources.files("packfirst.report") / "templates" / name).read_text(encoding="utf-8")


def _vendored(name: str) -> str:
    text = (resources.files("packfirst") / "_vendor" / name).read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script")
