"""Die on top of die: spread evenly over the bases that carry them."""

from packfirst.architecture.footprint import tiles
from packfirst.architecture.partition import Group
from packfirst.architecture.placing.placed import PlacedDie
from packfirst.architecture.placing.rect import Rect


def stacked_on(bases: list[PlacedDie], group: Group, area_m2: float) -> list[PlacedDie]:
    """The die of a group, as many on each base; the bases have grown to hold them."""
    per_base = group.count // len(bases)
    placed = []
    for number, base in enumerate(bases):
        rows, columns, w, h = tiles(base.rect.width, base.rect.height, per_base, area_m2)
        cell_w, cell_h = base.rect.width / columns, base.rect.height / rows
        for k in range(per_base):
            r, c = divmod(k, columns)
            x = base.rect.x0 + (c + 0.5) * cell_w - w / 2
            y = base.rect.y0 + (r + 0.5) * cell_h - h / 2
            rect = Rect(x0=x, y0=y, x1=x + w, y1=y + h)
            placed.append(
                PlacedDie(
                    id=f"{group.name}_{number * per_base + k}", group=group.name, blocks=group.blocks,
                    node=group.node, part="", rect=rect, base=base.id,
                )
            )  # fmt: skip
    return placed
