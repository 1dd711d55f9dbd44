"""Chains of analogue stages: what goes to the antenna, and what comes from it."""

from pydantic import Field

from packfirst.program.part import Count, Name, Part
from packfirst.program.quantity import Frequency, Power, Ratio, RatioDb, RatioSlope, Temperature


class Stage(Part):
    """One stage of a chain, on one block or bought part; figures at its die's pads, at the chain's `at`."""

    on: str = Field(description="block or bought part on which the stage stands")
    gain: RatioDb = Field(description="small-signal gain; negative for a loss")
    noise_figure: RatioDb | None = Field(default=None, description="of the stage alone; a loss needs none")
    output_power: Power | None = Field(default=None, description="saturated output power")
    efficiency: Ratio | None = Field(
        default=None, description="output power over supply power there, 0 to 1, drive not taken off"
    )
    gain_slope: RatioSlope | None = Field(default=None, description="change of gain with temperature")
    power_slope: RatioSlope | None = Field(
        default=None, description="change of output power with temperature"
    )
    noise_slope: RatioSlope | None = Field(
        default=None, description="change of noise figure with temperature"
    )
    mode: str = Field(
        default="", description="mode in which its temperature is taken; empty: the hottest one"
    )


class Chain(Part):
    """Stages in the order of the signal, with the package's own transitions between them."""

    stages: dict[Name, Stage] = Field(min_length=1, description="in the order of the signal")
    order: tuple[str, ...] = Field(min_length=1, description="names of the stages, first to last")
    channels: Count = Field(default=1, description="how many equal chains the module holds")
    at: Temperature = Field(description="of the die, at which the figures of the stages hold")
    drive: Power | None = Field(
        default=None, description="power that comes to the first port of a channel while it transmits"
    )
    supply: Power | None = Field(
        default=None,
        description="drawn per channel while it transmits by all but the stages with an efficiency",
    )


class Radio(Part):
    """The analogue band of the module and its chains."""

    low: Frequency = Field(description="low end of the band")
    high: Frequency = Field(description="high end of the band")
    transmit: Chain | None = Field(default=None, description="from the exciter to the antenna port")
    receive: Chain | None = Field(default=None, description="from the antenna port to the receiver")
