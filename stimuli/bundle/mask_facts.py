"""What the masks of a data set come to, in one line, and what is wrong or odd about them.

Nothing can tell a mask that is inverted from one that is not, so the line says how much of the
pictures is object. Imports no torch.
"""

import statistics
from collections.abc import Sequence

from pydantic import Field

from stimuli.bundle.records import Probability
from stimuli.study.offline import Facts

# A photo of an object has most of its pixels around it; what covers more looks like its background.
MOST_USUAL = 0.8
# Of so many masks it is no accident if none shows anything.
FEW = 10
# Below this share of the pictures, what masks say is of a few of them; below that, of next to none.
MOSTLY, HARDLY = 0.5, 0.1


class MaskFacts(Facts):
    """Masks in the frame of the classifier's input; a soft map covers where it reaches half.

    Attributes:
        pictures: that are used.
        found: of these, how many have a mask.
        empty, full: how many masks cover nothing, or all.
        least, median, most: share of the picture that masks cover which are not empty; None where
            all are.
        meaning: what the values of the files are taken for; empty where the data set's release says
            it.
    """

    pictures: int = Field(ge=0)
    found: int = Field(ge=0)
    empty: int = Field(ge=0)
    full: int = Field(ge=0)
    least: Probability | None = None
    median: Probability | None = None
    most: Probability | None = None
    meaning: str = ""


def mask_facts(shares: Sequence[float | None], meaning: str) -> MaskFacts | None:
    """The facts of some pictures, None where none has a mask.

    Args:
        shares: of each picture that its mask covers; None where it has none.
    """
    found = [share for share in shares if share is not None]
    if not found:
        return None
    shown = [share for share in found if share > 0]
    return MaskFacts(
        pictures=len(shares),
        found=len(found),
        empty=len(found) - len(shown),
        full=found.count(1),
        least=min(shown, default=None),
        median=statistics.median(shown) if shown else None,
        most=max(shown, default=None),
        meaning=meaning,
    )


def mask_line(facts: MaskFacts) -> str:
    """For example, all in one line.

    object covers 2 to 31 %, median 11 %; 0 empty, 0 full; 112 of 112 found; 2 values
    """
    parts = [
        f"{facts.empty} empty, {facts.full} full",
        f"{facts.found} of {facts.pictures} found",
        facts.meaning,
    ]
    if facts.least is not None and facts.median is not None and facts.most is not None:
        least, median, most = map(_percent, (facts.least, facts.median, facts.most))
        span = most if least == most else f"{least} to {most}"
        parts.insert(0, f"object covers {span} %, median {median} %")
    return "; ".join(part for part in parts if part)


def mask_warnings(facts: MaskFacts) -> list[str]:
    """What is unusual about masks that are used all the same."""
    warnings = []
    if facts.median is not None and facts.median > MOST_USUAL:
        warnings.append(
            f"the median mask covers {_percent(facts.median)} % of the picture, as a background "
            "does; look at some, and invert the files if that is what they mark"
        )
    if facts.empty:
        warnings.append(
            f"{facts.empty} of {facts.found} masks show nothing in the view of the picture; what "
            "is scored by masks leaves these out"
        )
    if facts.full:
        warnings.append(
            f"{facts.full} of {facts.found} masks cover the whole view; every heat map agrees with "
            "these"
        )
    if facts.found < MOSTLY * facts.pictures:
        warnings.append(
            f"only {facts.found} of {facts.pictures} pictures have a mask; what is scored by masks "
            "is of these alone"
        )
    return warnings


def mask_problems(facts: MaskFacts, *, where: str = "") -> list[str]:
    """What makes masks useless.

    Args:
        where: the pictures that they belong to, such as a split; empty for all, and then few are
            judged too.
    """
    if where and facts.found < FEW:
        return []
    if not where and facts.found < HARDLY * facts.pictures:
        share = f"only {facts.found} of {facts.pictures} pictures have a mask"
        return [f"{share}; add the others, or leave out those that are there"]
    place = f"{where}: " if where else ""
    kinds = f"all {facts.found} masks"
    if facts.empty == facts.found:
        problem = f"{place}{kinds} are empty in the view of their picture"
        advice = "draw them again, or say in [dataset] what their values mean"
    elif facts.full == facts.found:
        problem, advice = f"{place}{kinds} cover the whole picture", "draw the object alone"
    elif facts.empty + facts.full == facts.found:
        problem = f"{place}{kinds} are empty or cover the whole picture"
        advice = "draw the object alone"
    else:
        return []
    return [f"{problem}; {advice} (docs/masks.md)"]


def _percent(share: float) -> str:
    """Whole per cent, below one with a digit more."""
    percent = 100 * share
    return f"{percent:.0f}" if percent >= 1 or not percent else f"{percent:.1g}"
