"""Under which terms the product is bought and built, and by when."""

from typing import Annotated, Literal

from pydantic import Field

from packfirst.program.part import Day, Part

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1 alpha-2


class Terms(Part):
    """Policy that the product falls under; what is left out is not asked."""

    home: Country = Field(default="US", description="country of the program, to which parts go")
    inside: tuple[Country, ...] = Field(default=(), description="countries in which every step must be done")
    owned_in: tuple[Country, ...] = Field(
        default=(), description="countries in which every site's owner must be"
    )
    trusted: bool = Field(
        default=False, strict=True, description="whether every site must be accredited as trusted"
    )
    government: bool = Field(default=False, strict=True, description="whether a government buys it")
    controlled: bool = Field(default=False, strict=True, description="whether its data is export-controlled")
    wafers_in: Country | None = Field(default=None, description="country in which the wafers are made")
    foundries: tuple[str, ...] = Field(default=(), description="firms that make the wafers")
    marking: Literal["", "CUI", "ITAR", "CUI and ITAR"] = Field(
        default="", description="distribution marking that every output must carry"
    )


class Dates(Part):
    """The calendar of the program."""

    start: Day = Field(description="when architecture starts")
    tape_out: Day | None = Field(
        default=None, description="planned tape-out; left out: as early as design allows"
    )
    need: Day | None = Field(default=None, description="when the first good parts must be fielded")
    engage: Literal["architecture", "tape_out"] = Field(
        default="architecture", description="when the package is taken up with its suppliers"
    )
