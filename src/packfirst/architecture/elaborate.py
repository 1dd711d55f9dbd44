"""From an Architecture to its Package: the assembly tree becomes bodies, fields and terminals."""

from packfirst.architecture.architecture import LAMINATE, Architecture
from packfirst.architecture.covers import closing, filling
from packfirst.architecture.package import Body, DiePlace, Field, Package, Sink
from packfirst.architecture.placement import Rect
from packfirst.architecture.tree import Mount
from packfirst.catalog import Catalog

_MOULD, _SILICON = "material/emc", "material/si"
# Share of a base's face from which a tower leaves only a rim, too narrow for a piece of silicon: assumed.
_RIM = 0.75


def elaborate(architecture: Architecture, catalog: Catalog) -> Package:
    """The geometry of an Architecture, and nothing else.

    Heights are counted from the top of the board, or from the face of the base that is bolted down. Bodies
    come in painting order: what fills a space (cavity gas, mould) before what stands in it.
    """
    bodies: list[Body] = []
    fields: list[Field] = []
    places: list[DiePlace] = []
    root = architecture.tree
    _set(root, 0.0 if root.id == LAMINATE else -root.thickness_m, "", bodies, fields, places)
    base = architecture.mount(LAMINATE)
    floor = base.joint_height_m + base.thickness_m
    top = max(base.height_m(), floor)
    closed = architecture.cover
    touching = _interfaces(architecture, catalog, top, bodies) if closed.interface else []
    bond_line = catalog.record("interface", closed.interface)["thickness"] if closed.interface else 0.0
    under = top + bond_line + closed.clearance_m
    below = [body.box_m[5] <= floor + 1e-12 for body in bodies]
    first = [body for body, low in zip(bodies, below, strict=True) if low]
    rest = [body for body, low in zip(bodies, below, strict=True) if not low]
    return Package(
        bodies=(
            *first, *filling(closed, floor, under), *_around_sheet(base, floor, top), *rest, *touching,
            *closing(closed, floor, under),
        ),
        fields=tuple(fields), die=tuple(places), terminals=architecture.terminals, sink=_sink(architecture),
    )  # fmt: skip


def _sink(architecture: Architecture) -> Sink:
    if architecture.construction.sink == "bottom":
        base = architecture.mount(LAMINATE)
        return Sink(body=_layer_name(base, 0), face="bottom")
    return Sink(body="lid" if architecture.cover.thickness_m > 0.0 else "mould", face="top")


def _around_sheet(base: Mount, floor: float, top: float) -> list[Body]:
    """Mould over a sheet that carries die, flush with the tallest of them."""
    sheet = next((mount for mount in base.children if mount.kind == "interposer"), None)
    if sheet is None:
        return []
    z0 = floor + sheet.joint_height_m + sheet.thickness_m
    return [Body(id="sheet_mould", role="mould", material=_MOULD, box_m=_box(sheet.rect, z0, top))]


def _layer_name(mount: Mount, number: int) -> str:
    """Id of a layer's body: the mount's own for the layer that gives it its kind, numbered else.

    After a point, which no name in a Program has: a block may be called what we call a part of the body.
    """
    return (
        mount.id
        if mount.layers[number].role == mount.kind and len(mount.layers) < 3
        else f"{mount.id}.{number}"
    )


def _box(rect: Rect, z0: float, z1: float) -> tuple[float, float, float, float, float, float]:
    return rect.x0, rect.x1, rect.y0, rect.y1, z0, z1


def _set(
    mount: Mount, floor: float, base: str, bodies: list[Body], fields: list[Field], places: list[DiePlace]
) -> None:
    """Adds a mount that stands on `floor`, then what stands on it."""
    owner = mount.id if mount.kind == "die" else ""
    z = floor
    if mount.joint is not None:
        name = f"{mount.id}_{mount.joint.role}"
        bodies.append(
            Body(
                id=name, role=mount.joint.role, material=mount.joint.fill, owner=owner,
                box_m=_box(mount.rect, z, z + mount.joint.height_m),
            )
        )  # fmt: skip
        if mount.joint.metal:
            fields.append(
                Field(
                    body=name, pitch_m=mount.joint.pitch_m, diameter_m=mount.joint.diameter_m, metal=mount.joint.metal
                )
            )  # fmt: skip
        z += mount.joint.height_m
    for number, layer in enumerate(mount.layers):
        name = _layer_name(mount, number)
        bodies.append(
            Body(
                id=name, role=layer.role, material=layer.material, owner=owner,
                box_m=_box(mount.rect, z, z + layer.thickness_m),
            )
        )  # fmt: skip
        z += layer.thickness_m
    if mount.kind == "die":
        places.append(
            DiePlace(
                id=mount.id,
                group=mount.group,
                body=mount.id,
                base=base,
                part=mount.part,
                node=mount.node,
                face=mount.face,
            )
        )
    if mount.kind == "die" and mount.children and mount.children[0].rect != mount.rect:
        # Between and beside stacked die stands silicon that only conducts, to the height of the stack. A tower that
        # leaves no more than a rim of its base, as memory does, is moulded in.
        high = max(child.height_m() for child in mount.children)
        is_tower = any(child.children for child in mount.children)
        covered = sum(child.rect.area for child in mount.children) / mount.rect.area
        role, material = ("mould", _MOULD) if is_tower and covered > _RIM else ("structural", _SILICON)
        bodies.append(
            Body(
                id=f"{mount.id}_{role}", role=role, material=material, owner=owner,
                box_m=_box(mount.rect, z, z + high),
            )
        )  # fmt: skip
    for child in mount.children:
        _set(child, z - child.thickness_m if child.embedded else z, owner, bodies, fields, places)


def _interfaces(architecture: Architecture, catalog: Catalog, top: float, bodies: list[Body]) -> list[Body]:
    """An interface on every die that reaches up to the cover."""
    interface = architecture.cover.interface
    under = top + catalog.record("interface", interface)["thickness"]
    carriers = {mount.id for mount in architecture.tree.walk() if mount.children}
    parts = []
    for body in bodies:
        reaches_up = body.role == "structural" or (body.role == "die" and body.owner not in carriers)
        if not reaches_up:
            continue
        x0, x1, y0, y1, _, z1 = body.box_m
        parts.append(
            Body(
                id=f"{body.id}_lid_interface", role="lid_interface", material=f"interface/{interface}",
                owner=body.owner, box_m=(x0, x1, y0, y1, z1, under),
            )
        )  # fmt: skip
    return parts
