"""What every part of a Program shares: frozen, closed to unknown keys, with plain names and strict counts."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MOST_DIE = 64  # of one block, or of one bought part

# Names become parts of input ids and of file names, so they are plain.
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
# Strict: a file that says `duty: true` or `count: "8"` means something else.
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Count = Annotated[int, Field(strict=True, ge=1, le=MOST_DIE)]
Parts = Annotated[int, Field(strict=True, ge=1, le=10**9)]


def _is_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar: write it as 2027-03-01") from None
    return text


Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_is_day)]


class Part(BaseModel):
    """Base of every part: frozen, closed to unknown keys, finite.

    `LATER` names fields that came after the first files were hashed: while one says nothing but its default it
    is no part of the digest, so that a Program keeps its digest when the format grows.
    """

    LATER: ClassVar[tuple[str, ...]] = ()

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, allow_inf_nan=False, validate_default=False
    )
