"""What the user knows before tape-out: `Program`, `load_program`, `json_schema`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packfirst.program.load import load_program as load_program
    from packfirst.program.model import Program as Program
    from packfirst.program.references import Names as Names
    from packfirst.program.schema import json_schema as json_schema

_HOMES = {"Program": "model", "load_program": "load", "Names": "references", "json_schema": "schema"}
__all__ = ["Names", "Program", "json_schema", "load_program"]


def __getattr__(name: str) -> Any:
    # pydantic takes a tenth of a second, which `packfirst --help` need not pay.
    if name in _HOMES:
        return getattr(import_module(f"packfirst.program.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
