"""What `packfirst thermal` says of its answers: tables on a terminal, and records for JSON."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packfirst.cli.thermal_cases import Solved
    from packfirst.cli.thermal_traces import Traced

ZERO_C_K = 273.15
JSON_FORMAT = 1
_TAIL = 0.995  # share of the whole resistance up to which a structure function is printed


def field_record(found: "Solved") -> dict[str, Any]:
    """A solved field for JSON."""
    rows = [
        {
            "layer": row.layer, "block": row.block, "mode": row.mode, "power_w": row.power_w,
            "mean_degc": row.mean_k - ZERO_C_K, "max_degc": row.max_k - ZERO_C_K,
        }
        for row in found.rows
    ]  # fmt: skip
    return {
        "format": JSON_FORMAT, "model": found.model, "blocks": rows, "power_w": found.power_w,
        "cells": list(found.temperature_k.shape), "max_degc": float(found.temperature_k[found.solid].max()) - ZERO_C_K,
        "balance": found.balance, "residual": found.residual, "iterations": found.iterations,
    }  # fmt: skip


def print_field(found: "Solved") -> None:
    """A solved field: a table per block, and its proof."""
    from rich.table import Table

    console = _console()
    console.print(found.model, markup=False)
    shown = [name for name in ("layer", "block", "mode") if any(asdict(row)[name] for row in found.rows)]
    heads = ["die" if name == "layer" and "block" not in shown else name for name in shown]
    table = Table(*heads, "power W", "mean degC", "max degC", box=None, pad_edge=False)
    for row in found.rows:
        words = asdict(row)
        table.add_row(
            *(words[name] for name in shown), f"{row.power_w:.4g}", f"{row.mean_k - ZERO_C_K:.2f}",
            f"{row.max_k - ZERO_C_K:.2f}",
        )  # fmt: skip
    console.print(table)
    cells = " x ".join(map(str, found.temperature_k.shape))
    how = f"{found.iterations} iterations" if found.iterations else "solved directly"
    console.print(
        f"{found.power_w:.6g} W; {cells} cells, {how}, residual {found.residual:.1e}, "
        f"heat balance {found.balance:.1e}"
    )


def _console() -> Any:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 150, highlight=False)


def trace_record(found: "Traced") -> dict[str, Any]:
    """A trace for JSON, with the hottest spot of every block at every step."""
    rows = [
        {
            "name": row.name, "start_degc": row.start_k - ZERO_C_K, "peak_degc": row.peak_k - ZERO_C_K,
            "peak_at_s": row.peak_at_s, "swing_k": row.swing_k,
        }
        for row in found.rows
    ]  # fmt: skip
    return {
        "format": JSON_FORMAT, "model": found.model, "blocks": rows, "time_s": found.time_s.tolist(),
        "hottest_degc": (found.hottest_k - ZERO_C_K).tolist(), "cells": list(found.cells), "steps": found.steps,
        "rejected": found.rejected, "imbalance": found.imbalance,
    }  # fmt: skip


def print_trace(found: "Traced") -> None:
    """A trace: start, peak and swing of each block, and its proof."""
    from rich.table import Table

    console = _console()
    console.print(found.model, markup=False)
    table = Table("block", "start degC", "peak degC", "at s", "swing K", box=None, pad_edge=False)
    for row in found.rows:
        table.add_row(
            row.name, f"{row.start_k - ZERO_C_K:.2f}", f"{row.peak_k - ZERO_C_K:.2f}", f"{row.peak_at_s:.4g}",
            f"{row.swing_k:.2f}",
        )  # fmt: skip
    console.print(table)
    cells = " x ".join(map(str, found.cells))
    console.print(
        f"{found.time_s[-1]:.6g} s; {cells} cells, {found.steps} steps, {found.rejected} halved, heat ledger open by "
        f"{found.imbalance:.1e}"
    )


def metrics_record(model: str, found: Any) -> dict[str, Any]:
    """JEDEC metrics for JSON: matrices whose row is the die that is read, whose column the one that is heated."""
    return {
        "format": JSON_FORMAT, "model": model, "die": list(found.names), "air_m_per_s": list(found.air_m_per_s),
        **{
            f"{name}_k_per_w": getattr(found, name).tolist()
            for name in ("theta_ja", "psi_jt", "psi_jb", "theta_jb", "theta_jc")
        },
    }  # fmt: skip


def print_metrics(model: str, found: Any) -> None:
    """JEDEC metrics: each die heated alone, and for several die the matrices."""
    from rich.table import Table

    console = _console()
    console.print(model, markup=False)
    speeds = [f"{speed:g} m/s" for speed in found.air_m_per_s]
    heads = [f"{name} {speed}" for name in ("theta-JA", "psi-JT", "psi-JB") for speed in speeds]
    table = Table("die", *heads, "theta-JB", "theta-JC", box=None, pad_edge=False)
    for n, name in enumerate(found.names):
        airs = [
            f"{matrix[n, n]:.3g}"
            for stack in (found.theta_ja, found.psi_jt, found.psi_jb)
            for matrix in stack
        ]
        table.add_row(name, *airs, f"{found.theta_jb[n, n]:.3g}", f"{found.theta_jc[n, n]:.3g}")
    console.print(table)
    console.print("K/W, each die heated alone on its JEDEC board; theta-JC with the case face held")
    if len(found.names) > 1:
        console.print(f"theta-JA at {speeds[0]} as JESD51-31's matrix: row read, column heated")
        matrix = Table("", *found.names, box=None, pad_edge=False)
        for name, row in zip(found.names, found.theta_ja[0], strict=True):
            matrix.add_row(name, *(f"{value:.3g}" for value in row))
        console.print(matrix)


def structure_record(die: str, time_s: Any, z_th: Any, ladder: Any) -> dict[str, Any]:
    """Impedance and structure function for JSON."""
    resistance, capacity = ladder.cumulative
    return {
        "format": JSON_FORMAT, "die": die, "time_s": time_s.tolist(), "zth_k_per_w": z_th.tolist(),
        "resistance_k_per_w": resistance.tolist(), "capacity_j_per_k": capacity.tolist(),
    }  # fmt: skip


def print_structure(die: str, z_th: Any, ladder: Any) -> None:
    """The cumulative structure function of a die's path."""
    from rich.table import Table

    console = _console()
    resistance, capacity = ladder.cumulative
    console.print(
        f"{die}: {z_th[-1]:.4g} K/W in all, heated alone; heat capacity up to each resistance", markup=False
    )
    table = Table("K/W from the junction", "J/K", box=None, pad_edge=False)
    # beyond, the ladder only says that the surroundings take any heat
    shown = resistance <= _TAIL * z_th[-1]
    for r, c in zip(resistance[shown], capacity[shown], strict=True):
        table.add_row(f"{r:.5g}", f"{c:.4g}")
    console.print(table)
