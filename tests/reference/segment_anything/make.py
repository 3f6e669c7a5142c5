"""Writes `encoder.onnx` and `decoder.onnx`: a tiny pair with the interface of Segment Anything's.

In an environment of its own, with the versions of versions.txt: python make.py

It knows colours only. The encoder keeps the mean colour of each of 64 x 64 places. The decoder's
four candidates for a point are, in this order:

0. the whole picture, with a predicted IoU of 1: the single mask, which one point does not ask for;
1. all places of the point's colour; the redder it is, the higher is its predicted IoU, .8 to .98;
2. the whole with logits of .5, with a predicted IoU of .99 for points near the first corner: not
   stable, so none;
3. the whole, stable, with a predicted IoU of .87: too low.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

SIDE, PLACES = 1024, 64
FOLDER = Path(__file__).parent


class Encoder(nn.Module):
    """(1, 3, 1024, 1024) to (1, 3, 64, 64)."""

    def forward(self, image: Tensor) -> Tensor:
        """The mean colour of each place."""
        return functional.avg_pool2d(image, SIDE // PLACES)


class Decoder(nn.Module):
    """The inputs and outputs of segment-anything's `SamOnnxModel` without a single mask."""

    def forward(
        self,
        image_embeddings: Tensor,
        point_coords: Tensor,
        point_labels: Tensor,
        mask_input: Tensor,
        has_mask_input: Tensor,
        orig_im_size: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Masks (1, 4, height, width) of the first point, their predicted IoU, and small masks."""
        x, y = (point_coords[0, 0] * PLACES / SIDE).floor().long().clamp(0, PLACES - 1)
        colour = image_embeddings[0].flatten(1).index_select(1, (y * PLACES + x)[None])[..., None]
        distance = (image_embeddings[0] - colour).abs().sum(0)
        # Nothing comes of these, but they are inputs.
        nothing = 0 * (point_labels.sum() + mask_input.sum() + has_mask_input.sum())
        whole = distance * 0 + nothing
        alike = (20 * (1 - distance)).clamp(-20, 20)
        small = torch.stack([whole + 20, alike, whole + 0.5, whole + 20])[None]
        redness = colour[0] - (colour[1] + colour[2]) / 2
        iou = 0.8 + 0.18 * redness.sigmoid().reshape(())
        in_corner = 0.5 + 0.49 * (x + y < 6).float()
        ious = torch.stack([iou * 0 + 1, iou, in_corner, iou * 0 + 0.87])[None]
        return self.enlarged(small, orig_im_size), ious, small

    def enlarged(self, masks: Tensor, orig_im_size: Tensor) -> Tensor:
        """At the size of the picture, without what was added below or to its right.

        At once, where the original enlarges to 1024 px before it cuts: much slower.
        """
        height, width = (orig_im_size * PLACES / orig_im_size.max()).round().long()
        rows, columns = orig_im_size.long()
        cut = masks[..., :height, :width]
        return functional.interpolate(cut, (rows, columns), mode="bilinear")


def main() -> None:
    """Write both."""
    torch.onnx.export(
        Encoder().eval(),
        (torch.zeros(1, 3, SIDE, SIDE),),
        FOLDER / "encoder.onnx",
        input_names=["image"],
        output_names=["image_embeddings"],
        opset_version=17,
        dynamo=False,
    )
    inputs = {
        "image_embeddings": torch.rand(1, 3, PLACES, PLACES),
        "point_coords": torch.rand(1, 2, 2) * SIDE,
        "point_labels": torch.tensor([[1.0, -1.0]]),
        "mask_input": torch.zeros(1, 1, 256, 256),
        "has_mask_input": torch.zeros(1),
        "orig_im_size": torch.tensor([60.0, 90.0]),
    }
    torch.onnx.export(
        Decoder().eval(),
        tuple(inputs.values()),
        FOLDER / "decoder.onnx",
        input_names=list(inputs),
        output_names=["masks", "iou_predictions", "low_res_masks"],
        dynamic_axes={"point_coords": {1: "num_points"}, "point_labels": {1: "num_points"}},
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    main()
