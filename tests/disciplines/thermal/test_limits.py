from ...assessment.example import STACKED, assessed


def test_a():
    assert assessed(STACKED)
