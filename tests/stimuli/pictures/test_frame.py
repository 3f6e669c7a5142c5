"""Three ways from a picture to a square, and that boxes, masks and pixels go the same way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from stimuli.datasets.base import mask_boxes
from stimuli.pictures.crops import crop_mask
from stimuli.pictures.frame import FITS, MID_GREY, Frame, as_displayed, framed
from stimuli.pictures.jpeg import decode, encode
from stimuli.study.dataset_settings import FolderSettings

PAPER = FolderSettings(adaptor="folder")
SIDES = st.integers(30, 300)


def settings_of(fit: str, side: int = 64) -> FolderSettings:
    """A square of one side; "crop" cuts off an eighth."""
    resize = {"resize_px": side + side // 8} if fit == "crop" else {}
    return FolderSettings(adaptor="folder", fit=fit, crop_px=side, **resize)


def test_the_paper_resizes_the_shorter_side_to_256_and_cuts_out_224() -> None:
    crop, frame = framed(Image.new("RGB", (512, 1024)), PAPER)
    assert crop.size == (224, 224)
    assert frame == Frame(scale_x=0.5, scale_y=0.5, left=16, top=144)


def test_squashed_a_picture_has_a_scale_for_each_side() -> None:
    square, frame = framed(
        Image.new("RGB", (512, 1024)), FolderSettings(adaptor="folder", fit="squash")
    )
    assert square.size == (224, 224)
    assert frame == Frame(scale_x=224 / 512, scale_y=224 / 1024, left=0, top=0)


def test_between_bars_a_picture_keeps_its_shape() -> None:
    """512 x 1024 becomes 112 x 224, with 56 px of grey on each side."""
    square, frame = framed(
        Image.new("RGB", (512, 1024)), FolderSettings(adaptor="folder", fit="pad")
    )
    assert frame == Frame(scale_x=0.21875, scale_y=0.21875, left=-56, top=0)
    pixels = np.asarray(square)
    assert (pixels[:, :56] == MID_GREY).all()
    assert (pixels[:, 168:] == MID_GREY).all()
    assert not pixels[:, 56:168].any()


def test_a_jpeg_file_keeps_the_grey_of_bars_exactly(rng: np.random.Generator) -> None:
    """But for blocks of 16 px that the photo reaches into, and what colours smear beyond them."""
    photo = Image.fromarray(rng.integers(0, 256, (120, 60, 3), dtype=np.uint8))
    square, _ = framed(photo, FolderSettings(adaptor="folder", fit="pad"))
    assert (decode(encode(square))[:, :40] == MID_GREY).all()


@given(st.integers(100, 900), st.integers(100, 900), st.sampled_from(sorted(FITS)))
def test_a_view_of_any_picture_is_the_square_that_was_asked_for(
    width: int, height: int, fit: str
) -> None:
    square, frame = framed(
        Image.new("RGB", (width, height)), FolderSettings(adaptor="folder", fit=fit)
    )
    assert square.size == (224, 224)
    whole = frame.box((0, 0, width, height), 224)
    assert whole is not None
    x0, y0, x1, y1 = whole
    if fit == "pad":
        assert max(x1 - x0, y1 - y0) == pytest.approx(224)
        assert min(x1 - x0, y1 - y0) == pytest.approx(
            224 * min(width, height) / max(width, height), abs=0.51
        )
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((112, 112), abs=0.51)
    else:
        assert whole == pytest.approx((0, 0, 224, 224))


def test_boxes_move_with_the_picture_and_are_cut_at_its_edges() -> None:
    frame = Frame(scale_x=0.5, scale_y=0.5, left=10, top=0)
    assert frame.box((40, 20, 120, 60), 100) == (10, 10, 50, 30)
    assert frame.box((0, 20, 120, 400), 100) == (0, 10, 50, 100)
    assert frame.box((0, 0, 20, 10), 100) is None


@given(st.data(), SIDES, SIDES, st.sampled_from(sorted(FITS)))
def test_box_mask_and_picture_go_the_same_way(
    data: st.DataObject, width: int, height: int, fit: str
) -> None:
    """Pixels exactly; a box to 1.5 px, as half a pixel is in or out and resizing rounds sides."""
    left, top = (data.draw(st.integers(0, side - 10)) for side in (width, height))
    right = data.draw(st.integers(left + 10, width))
    bottom = data.draw(st.integers(top + 10, height))
    mask = np.zeros((height, width), dtype=bool)
    mask[top:bottom, left:right] = True
    settings = settings_of(fit)
    picture = Image.fromarray(np.where(mask[..., None], 255, np.zeros(3)).astype(np.uint8))
    square, frame = framed(picture, settings)
    moved, box = crop_mask(mask, settings), frame.box((left, top, right, bottom), 64)
    in_picture = np.zeros((64, 64), dtype=bool)
    x0, y0, x1, y1 = map(round, frame.box((0, 0, width, height), 64))
    in_picture[y0:y1, x0:x1] = True
    assert np.array_equal(moved, in_picture & (np.asarray(square)[..., 0] >= 128))
    for found in mask_boxes(moved):
        assert box is not None
        assert found == pytest.approx(box, abs=1.5)
    if box is not None and min(box[2] - box[0], box[3] - box[1]) > 2:
        assert moved.any()


@given(SIDES, SIDES, st.integers(0, 3), st.sampled_from([None, 30, 50]))
def test_bars_are_never_object(
    width: int, height: int, enlarged: int, input_px: int | None
) -> None:
    """Not even where everything in the picture is, whatever the size of the input."""
    shown = as_displayed(settings_of("pad", 50), 50 + 30 * enlarged)
    mask = crop_mask(np.ones((height, width), dtype=bool), shown, input_px)
    _, frame = framed(Image.new("L", (width, height)), shown)
    x0, y0, x1, y1 = frame.enlarged(len(mask) / shown.crop_px).box((0, 0, width, height), len(mask))
    centres = np.arange(len(mask)) + 0.5
    columns, rows = ((centres > a - 0.25) & (centres < b + 0.25) for a, b in ((x0, x1), (y0, y1)))
    assert not (mask & ~(rows[:, None] & columns)).any()


@given(st.integers(16, 600), st.integers(0, 100), st.integers(0, 500))
def test_the_displayed_square_never_leaves_the_picture(crop_px: int, rim: int, more: int) -> None:
    settings = PAPER.model_copy(update={"resize_px": crop_px + rim, "crop_px": crop_px})
    shown = as_displayed(settings, crop_px + more)
    assert shown.resize_px >= shown.crop_px == crop_px + more


@pytest.mark.parametrize("fit", ["squash", "pad"])
def test_a_size_to_cut_from_is_refused_where_nothing_is_cut(fit: str) -> None:
    with pytest.raises(ValidationError, match=f"resize_px has no use with fit = '{fit}'; remove"):
        FolderSettings(adaptor="folder", fit=fit, resize_px=300)
    assert FolderSettings(adaptor="folder", fit=fit, crop_px=299).crop_px == 299
