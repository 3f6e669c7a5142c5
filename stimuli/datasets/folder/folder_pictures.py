"""The photos, masks and boxes of a folder's rows: what is wrong, and what is done to them."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from stimuli.datasets.folder.box_forms import Boxed, box_problems, box_warning
from stimuli.datasets.folder.folder_labels import LabelRow
from stimuli.datasets.photo_reader import ADVICE, PhotoFacts, UnfitPhotoError, look_at
from stimuli.datasets.picture_files import size_of, why_unreadable
from stimuli.datasets.reading import BROKEN
from stimuli.problems import some_of
from stimuli.progress_bars import tqdm
from stimuli.study.dataset_settings import BoxForm

log = logging.getLogger(__name__)


def picture_problems(rows: Sequence[LabelRow], boxes: BoxForm) -> list[str]:
    """Decode every image and mask: unreadable and unfit ones, masks of another size, wrong boxes.

    What is used and yet worth a look, such as photos that EXIF turns, is logged.
    """
    with ThreadPoolExecutor() as pool:
        looks = [
            *tqdm(
                pool.map(looked_at, rows), total=len(rows), desc="checking", unit="img", leave=False
            )
        ]
    pairs = [*zip(rows, looks, strict=True)]
    sound = [(row, look) for row, look in pairs if isinstance(look, PhotoFacts)]
    boxed = [Boxed(where=r.where, boxes=r.boxes, size=facts.size) for r, facts in sound if r.boxes]
    log_what_was_done(sound, box_warning(boxed, boxes))
    return [
        *(
            f"{row.where}: image {row.image} is missing or unreadable "
            f"({why_unreadable(row.image)}); replace it or its row"
            for row, look in pairs
            if look is None
        ),
        *unfit_problems(pairs),
        *box_problems(boxed, boxes),
        *mask_problems(sound),
    ]


def looked_at(row: LabelRow) -> PhotoFacts | UnfitPhotoError | None:
    """What reading a photo does to it, or what makes it unfit; None of what is no photo."""
    try:
        return look_at(row.image)
    except UnfitPhotoError as error:
        return error
    except BROKEN:
        return None


def unfit_problems(
    pairs: Sequence[tuple[LabelRow, PhotoFacts | UnfitPhotoError | None]],
) -> list[str]:
    """A line for each reason, with the name of each photo."""
    problems = []
    for has, advice in ADVICE.items():
        names = [
            r.source for r, look in pairs if isinstance(look, UnfitPhotoError) if look.has == has
        ]
        if names:
            problems.append(f"{len(names)} images have {has}: {', '.join(names)}; {advice}")
    return problems


def mask_problems(sound: Sequence[tuple[LabelRow, PhotoFacts]]) -> list[str]:
    """Masks that are unreadable, of another size, or still lie as EXIF found their photo."""
    problems, lying = [], []
    for row, facts in sound:
        size = size_of(row.mask, whole=True) if row.mask else facts.size
        if row.mask and size is None:
            reason = why_unreadable(row.mask)
            problems.append(f"{row.where}: mask {row.mask} is missing or unreadable ({reason})")
        elif size != facts.size and facts.is_turned and size == facts.stored_size:
            lying.append(f"{row.where} {row.source}")
        elif size != facts.size:
            problems.append(f"{row.where}: mask {row.mask} is {size}, but its image {facts.size}")
    if lying:
        problems.append(
            f"{len(lying)} masks have the size of their image as it is stored, but EXIF turns the "
            f"image upright: {some_of(lying)}; turn the masks, too, or save the images upright"
        )
    return problems


def log_what_was_done(sound: Sequence[tuple[LabelRow, PhotoFacts]], warning: str | None) -> None:
    """What reading did to photos, with what to look at for it."""
    turned = [row for row, facts in sound if facts.is_turned]
    if any(row.mask or row.boxes for row in turned):
        log.warning(
            "%d of %d pictures were turned upright, as their EXIF data say; masks and boxes must "
            "be, too: %s",
            *(len(turned), len(sound), some_of([row.source for row in turned])),
        )
    elif turned:
        log.info("%d pictures were turned upright, as their EXIF data say", len(turned))
    for bits in (12, 16):
        if n := sum(facts.bits == bits for _, facts in sound):
            log.info("%d pictures are greys of %d bits; they were scaled to 8", n, bits)
    if n := sum(facts.is_on_white for _, facts in sound):
        log.info("%d pictures are transparent somewhere; they lie on white", n)
    if warning:
        log.warning("%s", warning)
