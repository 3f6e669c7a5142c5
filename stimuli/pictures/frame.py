"""From a picture of any size to the square that is shown, and where its points come to lie there.

The study paper cuts out the middle, CYBORG (Boyd et al. 2023), whose recipe saliency training
follows, squashes the whole, and bars keep the whole in its shape. Imports no torch.
"""

from dataclasses import dataclass

from PIL import Image

from stimuli.bundle.classifier_input import RESAMPLING
from stimuli.datasets.base import Box
from stimuli.study.dataset_settings import PictureSettings

# Of the bars: the middle of the range, which stands out from neither dark nor bright photos, is
# next to nothing for networks (ImageNet's mean is 124, 116, 104) and in JPEG stays exactly this.
MID_GREY = (128, 128, 128)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What takes a point of a picture into its square: scale, then subtract left and top."""

    scale_x: float
    scale_y: float
    left: float
    top: float

    def enlarged(self, factor: float) -> "Frame":
        """That of the same square in another size."""
        return Frame(
            scale_x=self.scale_x * factor,
            scale_y=self.scale_y * factor,
            left=self.left * factor,
            top=self.top * factor,
        )

    def box(self, box: Box, side: int) -> Box | None:
        """A box there, cut at the edges of the square; None where nothing of it is left."""
        x0, x1 = (min(max(x * self.scale_x - self.left, 0.0), side) for x in (box[0], box[2]))
        y0, y1 = (min(max(y * self.scale_y - self.top, 0.0), side) for y in (box[1], box[3]))
        return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def as_displayed(settings: PictureSettings, display_px: int) -> PictureSettings:
    """Settings that make the same view of a picture, display_px on each side."""
    resize_px = round(settings.resize_px * display_px / settings.crop_px)
    return settings.model_copy(update={"resize_px": resize_px, "crop_px": display_px})


def framed(image: Image.Image, settings: PictureSettings) -> tuple[Image.Image, Frame]:
    """The square of crop_px that `settings.fit` makes of a picture, and where its points lie."""
    return FITS[settings.fit](image, settings)


def cropped(image: Image.Image, settings: PictureSettings) -> tuple[Image.Image, Frame]:
    """Resize the shorter side to resize_px and cut out the central square of crop_px."""
    scale = settings.resize_px / min(image.size)
    width, height = (max(settings.resize_px, round(side * scale)) for side in image.size)
    if (width, height) != image.size:
        image = image.resize((width, height), RESAMPLING)
    left, top = (width - settings.crop_px) // 2, (height - settings.crop_px) // 2
    square = (left, top, left + settings.crop_px, top + settings.crop_px)
    return image.crop(square), Frame(scale_x=scale, scale_y=scale, left=left, top=top)


def squashed(image: Image.Image, settings: PictureSettings) -> tuple[Image.Image, Frame]:
    """Resize the whole to crop_px on both sides, whatever its shape."""
    scale_x, scale_y = (settings.crop_px / side for side in image.size)
    square = image.resize((settings.crop_px, settings.crop_px), RESAMPLING)
    return square, Frame(scale_x=scale_x, scale_y=scale_y, left=0, top=0)


def padded(image: Image.Image, settings: PictureSettings) -> tuple[Image.Image, Frame]:
    """Resize the longer side to crop_px, and put bars on both sides of the shorter one.

    They are MID_GREY in a picture, and no object in a mask.
    """
    side, longer = settings.crop_px, max(image.size)
    width, height = (max(1, round(length * side / longer)) for length in image.size)
    left, top = (side - width) // 2, (side - height) // 2
    square = Image.new(image.mode, (side, side), MID_GREY if image.mode == "RGB" else 0)
    square.paste(image.resize((width, height), RESAMPLING), (left, top))
    scale_x, scale_y = width / image.width, height / image.height
    return square, Frame(scale_x=scale_x, scale_y=scale_y, left=-left, top=-top)


FITS = {"crop": cropped, "squash": squashed, "pad": padded}
"""By `fit` of `[dataset]`."""
