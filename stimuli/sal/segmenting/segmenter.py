"""The segmenters that there are: U2-Net's small network, or Segment Anything from given files."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from explainers.salient import SalientNetworkError, onnx_network, u2netp_path
from stimuli.models.predictions import as_images
from stimuli.problems import ProblemsError
from stimuli.sal.segmenting.segment_anything import segment_anything

# Of U2-Net's map, as it is.
SALIENT_FROM = 0.5


class SegmenterError(ProblemsError):
    """A segmenter that is asked for and cannot be had."""


@dataclass(frozen=True, kw_only=True)
class Segmenter:
    """What draws masks.

    Attributes:
        name: of the network.
        sha256: of its file or files, which decide what it draws.
        segment: from an RGB picture to its mask, (height, width) bool, true on the object.
    """

    name: str
    sha256: tuple[str, ...]
    segment: Callable[[Image.Image], np.ndarray]


def ready_segmenter(encoder: Path | None, decoder: Path | None) -> Segmenter:
    """Segment Anything from the two ONNX files; without them u2netp.

    Raises:
        ProblemsError: if it cannot be had.
    """
    if (encoder is None) != (decoder is None):
        problem = "Segment Anything needs two files; give --encoder and --decoder, or neither"
        raise SegmenterError("the segmenter", [problem])
    try:
        if encoder is not None and decoder is not None:
            segment, paths = segment_anything(encoder, decoder), [encoder, decoder]
            name = "Segment Anything"
        else:
            path = u2netp_path()
            segment, paths, name = _u2netp(path), [path], "u2netp"
    except SalientNetworkError as error:
        raise SegmenterError("the segmenter", [str(error)]) from None
    digests = (hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)
    return Segmenter(name=name, sha256=tuple(digests), segment=segment)


def _u2netp(path: Path) -> Callable[[Image.Image], np.ndarray]:
    salient = onnx_network(path)

    def segment(picture: Image.Image) -> np.ndarray:
        pixels = torch.from_numpy(np.array(picture)[None])
        return np.asarray(salient(as_images(pixels))[0] >= SALIENT_FROM)

    return segment
