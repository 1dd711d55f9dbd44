"""JSON Schema of a program file, so that editors complete, explain and check it while it is written."""

from typing import Any

from packfirst.program.model import FORMAT, Program

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema as a plain dictionary; units are text, as in the file."""
    schema = Program.model_json_schema()
    schema.pop("title", None)
    return {"$schema": DIALECT, "title": f"packfirst program ({FORMAT})", **_closed(schema)}


def _closed(node: Any) -> Any:
    """The same schema, in which a name outside its pattern is an error, as it is in a Program."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(item) for key, item in node.items()}
    return {**closed, "additionalProperties": False} if "patternProperties" in closed else closed
