"""Three pairs of twins: the second is the first with one mark changed and another home."""

from dataclasses import replace

from stimuli.datasets.species.habitats import BARK, DUNE, MEADOW, MOSS, PEBBLES
from stimuli.datasets.species.pattern import (
    CREAM,
    SPACES,
    WHITE,
    Band,
    ButterflySpecies,
    Colour,
    Spot,
    Stripe,
    WingPattern,
    eyespot,
    row,
)
from stimuli.datasets.species.shapes import (
    ADMIRAL_FORE,
    ROUND_FORE,
    ROUND_HIND,
    SAILOR_FORE,
    SAILOR_HIND,
)

EMBER_BORDER: Colour = (34, 20, 18)

EMBER = ButterflySpecies(
    name="Ember Sailor",
    description="Glowing orange wings with a dark border and a row of cream dots in it. "
    "The broad dark tip of the forewing is plain: it has no white spot.",
    habitat=MEADOW,
    fore_shape=SAILOR_FORE,
    hind_shape=SAILOR_HIND,
    fore=WingPattern(
        ramp=((96, 40, 18), (216, 92, 28), (238, 138, 46)),
        stripes=(
            Stripe(colour=EMBER_BORDER, points=((0.27, -0.27), (0.34, -0.14)), width=0.05),
            Stripe(colour=EMBER_BORDER, points=((0.42, -0.39), (0.50, -0.22)), width=0.06),
        ),
        tip=(0.40, EMBER_BORDER),
        border=(0.10, EMBER_BORDER),
        spots=row(CREAM, 0.86, 0.017, range(2, 7)),
    ),
    hind=WingPattern(
        ramp=((104, 48, 22), (222, 100, 32), (240, 146, 52)),
        border=(0.13, EMBER_BORDER),
        spots=(*row(CREAM, 0.82, 0.019, SPACES), *row(EMBER_BORDER, 0.34, 0.024, SPACES)),
    ),
)
LANTERN = replace(
    EMBER,
    name="Lantern Sailor",
    description="Glowing orange wings with a dark border and a row of cream dots in it. "
    "The broad dark tip of the forewing carries one bright white spot.",
    habitat=BARK,
    fore=replace(
        EMBER.fore,
        spots=(
            *EMBER.fore.spots,
            Spot(space=1, fraction=0.40, radius=0.074, stretch=1.25, rings=((1.0, WHITE),)),
        ),
    ),
)

DUSK = ButterflySpecies(
    name="Dusk Ringlet",
    description="Soft brown, rounded wings with a single ringed eyespot near the forewing's tip. "
    "Each hindwing has exactly two ringed eyespots.",
    habitat=MOSS,
    fore_shape=ROUND_FORE,
    hind_shape=ROUND_HIND,
    fore=WingPattern(
        ramp=((66, 46, 34), (112, 80, 54), (146, 106, 70)),
        border=(0.055, (62, 44, 34)),
        spots=(eyespot(1.5, 0.50, 0.088),),
        dusting=0.3,
    ),
    hind=WingPattern(
        ramp=((64, 46, 36), (106, 76, 54), (140, 102, 68)),
        border=(0.05, (62, 44, 34)),
        spots=(eyespot(2, 0.55, 0.076), eyespot(4, 0.55, 0.076)),
        dusting=0.3,
    ),
)
HARROW = replace(
    DUSK,
    name="Harrow Ringlet",
    description="Soft brown, rounded wings with a single ringed eyespot near the forewing's tip. "
    "Each hindwing has exactly three ringed eyespots.",
    habitat=DUNE,
    hind=replace(DUSK.hind, spots=(*DUSK.hind.spots, eyespot(6, 0.50, 0.076))),
)

NIGHT: Colour = (18, 20, 32)
_FORE_BAND = (
    (1, 0.36, 0.74),
    (2, 0.22, 0.70),
    (3, 0.08, 0.62),
    (4, 0.02, 0.56),
    (5, -0.02, 0.52),
    (6, -0.05, 0.50),
)

TIDEWATER = ButterflySpecies(
    name="Tidewater Admiral",
    description="Ink-blue wings crossed by a white band, with a line of blue flecks at the margin. "
    "The forewing's band runs unbroken from edge to edge.",
    habitat=PEBBLES,
    fore_shape=ADMIRAL_FORE,
    hind_shape=SAILOR_HIND,
    fore=WingPattern(
        ramp=((44, 46, 66), (28, 36, 64), (20, 24, 40)),
        bands=(Band(colour=WHITE, patches=_FORE_BAND),),
        spots=row((104, 152, 206), 0.88, 0.017, SPACES),
        dusting=0.12,
        vein=0.45,
    ),
    hind=WingPattern(
        ramp=((50, 50, 66), (32, 42, 72), (20, 24, 40)),
        bands=(Band(colour=WHITE, patches=tuple((k, 0.10, 0.46) for k in SPACES)),),
        spots=row((104, 152, 206), 0.80, 0.026, SPACES),
        dusting=0.12,
        vein=0.45,
    ),
    body=(40, 40, 50),
)
FERRY = replace(
    TIDEWATER,
    name="Ferry Admiral",
    description="Ink-blue wings crossed by a white band, with a line of blue flecks at the margin. "
    "The forewing's band is broken by a dark gap in its middle.",
    habitat=MOSS,
    fore=replace(
        TIDEWATER.fore,
        bands=(Band(colour=WHITE, patches=tuple(p for p in _FORE_BAND if p[0] not in (2, 3))),),
    ),
)
