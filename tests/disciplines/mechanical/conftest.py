from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
import yaml


@pytest.fixture(scope="session")
def cases() -> Callable[[str], dict[str, Any]]:
    """Cases of one model by id, as the wheel carries them."""

    def load(name: str) -> dict[str, Any]:
        text = files("packfirst").joinpath(f"validation/cases/{name}.yaml").read_text(encoding="utf-8")
        return {case["id"]: case for case in yaml.safe_load(text)["cases"]}

    return load


@pytest.fixture(scope="session")
def table() -> Callable[[str], str]:
    """Text of a standard's table."""

    def load(name: str) -> str:
        return files("packfirst").joinpath(f"catalog/data/standards/{name}.csv").read_text(encoding="utf-8")

    return load
