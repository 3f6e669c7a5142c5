"""How much of each picture its mask covers, and the refusal of masks that show nothing."""

import logging
from collections.abc import Mapping, Sequence

from stimuli.bundle.mask_facts import (
    MaskFacts,
    mask_facts,
    mask_line,
    mask_problems,
    mask_warnings,
)
from stimuli.bundle.records import Kind
from stimuli.datasets.base import DataError, Split
from stimuli.pictures.crops import Crop, mask_of

log = logging.getLogger(__name__)


def covered_by_masks(crops: Sequence[Crop], meaning: str) -> MaskFacts | None:
    """What the masks of some crops come to; None where they have none. Attacks add nothing.

    Args:
        meaning: as of a data set's `mask_meaning`.
    """
    natural = [crop for crop in crops if crop.kind is Kind.NATURAL]
    shares = [None if crop.mask is None else float(mask_of(crop).mean()) for crop in natural]
    return mask_facts(shares, meaning)


def looked_at(crops: Mapping[Split, Sequence[Crop]], meaning: str) -> MaskFacts | None:
    """The facts of all crops, told in the log, with what is unusual.

    Raises:
        DataError: if the masks of all, or of a split that has some, show nothing.
    """
    facts = covered_by_masks([crop for split in Split for crop in crops[split]], meaning)
    if facts is None:
        return None
    problems = mask_problems(facts)
    for split in Split if not problems else ():
        own = covered_by_masks(crops[split], meaning)
        problems += mask_problems(own, where=f"split {split}") if own else []
    if problems:
        raise DataError("the data set", problems)
    tell(facts)
    return facts


def tell(facts: MaskFacts, *, of: str = "masks") -> None:
    """Into the log: the line, and what is unusual."""
    log.info("%s: %s", of, mask_line(facts))
    for warning in mask_warnings(facts):
        log.warning("%s: %s", of, warning)
