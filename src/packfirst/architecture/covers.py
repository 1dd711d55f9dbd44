"""What closes a package: a lid on the die, the sink itself, mould, or walls and a sealed lid around a cavity."""

from dataclasses import dataclass

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.construction import Construction
from packfirst.architecture.package import Body
from packfirst.architecture.placement import Rect
from packfirst.catalog import Catalog

_MOULD, _AIR, _NITROGEN = "material/emc", "material/air", "material/n2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The cover of a package, in the plane and through its height.

    `foot_width_m` is the frame of a lid or the wall of a cavity; `clearance_m` is what a cavity leaves above
    its die for wires, and a mould above them.
    """

    kind: str  # lid, bare, mould, cavity
    rect: Rect
    thickness_m: float
    foot_width_m: float
    clearance_m: float
    material: str
    wall_material: str
    gas: str
    interface: str  # catalog interface between die and cover, "" where the die does not touch it


def cover(catalog: Catalog, candidate: Candidate, built: Construction, body: Rect, field: Rect) -> Cover:
    """The cover of a candidate on a body."""
    carrier, rules = catalog.record("technology", candidate.carrier), catalog.record("rule", "body")
    if built.cover == "lid":
        return Cover(
            kind="lid", rect=body.grown(-rules["lid_setback"]), thickness_m=carrier["thickness_lid"],
            foot_width_m=rules["lid_foot_width"], clearance_m=0.0, material="material/cu", wall_material="material/cu",
            gas=_AIR, interface=candidate.lid_interface,
        )  # fmt: skip
    if built.cover == "bare" and built.face == "down":
        # The base of the sink stands on the die: the plate from which the path's film takes the heat.
        path = catalog.record("thermal_path", candidate.thermal_path)
        margin = path["base_margin"] if "base_margin" in path else rules["laminate_margin"]
        thickness = path["base_thickness"] if "base_thickness" in path else carrier["thickness_die"]
        material = (
            f"material/{path.word('base_material')}" if "base_material" in path.words else "material/cu"
        )
        return Cover(
            kind="bare", rect=field.grown(margin), thickness_m=thickness, foot_width_m=0.0, clearance_m=0.0,
            material=material, wall_material="", gas=_AIR, interface=candidate.lid_interface,
        )  # fmt: skip
    if built.cover == "cavity":
        wall = carrier["thickness_wall"] if "thickness_wall" in carrier else rules["cavity_wall"]
        frame = "alumina_htcc_a440"
        if built.base == "housing":
            frame = "kovar"
        elif "ltcc" in carrier.id:
            frame = "ltcc_951"
        return Cover(
            kind="cavity", rect=body, thickness_m=carrier["thickness_lid"], foot_width_m=wall,
            clearance_m=rules["cavity_clearance"], material="material/kovar",
            wall_material=f"material/{frame}", gas=_NITROGEN, interface="",
        )  # fmt: skip
    clearance = carrier["thickness_mold_cap"] if "thickness_mold_cap" in carrier else rules["mould_cap"]
    open_top = built.cover == "bare"
    return Cover(
        kind="open" if open_top else "mould", rect=body, thickness_m=0.0, foot_width_m=0.0,
        clearance_m=0.0 if open_top else clearance, material=_MOULD, wall_material="", gas=_AIR, interface="",
    )  # fmt: skip


def box(rect: Rect, z0: float, z1: float) -> tuple[float, float, float, float, float, float]:
    """A rectangle between two heights, as a Body has it."""
    return rect.x0, rect.x1, rect.y0, rect.y1, z0, z1


def filling(item: Cover, floor: float, under: float) -> list[Body]:
    """What fills the space around the die, painted before them."""
    if item.kind in ("lid", "cavity"):
        return [Body(id="cavity", role="cavity", material=item.gas, box_m=box(item.rect, floor, under))]
    if item.kind == "mould":
        return [Body(id="mould", role="mould", material=_MOULD, box_m=box(item.rect, floor, under))]
    return []


def closing(item: Cover, floor: float, under: float) -> list[Body]:
    """Frame or walls, and the plate, painted after the die."""
    bodies: list[Body] = []
    if item.foot_width_m > 0.0:
        o, i = item.rect, item.rect.grown(-item.foot_width_m)
        frame = (
            Rect(x0=o.x0, x1=i.x0, y0=o.y0, y1=o.y1), Rect(x0=i.x1, x1=o.x1, y0=o.y0, y1=o.y1),
            Rect(x0=i.x0, x1=i.x1, y0=o.y0, y1=i.y0), Rect(x0=i.x0, x1=i.x1, y0=i.y1, y1=o.y1),
        )  # fmt: skip
        role = "lid_foot" if item.kind == "lid" else "wall"
        bodies += [
            Body(id=f"{role}.{n}", role=role, material=item.wall_material, box_m=box(rect, floor, under))
            for n, rect in enumerate(frame)
        ]
    if item.thickness_m > 0.0:
        bodies.append(
            Body(
                id="lid",
                role="lid",
                material=item.material,
                box_m=box(item.rect, under, under + item.thickness_m),
            )
        )
    return bodies
