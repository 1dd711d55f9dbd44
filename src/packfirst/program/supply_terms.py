"""Under which terms the product is bought and built, and by when."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from packfirst.program.part import Day, Part

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1 alpha-2


Amount = Annotated[float, Field(strict=True, ge=0)]
DOMAINS = ("commercial", "defence", "space", "aerospace", "automotive")


class Declared(Part):
    """What the rules ask of the finished package and no model here computes; left out: nobody has said."""

    makers: dict[str, str] | None = Field(
        default=None,
        description="maker of the silicon of each die group and bought part; '' where not yet known",
    )
    transistors: Amount | None = Field(default=None, description="count in the finished package")
    processing_performance: Amount | None = Field(
        default=None, description="total processing performance as ECCN 3A090 defines it"
    )
    performance_density: Amount | None = Field(
        default=None, description="performance density as ECCN 3A090 defines it"
    )
    approved_house: bool | None = Field(
        default=None, strict=True, description="whether an approved house packages it and attests the count"
    )
    cleared: tuple[str, ...] = Field(
        default=(), description="ids of policy rules that your counsel has cleared for this product"
    )


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
    domain: Literal[DOMAINS] = Field(  # type: ignore[valid-type]
        default="commercial", description="use of the product, by which policy rules are chosen"
    )
    volume_tier: Literal["", "prototype", "low", "high"] = Field(
        default="", description="volume that every site must take; left out: any, prototype lines too"
    )
    declared: Declared = Field(default=Declared(), description="what the rules ask of the finished package")
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

    @model_validator(mode="after")
    def _in_order(self) -> "Dates":
        for name, day in (("tape_out", self.tape_out), ("need", self.need)):
            if day is not None and day <= self.start:
                raise ValueError(f"{name} is {day}, not after the start, {self.start}")
        return self
