"""Segment Anything's interface, asked of a tiny pair of networks that knows colours only.

`tests/reference/segment_anything/make.py` says what the pair answers to a point.
"""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.sal.data.masks import mask_dice
from stimuli.sal.segmenting.segment_anything import (
    SegmentAnythingError,
    encoder_input,
    grid_points,
    resized,
    segment_anything,
    stability,
)
from tests.lab import ROOT

PAIR = ROOT / "tests/reference/segment_anything"
ENCODER, DECODER = PAIR / "encoder.onnx", PAIR / "decoder.onnx"
GREEN, RED, PALE_RED = (40, 200, 40), (220, 40, 40), (200, 90, 90)


def painted(
    size: tuple[int, int], *patches: tuple[tuple[int, ...], tuple[int, ...]]
) -> Image.Image:
    """A green picture with rectangles, each a colour and its box."""
    image = Image.new("RGB", size, GREEN)
    for colour, box in patches:
        image.paste(colour, box)
    return image


@pytest.mark.parametrize("size", [(128, 64), (64, 128), (64, 64)])
def test_of_all_masks_that_points_ask_for_the_best_by_predicted_iou_is_taken(
    size: tuple[int, int],
) -> None:
    """The redder of two patches, wherever it is, in a picture of any shape.

    Neither the mask that is none for a point (predicted IoU 1), nor the one that is not stable
    (.99), nor green, of which the predicted IoU is below .88.
    """
    segment = segment_anything(ENCODER, DECODER)
    for box, other in (((6, 8, 24, 30), (30, 34, 46, 46)), ((30, 34, 46, 46), (6, 8, 24, 30))):
        mask = segment(painted(size, (RED, box), (PALE_RED, other)))
        expected = np.zeros(size[::-1], dtype=bool)
        expected[box[1] : box[3], box[0] : box[2]] = True
        assert mask.shape == expected.shape
        assert mask_dice(mask[None], expected[None])[0] > 0.95


def test_where_no_mask_counts_there_is_none() -> None:
    assert not segment_anything(ENCODER, DECODER)(painted((40, 40))).any()


def test_points_form_a_grid_in_the_middle_of_its_cells() -> None:
    """A picture of 200 x 100 is 1024 x 512 to the encoder: cells of 32 x 16."""
    points = list(grid_points((200, 100)))
    assert len(points) == 32 * 32
    assert points[:2] == [(16, 8), (48, 8)]
    assert points[-1] == (1008, 504)


def test_the_longer_side_is_resized_to_1024_as_segment_anything_rounds() -> None:
    """scale * length + .5, cut off: 375 * 2.048 = 768; 333 * 2.048 = 681.98."""
    assert [resized(size) for size in ((500, 375), (333, 500), (2048, 2048))] == [
        *((1024, 768), (682, 1024), (1024, 1024)),
    ]


def test_the_encoder_sees_normalised_pixels_and_zeros_beside_the_picture() -> None:
    pixels = encoder_input(Image.new("RGB", (200, 100), (255, 0, 116)))
    inside, outside = pixels[0, :, :512], pixels[0, :, 512:]
    expected = [(255 - 123.675) / 58.395, -116.28 / 57.12, (116 - 103.53) / 57.375]
    assert inside.reshape(3, -1).mean(1) == pytest.approx(expected, rel=1e-4)
    assert not outside.any()


def test_a_mask_is_stable_as_far_as_two_thresholds_agree() -> None:
    logits = np.array([[-2.0, -0.5, 0.5, 1.5], [-2.0, 2.0, 2.0, 2.0]])
    assert stability(logits) == 4 / 6
    assert stability(logits - 10) == 0


def test_networks_of_another_interface_are_refused_with_what_they_take(tmp_path: Path) -> None:
    with pytest.raises(SegmentAnythingError) as caught:
        segment_anything(DECODER, ENCODER)
    decoder, encoder = caught.value.problems
    assert decoder.startswith(f"{DECODER}: takes has_mask_input, image_embeddings, mask_input, ")
    assert decoder.endswith(
        "not image and image_embeddings; export it under segment-anything's own names"
    )
    assert "takes image and gives image_embeddings, not has_mask_input, " in encoder
