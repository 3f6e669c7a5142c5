"""Pictures of explanations as files: square, and shown as they are."""

from pathlib import Path

from PIL import Image

from stimuli.datasets.photo_reader import UnfitPhotoError, as_rgb, look_at, upright
from stimuli.datasets.picture_files import why_unreadable
from stimuli.datasets.reading import BROKEN
from stimuli.pictures.jpeg import encode


def picture_problem(path: Path, least_px: int) -> str:
    """What is wrong with a picture and what to do; empty where nothing is.

    Args:
        least_px: the side that it needs.
    """
    try:
        facts = look_at(path)
    except UnfitPhotoError as error:
        return f"has {error.has}, which explains nothing; draw it again, or remove it"
    except BROKEN:
        return f"cannot be read ({why_unreadable(path)}); replace it, or remove it"
    width, height = facts.size
    if width != height:
        return f"has {width} x {height} pixels and is no square; draw it as one, without margins"
    if width < least_px:
        return f"has {width} pixels on a side, fewer than {least_px}; draw it larger"
    return ""


def shown_picture(path: Path, display_px: int) -> bytes:
    """A square picture as people see it: bare pixels, what is transparent on white.

    Args:
        display_px: side as shown.
    """
    with Image.open(path) as file:
        picture = as_rgb(upright(file))
    if picture.size != (display_px, display_px):
        picture = picture.resize((display_px, display_px), Image.Resampling.LANCZOS)
    return encode(picture)
