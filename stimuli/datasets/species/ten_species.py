"""The ten invented species: three pairs of twins and four that nobody could mistake."""

from stimuli.datasets.species.habitats import BARK, DUNE, MEADOW, PEBBLES
from stimuli.datasets.species.pattern import (
    INK,
    SPACES,
    WHITE,
    Band,
    ButterflySpecies,
    Spot,
    Stripe,
    WingPattern,
    row,
)
from stimuli.datasets.species.shapes import (
    ADMIRAL_FORE,
    KITE_FORE,
    KITE_HIND,
    MOON_FORE,
    MOON_HIND,
    ROUND_FORE,
    ROUND_HIND,
)
from stimuli.datasets.species.twins import DUSK, EMBER, FERRY, HARROW, LANTERN, TIDEWATER


def _moon(space: float, fraction: float, radius: float) -> Spot:
    """The Moonwing's ring around a clear window."""
    return Spot(
        space=space,
        fraction=fraction,
        radius=radius,
        stretch=1.2,
        rings=((1.0, (92, 44, 62)), (0.74, (236, 196, 108)), (0.40, (206, 224, 232))),
    )


SAFFRON = ButterflySpecies(
    name="Saffron Kite",
    description="A tailed yellow butterfly with long black tiger stripes on the forewing, blue "
    "dots in the hindwing's black border and a short dark tail.",
    habitat=DUNE,
    fore_shape=KITE_FORE,
    hind_shape=KITE_HIND,
    fore=WingPattern(
        ramp=((206, 158, 44), (246, 208, 78), (250, 222, 112)),
        stripes=(
            Stripe(colour=INK, points=((0.17, -0.24), (0.21, -0.10), (0.22, 0.06)), width=0.075),
            Stripe(colour=INK, points=((0.33, -0.42), (0.40, -0.27), (0.43, -0.12)), width=0.075),
            Stripe(colour=INK, points=((0.49, -0.56), (0.55, -0.42), (0.57, -0.31)), width=0.07),
            Stripe(colour=INK, points=((0.64, -0.68), (0.70, -0.56), (0.71, -0.48)), width=0.06),
        ),
        border=(0.10, INK),
        spots=row((246, 212, 90), 0.86, 0.021, SPACES, 0.7),
        vein=0.8,
    ),
    hind=WingPattern(
        ramp=((206, 160, 50), (248, 212, 84), (250, 222, 112)),
        stripes=(Stripe(colour=INK, points=((0.10, 0.0), (0.17, 0.24), (0.22, 0.46)), width=0.06),),
        border=(0.15, INK),
        spots=(
            *row((78, 124, 204), 0.72, 0.026, range(1, 6)),
            Spot(space=6, fraction=0.62, radius=0.05, rings=((1.0, (206, 66, 40)),)),
        ),
        vein=0.8,
    ),
)
JADE = ButterflySpecies(
    name="Jade Moonwing",
    description="Pale green wings with a hooked forewing tip, a long curved tail, a wine-red "
    "leading edge and one moon-like ring on every wing.",
    habitat=BARK,
    fore_shape=MOON_FORE,
    hind_shape=MOON_HIND,
    fore=WingPattern(
        ramp=((228, 232, 198), (172, 212, 158), (148, 200, 148)),
        stripes=(
            Stripe(
                colour=(116, 48, 66),
                width=0.055,
                points=(
                    (-0.2, 0.12),
                    (0.10, -0.15),
                    (0.32, -0.40),
                    (0.60, -0.565),
                    (0.84, -0.60),
                    (1.05, -0.60),
                ),
            ),
        ),
        border=(0.035, (206, 196, 120)),
        spots=(_moon(2.4, -0.02, 0.072),),
        dusting=0.16,
        vein=0.35,
    ),
    hind=WingPattern(
        ramp=((228, 232, 198), (176, 214, 162), (158, 206, 152)),
        border=(0.035, (206, 196, 120)),
        spots=(_moon(3, 0.05, 0.068),),
        dusting=0.16,
        vein=0.35,
    ),
    body=(214, 208, 184),
)
COBALT = ButterflySpecies(
    name="Cobalt Glimmer",
    description="Rounded wings of shining blue with a narrow black border and a clean white "
    "fringe; no band and no eyespots.",
    habitat=PEBBLES,
    fore_shape=ROUND_FORE,
    hind_shape=ROUND_HIND,
    fore=WingPattern(
        ramp=((40, 60, 122), (52, 106, 208), (98, 160, 236)),
        border=(0.085, (20, 20, 34)),
        fringe=WHITE,
    ),
    hind=WingPattern(
        ramp=((44, 64, 124), (56, 112, 212), (104, 166, 236)),
        border=(0.06, (20, 20, 34)),
        spots=row((20, 20, 34), 0.74, 0.022, range(1, 7)),
        fringe=WHITE,
    ),
    body=(58, 62, 84),
)
MARBLE = ButterflySpecies(
    name="Snow Marble",
    description="Chalk-white wings marbled with grey, with black chequers in the middle of the "
    "wing and white dots along a black border.",
    habitat=MEADOW,
    fore_shape=ADMIRAL_FORE,
    hind_shape=ROUND_HIND,
    fore=WingPattern(
        ramp=((150, 150, 148), (242, 240, 232), (250, 248, 242)),
        stripes=(
            Stripe(colour=(44, 44, 50), points=((0.28, -0.29), (0.36, -0.12)), width=0.06),
            Stripe(colour=(44, 44, 50), points=((0.46, -0.40), (0.55, -0.20)), width=0.08),
        ),
        border=(0.14, (40, 40, 46)),
        bands=(
            Band(colour=(44, 44, 50), patches=((1, 0.26, 0.5), (3, 0.26, 0.44), (5, 0.2, 0.42))),
        ),
        spots=row(WHITE, 0.80, 0.028, SPACES),
        dusting=0.32,
        vein=0.9,
    ),
    hind=WingPattern(
        ramp=((150, 150, 148), (242, 240, 232), (250, 248, 242)),
        border=(0.10, (40, 40, 46)),
        bands=(
            Band(colour=(70, 70, 76), patches=((1, 0.2, 0.42), (3, 0.2, 0.42), (5, 0.2, 0.42))),
        ),
        spots=row(WHITE, 0.84, 0.024, SPACES),
        dusting=0.32,
        vein=0.9,
    ),
    body=(74, 74, 80),
)

TEN_SPECIES = (EMBER, LANTERN, DUSK, HARROW, TIDEWATER, FERRY, SAFFRON, JADE, COBALT, MARBLE)
