"""The strict YAML reader: what it takes, what it refuses, and where it says so."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from packfirst.errors import InputError
from packfirst.yaml_marks import MAX_BYTES, Marked, dotted, load, parse


def problem_of(text: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        parse(text, "f.yaml")
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # YAML 1.1 would make these a boolean, a date, a number in base 60, an octal number, not a number.
        *[(word, word) for word in ("NO", "no", "yes", "on", "Off", "True", "y")],
        ("2024-01-01", "2024-01-01"),
        ("12:30", "12:30"),
        ("0123", "0123"),
        ("-007", "-007"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("nan", "nan"),
        ("1e999", "1e999"),
        ("120 um", "120 um"),
        ("<<", "<<"),
        # and these it would leave as text
        ("1e-7", 1e-7),
        ("1E6", 1e6),
        ("3.", 3.0),
        (".5", 0.5),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("'12'", "12"),
        ('"true"', "true"),
    ],
)
def test_plain_scalars(text: str, value: object) -> None:
    data = parse(f"a: {text}\n", "f").data
    assert isinstance(data, dict)
    assert data["a"] == value
    assert type(data["a"]) is type(value)


def test_keys_stay_text() -> None:
    assert parse("NO: 1\n7: 2\ntrue: 3\n", "f").data == {"NO": 1, "7": 2, "true": 3}


def test_all_duplicate_keys_are_named_with_both_lines() -> None:
    with pytest.raises(InputError) as caught:
        parse("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "f.yaml")
    assert [str(p) for p in caught.value.problems] == [
        "f.yaml:4: b.c: appears twice, first on line 3: keep one",
        "f.yaml:5: a: appears twice, first on line 1: keep one",
    ]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: &x [1]\nb: *x\n", 1, "anchor '&x'"),
        ("a: *x\n", 1, "alias '*x'"),
        ("a: 1\nb: !!python/object:os.system x\n", 2, "tag"),
        ("a: !!int 3\n", 1, "tag"),
        ("a:\n\tb: 1\n", 2, "indent with spaces"),
        ("a: {b: 1\nc: 2\n", 2, "close the braces"),
        ("a: [1, 2\n", 2, "close the brackets"),
        ("a: 'x\n", 1, "quotation mark"),
        ("a: b: c\n", 1, "quote the text"),
        ("a: @x\n", 1, "quote text"),
        ("a: 1\n---\nb: 2\n", 2, "one document per file"),
        ("a: 1\nb: \x01\n", 2, "U+0001"),
        (b"a: 1\nb: \xff\n", 2, "0xff is not UTF-8"),
        ("? [1]\n: 2\n", 1, "a key is plain text"),
        ("[" * 100, 1, "nested deeper"),
        ("a: [1]\n - b\n", 2, "indent"),
    ],
)
def test_broken_text_gives_one_line_with_its_place(text: str | bytes, line: int, part: str) -> None:
    found = problem_of(text)
    assert found.startswith(f"f.yaml:{line}: ")
    assert part in found
    assert "\n" not in found


@pytest.mark.parametrize("text", ["", "# only a remark\n"])
def test_empty_file(text: str) -> None:
    assert problem_of(text) == "f.yaml: the file is empty"


def test_billion_laughs_is_refused_before_it_grows() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert problem_of("\n".join(rows)).startswith("f.yaml:1: anchor")


def test_lines_and_nearest_parent() -> None:
    marked = parse("a: 1\nb:\n  - x\n  - c: 2\n    d: {e: 3}\n", "f.yaml")
    assert [marked.line(path) for path in [("a",), ("b",), ("b", 0), ("b", 1, "c"), ("b", 1, "d", "e")]] == [
        1, 2, 3, 4, 5,
    ]  # fmt: skip
    assert marked.line(("b", 1, "missing", "deeper")) == 4
    assert marked.line(("missing",)) == 1
    assert str(marked.problem(("b", 1, "d", "e"), "wrong")) == "f.yaml:5: b[1].d.e: wrong"
    assert Marked(data=None, lines={}, file="f").line(("a",)) == 0


def test_dotted() -> None:
    assert dotted(("records", 3, "thickness", "value")) == "records[3].thickness.value"


def test_byte_order_mark_and_dos_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "dos.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: x y\r\n")
    marked = load(path)
    assert marked.data == {"a": 1, "b": "x y"}
    assert marked.line(("b",)) == 2


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            load(path)
    large = tmp_path / "large.yaml"
    large.write_bytes(b"# " + b"x" * MAX_BYTES)
    with pytest.raises(InputError, match=r"large\.yaml: is larger than 5 MB"):
        load(large)


TEXTS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f\x85"), max_size=12
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(DATA)
def test_what_pyyaml_writes_comes_back(data: object) -> None:
    """PyYAML's own emitter is the oracle: it quotes whatever plain text would be read as something else."""
    text = yaml.safe_dump({"a": data}, allow_unicode=True)
    if "&id" in text:  # the emitter's own aliases for equal lists
        return
    assert parse(text, "f").data == {"a": data}


@given(st.text(max_size=80))
def test_any_text_is_data_or_an_input_error(text: str) -> None:
    try:
        problems = []
        assert parse(text, "f.yaml").line(()) >= 1
    except InputError as error:
        problems = [str(problem) for problem in error.problems]
    assert all("\n" not in problem for problem in problems)
