import csv
from collections.abc import Callable
from pathlib import Path

import pytest

REFERENCES = Path(__file__).parents[2] / "references" / "cost"


@pytest.fixture(scope="session")
def reference() -> Callable[[str], list[dict[str, str]]]:
    """Rows of a reference table, without the source lines at its head."""

    def rows(name: str) -> list[dict[str, str]]:
        with open(REFERENCES / name, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(line for line in file if not line.startswith("#")))

    return rows
