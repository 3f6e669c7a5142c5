"""Segment Anything (Kirillov et al. 2023) as a pair of ONNX files.

A grid of points asks for masks of the whole picture, and that of the highest predicted IoU is
taken, as in the SAL paper, appendix F. Which masks count is what segment-anything's automatic
generator keeps by default: 32 x 32 points, a predicted IoU above .88, and a mask that changes
little where its threshold does. What the generator does besides, as leaving out doublets, never
takes away the best one.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from onnxruntime import InferenceSession
from PIL import Image

from explainers.salient import onnx_session
from stimuli.problems import ProblemsError

# Of the encoder's input, in pixels, and of a mask that a decoder may begin with.
SIDE, BEGUN_SIDE = 1024, 256
# As the encoder was trained, on the scale of 0 to 255.
MEAN = np.array([123.675, 116.28, 103.53], dtype=np.float32)
STD = np.array([58.395, 57.12, 57.375], dtype=np.float32)

POINTS_PER_SIDE = 32
MIN_IOU, MIN_STABILITY = 0.88, 0.95
# A point gets three masks, of a part, an object and several; the fourth, before them, is for boxes.
N_MASKS = 3
# The point is on the object; where there is no box, a second one that means nothing follows.
POINT_LABELS = np.array([[1, -1]], dtype=np.float32)

# What each takes, all of it, and gives, at least.
ENCODER = {"image"}, {"image_embeddings"}
DECODER = (
    {
        *("image_embeddings", "point_coords", "point_labels"),
        *("mask_input", "has_mask_input", "orig_im_size"),
    },
    {"masks", "iou_predictions"},
)


class SegmentAnythingError(ProblemsError):
    """Files that are no such pair."""


def segment_anything(encoder: Path, decoder: Path) -> Callable[[Image.Image], np.ndarray]:
    """From an RGB picture to its best mask, (height, width) bool; empty where no mask counts.

    Args:
        encoder: takes `image` (1, 3, 1024, 1024).
        decoder: of segment-anything's `export_onnx_model.py`.

    Raises:
        SegmentAnythingError: if they take or give something else.
        SalientNetworkError: if a file is missing or no network.
    """
    encode, decode = onnx_session(encoder), onnx_session(decoder)
    problems = _problems(encoder, encode, *ENCODER) + _problems(decoder, decode, *DECODER)
    if not problems and encode.get_inputs()[0].shape[1:] != [3, SIDE, SIDE]:
        shape = encode.get_inputs()[0].shape
        problems.append(f"{encoder}: takes an image of {shape}, not (1, 3, {SIDE}, {SIDE})")
    if problems:
        raise SegmentAnythingError("Segment Anything", problems)

    def segment(picture: Image.Image) -> np.ndarray:
        pixels = encoder_input(picture)
        (embeddings,) = encode.run(["image_embeddings"], {"image": pixels})
        return _best_mask(decode, np.asarray(embeddings), picture.size)

    return segment


def _problems(path: Path, session: InferenceSession, takes: set[str], gives: set[str]) -> list[str]:
    taken = {entry.name for entry in session.get_inputs()}
    given = {entry.name for entry in session.get_outputs()}
    if taken == takes and given >= gives:
        return []
    found = f"takes {', '.join(sorted(taken))} and gives {', '.join(sorted(given))}"
    needed = f"not {', '.join(sorted(takes))} and {', '.join(sorted(gives))}"
    return [f"{path}: {found}, {needed}; export it under segment-anything's own names"]


def encoder_input(picture: Image.Image) -> np.ndarray:
    """(1, 3, 1024, 1024) float32: the longer side at 1024 px, normalised; the rest is 0."""
    width, height = resized(picture.size)
    pixels = np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))
    whole = np.zeros((1, 3, SIDE, SIDE), dtype=np.float32)
    whole[0, :, :height, :width] = ((pixels - MEAN) / STD).transpose(2, 0, 1)
    return whole


def resized(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height with the longer of them at 1024 px, rounded as segment-anything does."""
    scale = SIDE / max(size)
    width, height = (int(side * scale + 0.5) for side in size)
    return width, height


def grid_points(size: tuple[int, int]) -> Iterator[tuple[float, float]]:
    """The points that ask, row by row, as x and y in the frame of the encoder's input."""
    width, height = resized(size)
    shares = (np.arange(POINTS_PER_SIDE) + 0.5) / POINTS_PER_SIDE
    return ((float(x * width), float(y * height)) for y in shares for x in shares)


def stability(logits: np.ndarray) -> float:
    """How alike a mask stays where its threshold is 1 higher or lower: the IoU of these two."""
    low, high = (logits > -1).sum(), (logits > 1).sum()
    return float(high / low) if low else 0.0


def _best_mask(
    decode: InferenceSession, embeddings: np.ndarray, size: tuple[int, int]
) -> np.ndarray:
    width, height = size
    prompt = {
        "image_embeddings": embeddings,
        "point_labels": POINT_LABELS,
        "mask_input": np.zeros((1, 1, BEGUN_SIDE, BEGUN_SIDE), dtype=np.float32),
        "has_mask_input": np.zeros(1, dtype=np.float32),
        "orig_im_size": np.array([height, width], dtype=np.float32),
    }
    best, best_iou = np.zeros((height, width), dtype=bool), MIN_IOU
    for point in grid_points(size):
        coordinates = np.array([[point, (0, 0)]], dtype=np.float32)
        answer = decode.run(["masks", "iou_predictions"], prompt | {"point_coords": coordinates})
        masks, ious = (np.asarray(part)[0, -N_MASKS:] for part in answer)
        for logits, iou in zip(masks, ious, strict=True):
            if iou > best_iou and stability(logits) >= MIN_STABILITY:
                best, best_iou = logits > 0, iou
    return best
