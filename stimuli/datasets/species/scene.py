"""What is drawn by lot for one picture: the butterfly's look and pose, the place, and the light.

Every number is relative to the picture's side, so one scene can be drawn at any size. The same rng
state gives the same scene whatever the species, so twins can be compared mark by mark.
"""

from dataclasses import dataclass

import numpy as np

from stimuli.datasets.species.paint import Look

NICKS = 4
_FOLDED_SHARE = 0.22  # of the butterflies, as many as sit with half-closed wings


@dataclass(frozen=True, kw_only=True, slots=True)
class Pose:
    """Where the butterfly sits and how it holds its wings.

    Attributes:
        extent: the longer side of its upright box, as a share of the picture's side.
        place: where in the room that is left it sits, two numbers from 0 to 1.
        turn: rotation in radians.
        tilt: foreshortening factor, 0.8 to 1, along the direction tilt_axis (radians).
        opening: width factor of the left and right wings, 1 when flat.
        lift: rotation of the left and right forewings about the hinge, in radians.
        shade: brightness factor of the left and right wings.
        antennae: spread and bend of the left and right antennae, (2, 2), each 0 to 1.
    """

    extent: float
    place: tuple[float, float]
    turn: float
    tilt: float
    tilt_axis: float
    opening: tuple[float, float]
    lift: tuple[float, float]
    shade: tuple[float, float]
    antennae: np.ndarray


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """Which part of the habitat is seen.

    Attributes:
        variant: which of the habitat's tiles, 0 to 1.
        centre: where on the tile, two numbers from 0 to 1 of the room there is.
        turn: rotation in radians, small, so that the light keeps its direction.
        zoom: tile length per picture length, about 1.
        mirrored: whether left and right are swapped.
    """

    variant: float
    centre: tuple[float, float]
    turn: float
    zoom: float
    mirrored: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Light:
    """Light on the whole picture.

    Attributes:
        gains: factors of red, green and blue.
        patches: (4, 4) brightness, 0 to 1, spread smoothly over the picture.
        depth: how much the patches darken, 0 to 0.5.
        shadow: opacity of the shadow.
        height: how far the wings float above the ground, as a share of the butterfly's extent.
    """

    gains: tuple[float, float, float]
    patches: np.ndarray
    depth: float
    shadow: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One picture, but for its species and habitat."""

    look: Look
    pose: Pose
    ground: Ground
    light: Light


def sample_scene(rng: np.random.Generator) -> Scene:
    """A scene by lot."""
    look = Look(
        hue=float(np.clip(rng.normal(0, 0.014), -0.035, 0.035)),
        saturation=rng.uniform(0.75, 1.15),
        value=rng.uniform(0.8, 1.14),
        mark_size=rng.uniform(0.82, 1.16),
        border=rng.uniform(0.8, 1.2),
        fade=rng.uniform(0, 0.34) * rng.random(),
        grain=_pair(rng, 0, 1),
        nicks=rng.random((4, NICKS, 3)),
        nick_share=rng.random() ** 2,
    )
    pose = _pose(rng)
    ground = Ground(
        variant=rng.random(),
        centre=_pair(rng, 0, 1),
        turn=rng.uniform(-0.35, 0.35),
        zoom=rng.uniform(0.8, 1.25),
        mirrored=bool(rng.random() < 0.5),
    )
    brightness, warmth = rng.uniform(0.96, 1.26), rng.uniform(-0.06, 0.06)
    light = Light(
        gains=(brightness * (1 + warmth), brightness, brightness * (1 - warmth)),
        patches=rng.random((4, 4)),
        depth=rng.uniform(0.05, 0.32),
        shadow=rng.uniform(0.35, 0.6),
        height=rng.uniform(0.02, 0.06),
    )
    return Scene(look=look, pose=pose, ground=ground, light=light)


def _pose(rng: np.random.Generator) -> Pose:
    folded = rng.random() < _FOLDED_SHARE
    low, high = (0.50, 0.72) if folded else (0.76, 1.0)
    common = rng.uniform(low, high)
    opening = common * rng.uniform(0.88, 1.0), common * rng.uniform(0.88, 1.0)
    lean = rng.uniform(-0.10, 0.10)
    lift = rng.uniform(-0.12, 0.16)
    return Pose(
        extent=rng.uniform(0.36, 0.75),
        place=_pair(rng, 0, 1),
        turn=rng.uniform(-np.pi, np.pi),
        tilt=rng.uniform(0.82, 1),
        tilt_axis=rng.uniform(0, np.pi),
        opening=opening,
        lift=(lift + rng.uniform(-0.04, 0.04), lift + rng.uniform(-0.04, 0.04)),
        shade=(1 + lean, 1 - lean),
        antennae=rng.random((2, 2)),
    )


def _pair(rng: np.random.Generator, low: float, high: float) -> tuple[float, float]:
    first, second = rng.uniform(low, high, 2)
    return float(first), float(second)
