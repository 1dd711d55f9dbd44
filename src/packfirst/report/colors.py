"""Colours of figures: one perceptually even scale for temperature, one set for the parts of a package."""

import math
from functools import cache
from itertools import pairwise

# Lightness, chroma and hue [deg] of the scale's stations in OKLCh (B. Ottosson, "A perceptual color space for image
# processing", 2020): from a deep blue through violet and red to a pale yellow, ever lighter, so that it also reads
# in grey and with any colour vision.
_STATIONS = (
    (0.24, 0.105, 275.0), (0.36, 0.150, 295.0), (0.48, 0.175, 325.0), (0.60, 0.185, 15.0),
    (0.71, 0.160, 48.0), (0.82, 0.145, 78.0), (0.94, 0.105, 103.0),
)  # fmt: skip
STEPS = 128
_FINE = 4096

Lab = tuple[float, float, float]


def _station(position: float) -> Lab:
    """OKLab of a position 0..1 between the stations, hue and chroma interpolated along the way."""
    place = position * (len(_STATIONS) - 1)
    number = min(int(place), len(_STATIONS) - 2)
    part = place - number
    (l0, c0, h0), (l1, c1, h1) = _STATIONS[number], _STATIONS[number + 1]
    turn = (h1 - h0 + 180.0) % 360.0 - 180.0
    chroma, hue = c0 + part * (c1 - c0), math.radians(h0 + part * turn)
    return l0 + part * (l1 - l0), chroma * math.cos(hue), chroma * math.sin(hue)


def oklab_to_srgb(color: Lab) -> tuple[int, int, int]:
    """sRGB bytes of an OKLab colour, clipped to the gamut (Ottosson 2020, matrices as published)."""
    lightness, a, b = color
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return tuple(_encoded(value) for value in linear)  # type: ignore[return-value]


def _encoded(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    return round(255.0 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1.0 / 2.4) - 0.055))


@cache
def heat_scale() -> tuple[tuple[int, int, int], ...]:
    """The temperature scale, cold to hot: STEPS colours as sRGB bytes, equally far apart in OKLab."""
    track = [_station(number / _FINE) for number in range(_FINE + 1)]
    way = [0.0]
    for before, after in pairwise(track):
        way.append(way[-1] + math.dist(before, after))
    found, place = [], 0
    for step in range(STEPS):
        wanted = way[-1] * step / (STEPS - 1)
        while place < _FINE and way[place] < wanted:
            place += 1
        found.append(oklab_to_srgb(track[place]))
    return tuple(found)


def hexadecimal(color: tuple[int, int, int]) -> str:
    """'#rrggbb'."""
    return "#{:02x}{:02x}{:02x}".format(*color)


# Parts of a package by role: what is said of it, and its colour. Chosen to part from each other, and from both
# grounds, by lightness as well as by hue; thin layers that carry heat or signal are the saturated ones.
ROLES = {
    "lid": ("lid", "#b87a4b"),
    "lid_foot": ("lid foot", "#a56a3e"),
    "lid_interface": ("thermal interface", "#e2b93b"),
    "die": ("die", "#7ba6d4"),
    "bought": ("bought die", "#a899d6"),
    "structural": ("structural silicon", "#c3d3e4"),
    "back_end": ("wiring of a die", "#1f4e79"),
    "bond": ("hybrid bond", "#c2410c"),
    "bumps": ("bumps and underfill", "#8a94a0"),
    "bridge": ("silicon bridge", "#2b8a8a"),
    "interposer": ("interposer", "#5fb0a8"),
    "mould": ("mould", "#5b6068"),
    "laminate": ("laminate", "#7d9a4e"),
    "balls": ("balls", "#b4b9bf"),
    "board": ("board", "#4d6b3c"),
    "cavity": ("gas", "none"),
}
OTHER = ("other", "#9a9a9a")
