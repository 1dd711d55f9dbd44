"""An Assessment as plain data: what reports draw, `--json` prints and a study keeps."""

from collections.abc import Mapping, Sequence

import numpy as np

from packfirst import units
from packfirst.assess import Assessment
from packfirst.catalog import Catalog
from packfirst.confidence import Influence, Judged, Lever, influences, levers, metric_sigma
from packfirst.inputs import Input
from packfirst.levers import Solved
from packfirst.limit import NotAssessed

FORMAT = "packfirst-assessment-1"
# Levers and influences beyond these say nothing that a reader would act on.
MOST_LEVERS, MOST_INFLUENCES = 6, 8
ZERO_CELSIUS_K = 273.15


def assessment_record(assessment: Assessment, catalog: Catalog) -> dict[str, object]:
    """Everything of an Assessment that a reader may ask for, as JSON-ready data."""
    verdict, inputs = assessment.verdict, assessment.inputs
    binding = verdict.binding
    return {
        "format": FORMAT,
        "key": assessment.candidate.key,
        "candidate": candidate_record(assessment),
        "rung": assessment.rung,
        "state": verdict.state,
        "joint_probability": verdict.joint_probability,
        "missing": list(verdict.missing),
        "binding": None if binding is None else limit_record(binding, inputs, full=True),
        "limits": [limit_record(item, inputs, full=True) for item in verdict.judged],
        "not_assessed": [_absent(item) for item in verdict.not_assessed],
        "metrics": metric_records(assessment),
        "geometry": _geometry(assessment),
        "thermal": _thermal(assessment),
        "performance": _plain(assessment.outcomes["performance"].details),
        "electrical": _plain(assessment.outcomes["electrical"].details),
        "cost": _plain(assessment.outcomes["cost"].details),
        "form_factor": _plain(assessment.outcomes["form_factor"].details),
        "assumptions": assumptions(assessment, catalog),
    }


def brief_record(assessment: Assessment) -> dict[str, object]:
    """What a study keeps of every candidate: the choices, the verdict, limits without their levers, metrics."""
    verdict, inputs = assessment.verdict, assessment.inputs
    binding = verdict.binding
    return {
        **candidate_record(assessment),
        "state": verdict.state,
        "joint_probability": verdict.joint_probability,
        "missing": list(verdict.missing),
        "binding": None if binding is None else limit_record(binding, inputs, full=False),
        "limits": [limit_record(item, inputs, full=False) for item in verdict.judged],
        "metrics": metric_records(assessment),
    }


def metric_records(assessment: Assessment) -> dict[str, dict[str, object]]:
    """Figures of merit with their spread."""
    return {
        name: {
            "value": m.value, "sigma": metric_sigma(m, assessment.inputs), "unit": m.unit, "better": m.better,
        }
        for name, m in assessment.metrics.items()
    }  # fmt: skip


def candidate_record(assessment: Assessment) -> dict[str, object]:
    """The choices of a candidate, in words."""
    candidate = assessment.candidate
    groups = candidate.partition.groups
    return {
        "key": candidate.key,
        "describe": candidate.describe(),
        "family": list(candidate.family),
        "groups": [{"blocks": list(g.blocks), "count": g.count, "node": g.node} for g in groups],
        "stacked": [[groups[a].name, groups[b].name] for a, b in candidate.partition.stacked],
        "carrier": candidate.carrier,
        "stack": candidate.stack,
        "thermal_path": candidate.thermal_path,
        "lid_interface": candidate.lid_interface,
        "floorplan": candidate.floorplan,
    }


def limit_record(item: Judged, inputs: Mapping[str, Input], *, full: bool) -> dict[str, object]:
    """One judged Limit; in full with what moves it and what its spread rests on."""
    limit = item.limit
    found: dict[str, object] = {
        "id": str(limit.identity), "discipline": limit.identity.discipline, "kind": limit.identity.kind,
        "subject": limit.identity.subject, "mode": limit.identity.mode, "demand": limit.demand,
        "capacity": limit.capacity, "margin": limit.margin, "margin_ratio": limit.margin_ratio,
        "unit": limit.unit, "hard": limit.hard, "rung": limit.rung, "sigma": item.sigma,
        "probability": item.probability, "explanation": limit.explanation, "basis": list(limit.basis),
        "flags": list(limit.flags), "model_error": limit.model_error,
    }  # fmt: skip
    if full:
        found["levers"] = [lever_record(lever, inputs) for lever in levers(limit, inputs)[:MOST_LEVERS]]
        found["influences"] = [
            _influence(part, inputs) for part in influences(limit, inputs)[:MOST_INFLUENCES]
        ]
    return found


def lever_record(lever: Lever, inputs: Mapping[str, Input]) -> dict[str, object]:
    """A lever with its step in a unit that people write."""
    item = inputs[lever.input_id]
    return {
        "input": lever.input_id,
        "now": units.write(item.value, item.quantity),
        "to": units.write(item.value + lever.step, item.quantity, digits=4),
        "step_si": lever.step,
        "within_range": lever.within_range,
    }


def solved_record(solved: Solved, inputs: Mapping[str, Input]) -> dict[str, object]:
    """A lever with the value that was found to meet the limit, and the margin found there."""
    item = inputs[solved.lever.input_id]
    return {
        "input": item.id,
        "now": units.write(item.value, item.quantity, digits=6),
        "to": units.write(solved.value, item.quantity, digits=6),
        "to_si": solved.value,
        "margin": solved.margin,
    }


def _influence(part: Influence, inputs: Mapping[str, Input]) -> dict[str, object]:
    item = inputs.get(part.input_id)
    return {
        "input": part.input_id, "sigma": part.sigma, "share": part.share,
        "evidence": "model" if item is None else str(item.evidence),
    }  # fmt: skip


def _absent(item: NotAssessed) -> dict[str, object]:
    return {"id": str(item.identity), "discipline": item.identity.discipline, "missing": list(item.missing)}


def assumptions(assessment: Assessment, catalog: Catalog) -> list[dict[str, object]]:
    """Every Input that the hard Limits rest on, the most influential first.

    Influence: the largest share of the variance of any one hard Limit that the Input stands for, each
    weighted by how uncertain that Limit is of holding, 4 p (1 - p).
    """
    weight: dict[str, float] = {}
    for item in assessment.verdict.judged:
        if item.limit.hard:
            doubt = 4.0 * item.probability * (1.0 - item.probability)
            for part in influences(item.limit, assessment.inputs):
                weight[part.input_id] = max(weight.get(part.input_id, 0.0), part.share * doubt)
    found = []
    for name, influence in sorted(weight.items(), key=lambda pair: (-pair[1], pair[0])):
        item_input = assessment.inputs.get(name)
        if item_input is not None:
            found.append({**input_record(item_input, catalog), "influence": influence})
    return found


def input_record(item: Input, catalog: Catalog) -> dict[str, object]:
    """An Input with its band and source, as text."""
    source = catalog.sources.get(item.source)
    return {
        "input": item.id, "value": units.write(item.value, item.quantity),
        "low": None if item.low is None else units.write(item.low, item.quantity),
        "high": None if item.high is None else units.write(item.high, item.quantity),
        "kind": str(item.kind), "evidence": str(item.evidence),
        "source": source.title if source else item.source, "url": source.url if source else "",
        "year": item.year, "where": item.where, "note": item.note,
    }  # fmt: skip


def _geometry(assessment: Assessment) -> dict[str, object]:
    """Bodies in painting order [mm], for sections and floorplans."""
    return {
        "bodies": [
            {
                "id": b.id, "role": b.role, "material": b.material, "owner": b.owner,
                "box_mm": [round(x * 1e3, 6) for x in b.box_m],
            }
            for b in assessment.package.bodies
        ],
        "die": [
            {"id": d.id, "group": d.group, "body": d.body, "base": d.base, "part": d.part, "node": d.node}
            for d in assessment.package.die
        ],
        "terminals": {
            "pitch_mm": assessment.package.terminals.pitch_m * 1e3,
            "columns": assessment.package.terminals.columns, "rows": assessment.package.terminals.rows,
        },
    }  # fmt: skip


def _thermal(assessment: Assessment) -> dict[str, object]:
    """Temperatures [degC] of the die in every mode, and a map of the hottest die plane per column."""
    details = assessment.outcomes["thermal"].details
    if "mesh" not in details:
        return {}
    mesh, label, field = details["mesh"], details["label"], details["temperature_k"]
    die = [n for n, b in enumerate(assessment.package.bodies) if b.role == "die"]
    inside = np.isin(label, die)  # type: ignore[arg-type]
    columns = np.flatnonzero(inside.any(axis=(1, 2)))
    rows = np.flatnonzero(inside.any(axis=(0, 2)))
    x, y = slice(columns[0], columns[-1] + 1), slice(rows[0], rows[-1] + 1)
    maps = {}
    for number, mode in enumerate(_modes(details["die"])):  # type: ignore[arg-type]
        hottest = np.where(inside, field[number], -np.inf).max(axis=2)[x, y] - ZERO_CELSIUS_K  # type: ignore[index]
        maps[mode] = [[None if not np.isfinite(t) else round(float(t), 2) for t in row] for row in hottest]
    return {
        "die": [
            {
                "id": name, "mode": mode, "power_w": power, "peak_degc": peak - ZERO_CELSIUS_K,
                "mean_degc": mean - ZERO_CELSIUS_K,
            }
            for name, mode, power, peak, mean in details["die"]  # type: ignore[attr-defined]
        ],
        "map_degc": maps,
        "x_mm": [round(float(v) * 1e3, 5) for v in mesh.x_m[columns[0] : columns[-1] + 2]],  # type: ignore[attr-defined]
        "y_mm": [round(float(v) * 1e3, 5) for v in mesh.y_m[rows[0] : rows[-1] + 2]],  # type: ignore[attr-defined]
        "balance": details["balance"], "residual": details["residual"], "iterations": details["iterations"],
        "cells": int(np.prod(mesh.shape)),  # type: ignore[attr-defined]
        "fluid_degc": float(details["fluid_k"]) - ZERO_CELSIUS_K,  # type: ignore[arg-type]
    }  # fmt: skip


def _modes(table: Sequence[tuple[str, str, float, float, float]]) -> list[str]:
    return list(dict.fromkeys(row[1] for row in table))


def _plain(value: object) -> object:
    """Tuples, arrays and numpy scalars as lists and floats; infinities as None, since JSON has no word for them."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else None
    return value
