"""packfirst: choose the package before the die.

The names below are what users may rely on. Each loads its module when it is first asked for, so that
`import packfirst` costs nothing. Where a function bears the name of its module it is asked for there:
`from packfirst.assess import assess`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packfirst.assess import Assessment as Assessment
    from packfirst.catalog.catalog import Catalog as Catalog
    from packfirst.catalog.load import load_catalog as load_catalog
    from packfirst.errors import InputError as InputError
    from packfirst.errors import PackfirstError as PackfirstError
    from packfirst.inputs import Input as Input
    from packfirst.limit import Limit as Limit
    from packfirst.limit import NotAssessed as NotAssessed
    from packfirst.program.load import load_program as load_program
    from packfirst.program.model import Program as Program

__version__ = "0.1.0"

_HOMES = {
    "Assessment": "assess",
    "Catalog": "catalog.catalog",
    "Input": "inputs",
    "InputError": "errors",
    "Limit": "limit",
    "NotAssessed": "limit",
    "PackfirstError": "errors",
    "Program": "program.model",
    "load_catalog": "catalog.load",
    "load_program": "program.load",
}
__all__ = [
    "Assessment", "Catalog", "Input", "InputError", "Limit", "NotAssessed", "PackfirstError", "Program",
    "load_catalog", "load_program",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"packfirst.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
