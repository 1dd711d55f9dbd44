"""What the product must live through."""

from pydantic import Field

from packfirst.program.part import Name, Part, Share
from packfirst.program.quantity import (
    Acceleration,
    AccelerationDensity,
    Dose,
    Duration,
    Number,
    Pressure,
    Temperature,
)


class Segment(Part):
    """One stretch of the mission, with the cycles that it brings."""

    time: Duration = Field(description="how long it lasts, all together")
    cold: Temperature = Field(description="of the surroundings, at the cold end of a cycle")
    hot: Temperature = Field(description="of the surroundings, at the hot end of a cycle")
    cycles: Number = Field(description="temperature or power cycles in this segment")
    dwell: Duration = Field(description="at each end of a cycle")
    powered: Share = Field(default=1.0, description="share of the time in which it works")
    humidity: Share = Field(default=0.0, description="relative humidity at the hot end")


class Mission(Part):
    """Temperatures, cycles, radiation, vibration and shock over the life."""

    segments: dict[Name, Segment] = Field(min_length=1, description="stretches of the mission")
    failing_share: Share = Field(
        default=0.01, description="share of the parts that may have failed at its end"
    )
    dose: Dose | None = Field(default=None, description="total ionising dose at the die")
    vibration: AccelerationDensity | None = Field(
        default=None, description="random vibration about the board's own frequency"
    )
    vibration_time: Duration | None = Field(default=None, description="of that vibration, per axis")
    shock: Acceleration | None = Field(default=None, description="peak of a half-sine shock")
    shock_time: Duration | None = Field(default=None, description="of that shock")
    pressure: Pressure | None = Field(default=None, description="largest difference of pressure over a lid")
