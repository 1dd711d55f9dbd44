"""The distribution marking that every output of a marked Program carries."""

from packfirst.program.model import Program


def marking_line(program: Program | None) -> str:
    """One line for the top of every output, or "" where the Program sets no marking.

    A marking says how the user's own papers are to be handled; it decides nothing and replaces no review.
    """
    marking = program.terms.marking if program is not None and program.terms is not None else ""
    if not marking:
        return ""
    return f"{marking} - marked so by the Program; handle and distribute by its terms only"
