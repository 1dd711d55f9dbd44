"""From an Architecture to its Package: the assembly tree becomes bodies, fields and terminals."""

from packfirst.architecture.architecture import LAMINATE, Architecture
from packfirst.architecture.package import Body, DiePlace, Field, Package
from packfirst.architecture.placement import Rect
from packfirst.architecture.tree import Mount
from packfirst.catalog import Catalog

_MOULD, _GAS, _LID, _SILICON = "material/emc", "material/air", "material/cu", "material/si"


def elaborate(architecture: Architecture, catalog: Catalog) -> Package:
    """The geometry of an Architecture, and nothing else.

    Heights are counted from the top of the board. Bodies come in painting order: what fills a space
    (cavity gas, mould) before what stands in it.
    """
    bodies: list[Body] = []
    fields: list[Field] = []
    places: list[DiePlace] = []
    board = architecture.tree
    _set(board, -board.thickness_m, "", bodies, fields, places)
    laminate = architecture.mount(LAMINATE)
    floor = laminate.joint_height_m + laminate.thickness_m
    top = laminate.height_m()
    filled = [_fill(laminate, floor, top)] if any(m.kind == "interposer" for m in laminate.children) else []
    lid = _lid(architecture, catalog, floor, top, bodies)
    # The board and all up to the laminate's top come first, then gas and mould, then what stands in them.
    below = [body.box_m[5] <= floor + 1e-12 for body in bodies]
    first = [body for body, low in zip(bodies, below, strict=True) if low]
    rest = [body for body, low in zip(bodies, below, strict=True) if not low]
    return Package(
        bodies=(*first, *lid[:1], *filled, *rest, *lid[1:]), fields=tuple(fields), die=tuple(places),
        terminals=architecture.terminals,
    )  # fmt: skip


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
        fields.append(
            Field(
                body=name,
                pitch_m=mount.joint.pitch_m,
                diameter_m=mount.joint.diameter_m,
                metal=mount.joint.metal,
            )
        )
        z += mount.joint.height_m
    for number, layer in enumerate(mount.layers):
        name = mount.id if layer.role == mount.kind and len(mount.layers) < 3 else f"{mount.id}_{number}"
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
                id=mount.id, group=mount.group, body=mount.id, base=base, part=mount.part, node=mount.node
            )
        )
    if mount.kind == "die" and mount.children:
        # Between and beside stacked die stands silicon that only conducts, to the height of the stack.
        high = max(child.height_m() for child in mount.children)
        bodies.append(
            Body(
                id=f"{mount.id}_structural", role="structural", material=_SILICON, owner=owner,
                box_m=_box(mount.rect, z, z + high),
            )
        )  # fmt: skip
    for child in mount.children:
        _set(child, z - child.thickness_m if child.embedded else z, owner, bodies, fields, places)


def _fill(laminate: Mount, floor: float, top: float) -> Body:
    """Mould over an interposer, flush with the tallest die."""
    interposer = next(mount for mount in laminate.children if mount.kind == "interposer")
    z0 = floor + interposer.joint_height_m + interposer.thickness_m
    return Body(id="mould", role="mould", material=_MOULD, box_m=_box(interposer.rect, z0, top))


def _lid(
    architecture: Architecture, catalog: Catalog, floor: float, top: float, bodies: list[Body]
) -> list[Body]:
    """Cavity gas first, then an interface on every die that reaches up to it, the frame, and the plate."""
    lid = architecture.lid
    bond_line = catalog.record("interface", lid.interface)["thickness"]
    under = top + bond_line
    parts = [Body(id="cavity", role="cavity", material=_GAS, box_m=_box(lid.rect, floor, under))]
    carriers = {mount.id for mount in architecture.tree.walk() if mount.children}
    for body in bodies:
        reaches_up = body.role == "structural" or (body.role == "die" and body.owner not in carriers)
        if not reaches_up:
            continue
        x0, x1, y0, y1, _, z1 = body.box_m
        parts.append(
            Body(
                id=f"{body.id}_lid_interface", role="lid_interface", material=f"interface/{lid.interface}",
                owner=body.owner, box_m=(x0, x1, y0, y1, z1, under),
            )
        )  # fmt: skip
    inner = lid.rect.grown(-lid.foot_width_m)
    o, i = lid.rect, inner
    frame = (
        Rect(x0=o.x0, x1=i.x0, y0=o.y0, y1=o.y1), Rect(x0=i.x1, x1=o.x1, y0=o.y0, y1=o.y1),
        Rect(x0=i.x0, x1=i.x1, y0=o.y0, y1=i.y0), Rect(x0=i.x0, x1=i.x1, y0=i.y1, y1=o.y1),
    )  # fmt: skip
    parts += [
        Body(id=f"lid_foot_{n}", role="lid_foot", material=_LID, box_m=_box(rect, floor, under))
        for n, rect in enumerate(frame)
    ]
    parts.append(
        Body(id="lid", role="lid", material=_LID, box_m=_box(lid.rect, under, under + lid.thickness_m))
    )
    return parts
