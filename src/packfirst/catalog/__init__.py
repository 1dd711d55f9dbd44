"""The catalog: sourced records, their loader and their checks. Names load when they are asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packfirst.catalog.catalog import Catalog, Source, UnknownRecord
    from packfirst.catalog.check import Statistics, statistics
    from packfirst.catalog.load import load_catalog
    from packfirst.catalog.record import MissingDatum, ProcessStep, Record, Row, input_id

__all__ = [
    "Catalog",
    "MissingDatum",
    "ProcessStep",
    "Record",
    "Row",
    "Source",
    "Statistics",
    "UnknownRecord",
    "input_id",
    "load_catalog",
    "statistics",
]

_HOMES = {
    "catalog": ("Catalog", "Source", "UnknownRecord"),
    "check": ("Statistics", "statistics"),
    "load": ("load_catalog",),
    "record": ("MissingDatum", "ProcessStep", "Record", "Row", "input_id"),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"packfirst.catalog.{home}"), name)
    raise AttributeError(f"module 'packfirst.catalog' has no attribute {name!r}")
