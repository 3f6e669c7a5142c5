"""A small network that marks the object of a picture, to be trained on a data set's own masks."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from explainers.salient import enlarged

# Of the pictures the network sees, and of the maps that it makes: enough to find an object, quick.
SEEN_SIDE, MARKED_SIDE = 112, 56


class MaskNetwork(nn.Module):
    """Four stages down to a sixteenth of the side, and up again with what each stage saw.

    Like U-Net (Ronneberger et al. 2015), with sums where it joins maps.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (16, 32, 64, 96)
        deeper = list(zip(widths, widths[1:], strict=False))
        self.first = _stage(3, widths[0], kernel=5, stride=2)
        self.down = nn.ModuleList(_stage(inputs, outputs) for inputs, outputs in deeper)
        self.up = nn.ModuleList(_stage(outputs, inputs) for inputs, outputs in deeper)
        self.mark = nn.Conv2d(widths[0], 1, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Logits (batch, 1, MARKED_SIDE, MARKED_SIDE) of images (batch, 3, height, width)."""
        stages = [self.first(shrunk(images, SEEN_SIDE) * 2 - 1)]
        for stage in self.down:
            stages.append(stage(functional.max_pool2d(stages[-1], 2)))
        maps = stages.pop()
        for stage in reversed(self.up):
            finer = stages.pop()
            maps = finer + functional.interpolate(
                stage(maps), size=finer.shape[-2:], mode="bilinear"
            )
        logits: Tensor = self.mark(maps)
        return logits

    @torch.no_grad()
    def salient(self, images: Tensor) -> Tensor:
        """Maps (batch, height, width), the probability that a pixel is the object's."""
        return enlarged(self(images).sigmoid(), images)


def shrunk(images: Tensor, side: int) -> Tensor:
    """Images or masks (batch, channels, height, width) as squares, each pixel an average."""
    return functional.interpolate(images, size=(side, side), mode="area")


def _stage(inputs: int, outputs: int, *, kernel: int = 3, stride: int = 1) -> nn.Module:
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())
