"""Power traces as CSV: spans, and every fault one clear line."""

import pytest

from packfirst.errors import InputError
from packfirst.formats.power_trace import read_power_trace

GOOD = "time_s,compute,hbm\n0,10,1\n0.1,0,1\n0.3,5,2\n0.5,,\n"


def written(tmp_path, text):
    path = tmp_path / "trace.csv"
    path.write_text(text)
    return path


def test_a_row_holds_until_the_next(tmp_path):
    found = read_power_trace(written(tmp_path, "# pulses\n" + GOOD))
    assert found.names == ("compute", "hbm")
    assert found.time_s.tolist() == [0.0, 0.1, 0.3, 0.5]
    assert found.power_w.tolist() == [[10.0, 1.0], [0.0, 1.0], [5.0, 2.0]]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("0.1,0,1", "0.1,0", 3, "ragged: 1 powers for 2 names"),
        ("0.1,0,1", "0.1,0,nan", 3, "hbm: 'nan' is not a finite number"),
        ("0.1,0,1", "0.1,-4,1", 3, "compute: '-4' is not a finite number, zero or more"),
        ("0.1,0,1", "0.1,many,1", 3, "compute: 'many' is not"),
        ("0.3,5,2", "0.05,5,2", 4, "0.05 s is not later than the row before"),
        ("compute,hbm", "hbm,hbm", 1, "'hbm' has two columns"),
        ("time_s,", "t,", 1, "write a first line: time_s"),
        ("0.1,0,1\n0.3,5,2\n0.5,,\n", "", 1, "two rows or more"),
    ],
)
def test_one_clear_line_for_each_fault(tmp_path, old, new, line, says):
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_power_trace(path)
    (problem,) = map(str, caught.value.problems)
    assert problem.startswith(f"{path}:{line}: ")
    assert says in problem
    assert "\n" not in problem


def test_what_is_no_text_or_not_there(tmp_path):
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not a text file"):
        read_power_trace(tmp_path / "bytes.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_power_trace(tmp_path / "none.csv")
