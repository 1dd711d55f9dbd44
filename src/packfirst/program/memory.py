"""What a block of memory holds and gives, and what refreshing it costs."""

from pydantic import Field

from packfirst.program.part import Part
from packfirst.program.quantity import Bandwidth, Data, Duration, Temperature


class Memory(Part):
    """Memory cells of a block, all its die together."""

    capacity: Data = Field(description="what the whole block holds")
    bandwidth: Bandwidth = Field(description="peak of the whole block, reads and writes together")
    refresh_interval: Duration | None = Field(
        default=None, description="mean time between refresh commands when cool, tREFI; none: no refresh"
    )
    maximum: Temperature | None = Field(
        default=None, description="hottest that its cells may be; left out: what the package allows any die"
    )
    refresh_time: Duration | None = Field(
        default=None, description="time for which a refresh command takes its bank away, tRFC"
    )
