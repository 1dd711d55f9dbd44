"""What the user knows before tape-out, as typed parts. Files become these in `packfirst.program.load`."""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from packfirst.errors import nearest
from packfirst.inputs import Input
from packfirst.program import tree
from packfirst.program.memory import Memory
from packfirst.program.mission import Mission
from packfirst.program.part import Count, Name, Part, Share
from packfirst.program.quality import Quality
from packfirst.program.quantity import (
    Area,
    Bandwidth,
    BytesPerOp,
    ComputeRate,
    Conductivity,
    Cost,
    Data,
    Expansion,
    Factor,
    FilmCoefficient,
    Length,
    Mass,
    MassFlow,
    Number,
    Power,
    Ratio,
    RatioDb,
    Temperature,
    TemperatureDifference,
    Voltage,
)
from packfirst.program.radio import Radio
from packfirst.program.supply_terms import Dates, Terms

FORMAT = "packfirst-program-1"
DISCIPLINES = (
    "performance", "thermal", "electrical", "mechanical", "form_factor", "test", "cost", "qualification",
    "supply", "schedule",
)  # fmt: skip
OBJECTIVES = (
    "throughput", "efficiency", "cost", "mass", "body_area", "memory_bandwidth", "output_power", "pae", "noise_figure",
)  # fmt: skip
WHOLE = 1e-6  # how far shares may be from adding up to 1


class Mix(Part):
    """Shares of a block's area that scale with a node as logic, memory cells and analogue do."""

    logic: Share = Field(description="share of the area that is logic")
    sram: Share = Field(description="share that is memory cells and their periphery")
    analog: Share = Field(description="share that is analogue, pads and PHY")

    @model_validator(mode="after")
    def _whole(self) -> "Mix":
        total = self.logic + self.sram + self.analog
        if abs(total - 1.0) > WHOLE:
            raise ValueError(f"logic, sram and analog must add up to 1, not {total:.6g}")
        return self


class Block(Part):
    """A function that must land on some die."""

    LATER: ClassVar[tuple[str, ...]] = ("stacking", "memory")

    area: Area = Field(description="silicon area of the whole block at `node`, in one piece")
    node: str = Field(description="node at which area, power and throughput are stated")
    nodes: tuple[str, ...] = Field(
        default=(), description="nodes on which it may be built; empty: `node` alone"
    )
    mix: Mix = Field(default=Mix(logic=1.0, sram=0.0, analog=0.0), description="what its area is made of")
    splits: tuple[Count, ...] = Field(
        default=(1,), min_length=1, description="numbers of equal die into which it may be cut"
    )
    stacks_on: tuple[str, ...] = Field(
        default=(), description="blocks on whose die it may be stacked face down"
    )
    throughput: ComputeRate | None = Field(default=None, description="peak of the whole block at `node`")
    stacking: Literal["beside", "above"] = Field(
        default="beside",
        description="how the die that it is cut into stand: beside each other, or one above another as a tower, "
        "on a block of `stacks_on` where it names any, else on the carrier",
    )
    memory: Memory | None = Field(default=None, description="what it holds, where it is memory")

    @property
    def allowed_nodes(self) -> tuple[str, ...]:
        return self.nodes or (self.node,)


class Bought(Part):
    """A die or stack of die that is bought: fixed size, own limits, from the catalog's parts."""

    part: str = Field(description="id of a catalog part, for example hbm3_12h")
    count: Count = Field(description="how many of it")


class Link(Part):
    """Traffic between two blocks; where both ends are the same block, between the die it is cut into."""

    between: tuple[str, str] = Field(description="names of two blocks or bought parts")
    bandwidth: Bandwidth = Field(
        description="both directions together, all die together; for a link within one cut block, "
        "across the middle cut"
    )
    standards: tuple[str, ...] = Field(
        min_length=1, description="families of link standards that may carry it"
    )


class Mode(Part):
    """A named state of work: power per block, and its share of the time."""

    power: dict[Name, Power] = Field(
        description="power of each block at its `node`, and of each bought part in all"
    )
    duty: Share = Field(description="share of the time; all modes together at most 1")


class Kernel(Part):
    """One kind of work in the workload."""

    share: Annotated[float, Field(strict=True, gt=0, le=1)] = Field(description="share of all operations")
    memory: BytesPerOp = Field(description="bytes to and from memory per operation")
    links: dict[Name, BytesPerOp] = Field(
        default_factory=dict, description="bytes over each named link per operation"
    )


class Workload(Part):
    """What the product is bought for."""

    compute: str = Field(description="block whose throughput does the work")
    memory: str | None = Field(default=None, description="bought part that holds the data")
    memory_bandwidth: Bandwidth | None = Field(
        default=None, description="of memory outside the package, where no bought part holds the data"
    )
    mode: str = Field(description="mode in which it is sustained")
    kernels: dict[Name, Kernel] = Field(min_length=1, description="kinds of work; their shares add up to 1")

    @model_validator(mode="after")
    def _one_memory(self) -> "Workload":
        if (self.memory is None) == (self.memory_bandwidth is None):
            raise ValueError(
                "name the bought part that holds the data as memory, or write memory_bandwidth, not both"
            )
        return self

    @model_validator(mode="after")
    def _whole(self) -> "Workload":
        total = sum(kernel.share for kernel in self.kernels.values())
        if abs(total - 1.0) > WHOLE:
            raise ValueError(f"the shares of the kernels must add up to 1, not {total:.6g}")
        return self


class Environment(Part):
    """What the package can give its heat to."""

    LATER: ClassVar[tuple[str, ...]] = ("case_maximum", "sink_power", "die_gradient", "coolant_flow")

    air: Temperature = Field(description="around the package")
    coolant: Temperature | None = Field(
        default=None, description="liquid at the cold plate's inlet; leave out where there is none"
    )
    cold_wall: Temperature | None = Field(
        default=None, description="rail or wall to which a card or a housing is clamped"
    )
    coolant_flow: MassFlow | None = Field(
        default=None, description="through this package's cold plate; without it the coolant does not warm"
    )
    space: Temperature | None = Field(default=None, description="what the package radiates to")
    vacuum: bool = Field(default=False, strict=True, description="whether there is no gas around the package")
    case_maximum: Temperature | None = Field(
        default=None, description="hottest that the face under the sink, cold plate or rail may be"
    )
    sink_power: Power | None = Field(
        default=None, description="most heat that the coolant, the air or the wall takes from the package"
    )
    die_gradient: TemperatureDifference | None = Field(
        default=None, description="largest difference of temperature between two spots of one die"
    )


class Board(Part):
    """The board that the package is soldered to."""

    LATER: ClassVar[tuple[str, ...]] = ("build", "signal_layers")

    size_x: Length = Field(description="length")
    size_y: Length = Field(description="width")
    thickness: Length = Field(description="with all its layers")
    expansion: Expansion = Field(description="thermal expansion in its plane")
    conductivity: Conductivity = Field(description="in its plane")
    conductivity_z: Conductivity = Field(description="through it")
    film_above: FilmCoefficient = Field(description="on the board around the package")
    film_below: FilmCoefficient = Field(description="on the far side of the board")
    build: str | None = Field(
        default=None, description="class of board, from the catalog, for example microvia"
    )
    signal_layers: int | None = Field(
        default=None, strict=True, ge=1, le=60, description="layers that carry signals away from the package"
    )


class FormFactor(Part):
    """The room that the product leaves."""

    LATER: ClassVar[tuple[str, ...]] = ("card",)

    body_x: Length = Field(description="largest body")
    body_y: Length = Field(description="largest body, the other way")
    height: Length = Field(description="largest height above the board, with the sink or cold plate")
    mass: Mass | None = Field(default=None, description="largest mass, with the sink or cold plate")
    ball_pitch: Length = Field(description="smallest pitch of balls that the board takes")
    signal_balls: int = Field(strict=True, ge=0, description="signals that leave the package")
    card: str | None = Field(
        default=None,
        description="card format of the catalog that the board must be, for example vpx_3u_conduction",
    )


class Needs(Part):
    """Demands on the whole product; leave out what is not demanded."""

    LATER: ClassVar[tuple[str, ...]] = ("memory_bandwidth", "capacity", "output_power", "pae", "noise_figure")

    throughput: ComputeRate | None = Field(
        default=None, description="least sustained throughput of the workload"
    )
    unit_cost: Cost | None = Field(default=None, description="largest cost of one good packaged part")
    memory_bandwidth: Bandwidth | None = Field(
        default=None, description="least that all memory in the package gives, refresh taken off"
    )
    capacity: Data | None = Field(default=None, description="least that all memory in the package holds")
    output_power: Power | None = Field(
        default=None, description="least output power of a channel at its port"
    )
    pae: Ratio | None = Field(
        default=None, description="least power-added efficiency of the module, 0 to 1, while it transmits"
    )
    noise_figure: RatioDb | None = Field(
        default=None, description="largest noise figure of a channel at its port"
    )


class Accuracy(Part):
    """How far early estimates are trusted: factors on every stated power and area, 1 with a band."""

    LATER: ClassVar[tuple[str, ...]] = ("power_at",)

    power: Factor = Field(description="factor on every stated power")
    area: Factor = Field(description="factor on every stated area")
    power_at: Temperature | None = Field(
        default=None,
        description="of the junctions at which the stated powers hold: leakage grows and shrinks from there; without "
        "it the powers are what the die draw at the temperatures that they reach",
    )


class Freedom(Part):
    """What the search may choose from; empty: everything that the catalog describes."""

    LATER: ClassVar[tuple[str, ...]] = ("bases",)

    carriers: tuple[str, ...] = Field(default=(), description="technologies that may carry the die")
    stacks: tuple[str, ...] = Field(default=(), description="technologies that may stack die on die")
    thermal_paths: tuple[str, ...] = Field(default=(), description="paths by which heat may leave")
    bases: tuple[str, ...] = Field(default=(), description="materials for the base of a metal housing")
    lid_interfaces: tuple[str, ...] = Field(default=(), description="materials between die and lid")
    sink_interfaces: tuple[str, ...] = Field(default=(), description="materials between package and sink")


class Program(Part):
    """What the user knows before tape-out."""

    format: Literal["packfirst-program-1"] = Field(description="version of this file format")
    name: str = Field(min_length=1, description="name of the product")
    blocks: dict[Name, Block] = Field(min_length=1, description="functions that must land on some die")
    bought: dict[Name, Bought] = Field(default_factory=dict, description="die that are bought, such as HBM")
    links: dict[Name, Link] = Field(default_factory=dict, description="traffic between blocks")
    modes: dict[Name, Mode] = Field(min_length=1, description="states of work")
    workload: Workload | None = Field(default=None, description="what the product is bought for")
    environment: Environment = Field(description="what the heat can be given to")
    board: Board = Field(description="the board under the package")
    form_factor: FormFactor = Field(description="the room that the product leaves")
    needs: Needs = Field(default=Needs(), description="demands on the whole product")
    accuracy: Accuracy = Field(description="how far the stated powers and areas are trusted")
    volume: Number = Field(description="parts over the life of the product")
    supply_voltage: Voltage = Field(description="of the rail that carries most of the power")
    confidence: float = Field(
        strict=True, gt=0, lt=1, description="probability with which all hard limits must hold together"
    )
    requires: tuple[Literal[DISCIPLINES], ...] = Field(description="disciplines that must be assessed")  # type: ignore[valid-type]
    objectives: tuple[Literal[OBJECTIVES], ...] = Field(  # type: ignore[valid-type]
        default=("throughput", "cost"),
        min_length=1,
        description="what the search optimises, first things first",
    )
    freedom: Freedom = Field(default=Freedom(), description="what the search may choose from")
    mission: Mission | None = Field(default=None, description="what the product must live through")
    quality: Quality | None = Field(
        default=None, description="levels of qualification that the customer accepts"
    )
    radio: Radio | None = Field(default=None, description="analogue band and chains")
    terms: Terms | None = Field(default=None, description="policy under which it is bought and built")
    dates: Dates | None = Field(default=None, description="the calendar of the program")

    @model_validator(mode="after")
    def _with_ids(self) -> "Program":
        """Gives each Input the id of its place; the only write, before anybody has seen the Program."""
        for name in type(self).model_fields:
            named = tree.mapped(getattr(self, name), _identified, (name,))
            object.__setattr__(self, name, named)
        return self

    def inputs(self) -> tuple[Input, ...]:
        """Every number of the Program that carries a value, a kind and an origin."""
        return tuple(item for _, item in tree.leaves(self))

    def input(self, id: str) -> Input:
        """The Input of that id; KeyError names the nearest one."""
        found = tree.at(self, id)
        if found is None:
            known = [item.id for item in self.inputs()]
            raise KeyError(f"{id!r} is no input of this program; {nearest(id, known)}")
        return found

    def with_value(self, id: str, value: float) -> "Program":
        """A copy in which one Input is moved to `value` (SI) and its band with it.

        A lever may ask for more than a file may say, so the sign is not checked again. Raises KeyError for
        an unknown id, ValueError for a value that is not finite.
        """
        moved = self.input(id).moved(float(value))
        if not abs(moved.value) < float("inf"):
            raise ValueError(f"{id}: {value!r} is not a finite number")
        copy: Program = tree.mapped(self, lambda _, item: moved if item.id == id else item)
        return copy

    @property
    def digest(self) -> str:
        """Content hash: the same for the same content in other units or another order of keys."""
        return tree.digest(self)


def _identified(path: tree.Path, item: Input) -> Input:
    return replace(item, id=tree.input_id(path))
