"""The JSON Schema accepts what the loader accepts, and refuses what an editor can see is wrong."""

import copy
import json
import re

import pytest
from tests.program.broken import CASES, EXAMPLE

from packfirst import yaml_marks
from packfirst.errors import InputError
from packfirst.program import json_schema

SCHEMA = json_schema()
DATA = yaml_marks.load(EXAMPLE).data
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def complaints(data, schema, path=""):
    """What JSON Schema 2020-12 has against `data`, for the keywords that the schema uses."""
    known = {"$schema", "$defs", "$ref", "title", "description", "default", "examples", "type", "enum", "const",
             "anyOf", "properties", "required", "additionalProperties", "patternProperties", "propertyNames",
             "minProperties", "items", "prefixItems", "minItems", "maxItems", "pattern", "minLength", "maxLength",
             "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}  # fmt: skip
    assert set(schema) <= known, set(schema) - known
    if "$ref" in schema:
        yield from complaints(data, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], path)
    if "anyOf" in schema and all(any(complaints(data, option, path)) for option in schema["anyOf"]):
        yield f"{path}: fits none"
    if ("const" in schema and data != schema["const"]) or ("enum" in schema and data not in schema["enum"]):
        yield f"{path}: unknown value"
    if "type" in schema and (not isinstance(data, TYPES[schema["type"]]) or isinstance(data, bool)):
        yield f"{path}: no {schema['type']}"
    elif isinstance(data, dict):
        yield from _mapping_complaints(data, schema, path)
    elif isinstance(data, list):
        if not schema.get("minItems", 0) <= len(data) <= schema.get("maxItems", len(data)):
            yield f"{path}: length"
        first = schema.get("prefixItems", [])
        for index, item in enumerate(data):
            inner = first[index] if index < len(first) else schema.get("items", {})
            yield from complaints(item, inner, f"{path}[{index}]")
    elif isinstance(data, str):
        if not re.search(schema.get("pattern", ""), data):
            yield f"{path}: pattern"
        if not schema.get("minLength", 0) <= len(data) <= schema.get("maxLength", len(data)):
            yield f"{path}: length"
    elif data is not None:
        inside = schema.get("minimum", data) <= data <= schema.get("maximum", data)
        strictly = schema.get("exclusiveMinimum", data - 1) < data < schema.get("exclusiveMaximum", data + 1)
        if not (inside and strictly):
            yield f"{path}: range"


def _mapping_complaints(data, schema, path):
    if len(data) < schema.get("minProperties", 0):
        yield f"{path}: empty"
    for key in schema.get("required", []):
        if key not in data:
            yield f"{path}: no {key}"
    for key, item in data.items():
        inner = schema.get("properties", {}).get(key)
        for pattern, option in schema.get("patternProperties", {}).items():
            inner = option if re.search(pattern, key) else inner
        if inner is not None:
            yield from complaints(item, inner, f"{path}.{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{path}: unknown {key}"


def test_the_example_fits():
    assert list(complaints(DATA, SCHEMA)) == []


def test_says_what_it_is_and_is_plain_json():
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "packfirst-program-1" in SCHEMA["title"]
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_every_field_is_described():
    parts = {"Program": SCHEMA, **SCHEMA["$defs"]}
    for name, part in parts.items():
        assert part["description"], name
        for key, field in part["properties"].items():
            assert field.get("description"), f"{name}.{key}"


def test_units_are_text_with_the_units_spelled_out():
    area = SCHEMA["$defs"]["Block"]["properties"]["area"]["anyOf"][0]
    assert area["type"] == "string"
    for text, fits in (
        ("920 mm2", True),
        ("9.2 cm2", True),
        ("1e-4 m2", True),
        ("920", False),
        ("920 mm", False),
    ):
        assert bool(re.search(area["pattern"], text)) is fits, text


SEEN_BY_AN_EDITOR = (
    "power without a unit", "power with a length's unit", "misspelt key", "misspelt section", "misspelt value",
    "misspelt key of a number", "required key missing", "split into zero", "no splits", "unknown discipline",
    "unknown kind", "year as text", "count as text", "name with a space", "later format", "certainty",
    "link with three ends", "link with one end", "duty above one", "list written as a word", "duty is true",
)  # fmt: skip


@pytest.mark.parametrize("name", SEEN_BY_AN_EDITOR)
def test_an_editor_sees_the_mistake(name):
    edit = next(case[1] for case in CASES if case[0] == name)
    data = yaml_marks.parse(edit(EXAMPLE.read_text(encoding="utf-8")), "broken").data
    assert list(complaints(data, SCHEMA))


def test_whatever_the_schema_refuses_in_the_cases_the_loader_refuses():
    """The schema is never stricter than the loader: it complains about no default that a file may leave out."""
    data = copy.deepcopy(DATA)
    for key in ("bought", "links", "workload", "needs", "objectives"):
        del data[key]
    for mode in data["modes"].values():
        del mode["power"]["hbm"]
    assert list(complaints(data, SCHEMA)) == []
    from packfirst.program.load import program_from

    try:
        program_from(yaml_marks.Marked(data=data, lines={}, file="least"))
    except InputError as error:
        pytest.fail(str(error))
