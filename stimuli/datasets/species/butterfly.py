"""A whole butterfly: four wings, body and antennae, put together in a pose, and its shadow."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from stimuli.datasets.species.affine import apply, foreshortening, rotation, scaling, translation
from stimuli.datasets.species.body import BODY_BOX, antenna_ring, antennae, body_plate
from stimuli.datasets.species.paint import apply_table, darken, paint, tint, wing_coverage
from stimuli.datasets.species.pattern import ButterflySpecies, Colour
from stimuli.datasets.species.scene import Pose, Scene
from stimuli.datasets.species.wings import outline, plate_box

_FORE_HINGE = (0.034, -0.045)
_HIND_HINGE = (0.026, 0.010)
_PLATE_SCALES = (48, 64, 84, 112, 148, 196, 260, 340, 450, 600)
_WORKING_PIXELS = 448  # a picture this large or larger is drawn at twice its size
_ROOM = 0.03  # kept free around the butterfly, as a share of the picture's side


@dataclass(frozen=True, kw_only=True, slots=True)
class Cutout:
    """A butterfly on just the pixels that it needs.

    Attributes:
        image: RGB, premultiplied: black where nothing is.
        coverage: "L" of the same size.
        left, top: where the left top corner belongs in the picture.
    """

    image: Image.Image
    coverage: Image.Image
    left: int
    top: int


class _Canvas:
    """A premultiplied image and its coverage, on which opaque pieces are laid one by one."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.image = Image.new("RGB", size)
        self.coverage = Image.new("L", size)

    def put(self, plate: Image.Image, matrix: np.ndarray, points: np.ndarray) -> None:
        """Lay down an RGBX plate whose X is its coverage.

        Args:
            plate: RGBX, because Pillow would premultiply RGBA, which takes half as long again.
            matrix: maps the plate's pixels to the canvas.
            points: (n, 2) on the canvas; what is covered lies in their box.
        """
        low = np.maximum(np.floor(points.min(axis=0)).astype(int) - 1, 0)
        high = np.minimum(np.ceil(points.max(axis=0)).astype(int) + 1, self.image.size)
        left, top = low.tolist()
        inverse = tuple(np.linalg.inv(translation(-left, -top) @ matrix)[:2].ravel().tolist())
        size = int(high[0]) - left, int(high[1]) - top
        piece = plate.transform(size, Image.Transform.AFFINE, inverse, Image.Resampling.BILINEAR)
        mask = piece.getchannel("X")
        self.image.paste(piece.convert("RGB"), (left, top), mask)
        self.coverage.paste(255, (left, top, left + size[0], top + size[1]), mask)

    def fill(self, ring: list[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon given in pixels of the canvas."""
        ImageDraw.Draw(self.image).polygon(ring, fill=colour)
        ImageDraw.Draw(self.coverage).polygon(ring, fill=255)


def cut_out(species: ButterflySpecies, scene: Scene, size: int) -> Cutout:
    """Draw the butterfly for a picture of (size, size), on just the pixels that it needs."""
    pose = scene.pose
    posed = rotation(pose.turn) @ foreshortening(pose.tilt, pose.tilt_axis)
    rims = [
        apply(posed @ _wing(pose, side, fore), outline(shape))
        for side in (0, 1)
        for fore, shape in ((0, species.hind_shape), (1, species.fore_shape))
    ]
    rims += [apply(posed, line) for line in (*antennae(pose), np.array([[0.0, 0.6]]))]
    points = np.vstack(rims)
    start, extent = points.min(axis=0), points.max(axis=0) - points.min(axis=0)
    scale = pose.extent * size / extent.max()
    room = size * (1 - 2 * _ROOM) - extent * scale
    low = size * _ROOM + np.array(pose.place) * room
    high = low + extent * scale
    # From body units to pixels of the picture.
    frame = translation(*(low - start * scale)) @ scaling(scale) @ posed
    left, top = (max(0, int(np.floor(edge)) - 1) for edge in low)
    right, bottom = (min(size, int(np.ceil(edge)) + 1) for edge in high)
    finer = max(2, -(-_WORKING_PIXELS // size))
    canvas = _Canvas(((right - left) * finer, (bottom - top) * finer))
    _draw(canvas, species, scene, scaling(finer) @ translation(-left, -top) @ frame)
    image, coverage = canvas.image.reduce(finer), canvas.coverage.reduce(finer)
    return Cutout(image=image, coverage=coverage, left=left, top=top)


def _draw(canvas: _Canvas, species: ButterflySpecies, scene: Scene, frame: np.ndarray) -> None:
    """Hindwings below forewings below the body; frame maps body units to canvas pixels."""
    look, unit = scene.look, float(np.sqrt(abs(np.linalg.det(frame[:2, :2]))))
    # The smallest of the plates that has at least nearly as many pixels.
    scale = next((s for s in _PLATE_SCALES if s >= 0.9 * unit), _PLATE_SCALES[-1])
    layers = ((0, species.hind_shape, species.hind), (1, species.fore_shape, species.fore))
    for fore, shape, pattern in layers:
        box = plate_box(shape)
        plate = paint(shape, pattern, look, scale)
        for side in (0, 1):
            table = np.minimum(255, np.arange(256) * scene.pose.shade[side])
            channels = [apply_table(np.asarray(c), table) for c in plate.split()]
            coverage = wing_coverage(shape, 2 * fore + side, look, scale)
            onto = frame @ _wing(scene.pose, side, fore)
            canvas.put(
                Image.merge("RGBX", (*channels, coverage)),
                onto @ translation(*box[:2]) @ _to_box(plate, box),
                apply(onto, outline(shape)),
            )
    dark = darken(tint(species.body, look), 0.55)
    for line in antennae(scene.pose):
        canvas.fill(antenna_ring(apply(frame, line), unit), dark)
    body = body_plate(scale, tint(species.body, look))
    left, top, right, bottom = BODY_BOX
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    onto = frame @ translation(left, top) @ _to_box(body, BODY_BOX)
    canvas.put(body, onto, apply(frame, corners))


def _to_box(plate: Image.Image, box: tuple[float, float, float, float]) -> np.ndarray:
    """Plate pixels to units from the corner of its box."""
    left, top, right, bottom = box
    return np.diag([(right - left) / plate.width, (bottom - top) / plate.height, 1.0])


def _wing(pose: Pose, side: int, fore: int) -> np.ndarray:
    """Wing units to body units; side 0 is the left, a mirror image."""
    sign = (-1, 1)[side]
    lift = pose.lift[side] * (-1.0 if fore else 0.25)
    x, y = _FORE_HINGE if fore else _HIND_HINGE
    opened = np.diag([sign * pose.opening[side], 1.0, 1.0])
    return np.asarray(opened @ translation(x, y) @ rotation(lift))
