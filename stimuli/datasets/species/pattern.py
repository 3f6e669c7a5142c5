"""The words in which a species is described: spots, bands, stripes, and the pattern of a wing."""

from dataclasses import dataclass, field

from stimuli.datasets.species.wings import VEINS, Points, WingShape

Colour = tuple[int, int, int]

INK: Colour = (26, 18, 18)
CREAM: Colour = (246, 234, 204)
WHITE: Colour = (250, 248, 242)
OCHRE: Colour = (222, 162, 66)

SPACES = range(VEINS - 1)
"""The spaces between veins, counted from the wing's tip."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A round mark between two veins.

    Attributes:
        space: which space, counted from the tip; 1.5 lies half a space beyond space 1.
        fraction: 0 at the cell's end, 1 at the margin, below 0 within the cell.
        radius: in wing units.
        rings: (share of the radius, colour), the widest first.
        stretch: length along the veins over width across them.
    """

    space: float
    fraction: float
    radius: float
    rings: tuple[tuple[float, Colour], ...]
    stretch: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """A band across the veins, as one patch per space: (space, inner fraction, outer fraction)."""

    colour: Colour
    patches: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stripe:
    """A stripe along points in wing units, widest in its middle."""

    colour: Colour
    points: Points
    width: float


@dataclass(frozen=True, kw_only=True, slots=True)
class WingPattern:
    """What is painted on a wing: ramp, stripes, border, tip, bands, veins, spots, fringe.

    Attributes:
        ramp: colours near the hinge, in the disc, and towards the margin.
        dusting: how dark the scales along the veins are, 0 to 1.
        vein: how dark the veins are, 0 to 1.
        tip: radius in wing units and colour of a dark tip; radius 0 for none.
        border: width in wing units and colour of the border; width 0 for none.
        fringe: colour of the hairs at the very margin.
    """

    ramp: tuple[Colour, Colour, Colour]
    dusting: float = 0.4
    vein: float = 0.7
    stripes: tuple[Stripe, ...] = ()
    tip: tuple[float, Colour] = (0.0, INK)
    border: tuple[float, Colour] = (0.0, INK)
    bands: tuple[Band, ...] = ()
    spots: tuple[Spot, ...] = ()
    fringe: Colour = CREAM


@dataclass(frozen=True, kw_only=True, slots=True)
class ButterflySpecies:
    """One species: what its card says, where it is at home, and how its wings look."""

    name: str
    description: str
    habitat: str
    fore_shape: WingShape
    hind_shape: WingShape
    fore: WingPattern
    hind: WingPattern
    body: Colour = field(default=(52, 38, 30))


def row(
    colour: Colour, fraction: float, radius: float, spaces: range, stretch: float = 1.0
) -> tuple[Spot, ...]:
    """Equal plain spots, one in every space."""
    return tuple(
        Spot(space=k, fraction=fraction, radius=radius, rings=((1.0, colour),), stretch=stretch)
        for k in spaces
    )


def eyespot(space: float, fraction: float, radius: float, ring: Colour = OCHRE) -> Spot:
    """A spot like an eye: a ring, a dark iris and a glint."""
    return Spot(
        space=space,
        fraction=fraction,
        radius=radius,
        rings=((1.0, ring), (0.66, INK), (0.26, WHITE)),
    )
