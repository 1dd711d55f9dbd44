"""The quality that the customer asks for, and how many parts must be left to ship."""

from typing import Literal

from pydantic import Field

from packfirst.program.part import Part, Parts, Share
from packfirst.program.quantity import Dose, Duration, Mass, Ratio, Temperature

# Levels of the qualification documents, by document. `packfirst qualify` says what each asks.
LEVELS = (
    "38535_v", "38535_q", "38535_y", "38535_n", "38535_p", "38535_t",
    "38534_k", "38534_h", "38534_l", "38534_f", "38534_g", "38534_d", "38534_e",
    "jesd47", "aec_q100", "aec_q104", "nasa_level_1", "nasa_level_2", "nasa_level_3", "commercial",
)  # fmt: skip


class Quality(Part):
    """Levels of qualification of which one must be passed, and the parts that it has to leave."""

    levels: tuple[Literal[LEVELS], ...] = Field(  # type: ignore[valid-type]
        min_length=1, description="levels of which the customer accepts any one, the preferred first"
    )
    ship: Parts = Field(default=1, description="good parts that must be left after qualification")
    weeks: Duration | None = Field(default=None, description="longest that qualification may take")
    reflow: Temperature | None = Field(
        default=None, description="peak of the reflow by which the package is soldered to its board"
    )
    reflows: int = Field(default=3, strict=True, ge=0, le=10, description="how many of these it must survive")
    confidence: Share = Field(default=0.9, description="of sample plans that state none")
    lid_seal: str | None = Field(
        default=None,
        description="how a cavity is closed, from the catalog; left out: as the technology does it",
    )
    getter: Mass | None = Field(default=None, description="water that a getter in the cavity can take up")
    dose: Dose | None = Field(
        default=None, description="total ionising dose that every die is shown to stand, by lot tests"
    )
    dose_margin: Ratio | None = Field(
        default=None, description="factor between that dose and the mission's; left out: 2"
    )
