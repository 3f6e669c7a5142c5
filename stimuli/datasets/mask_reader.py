"""Mask files as numbers, and what the numbers mean: one rule for studies, SAL and segmenters.

Of two values the higher is the object, whatever they are. More than two mean what `MaskFormat`
says, and nothing without it. Values are brightness, of a palette its indices, and the alpha channel
where that is the mask. The rule in full is in docs/masks.md.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stimuli.datasets.mask_looks import look_at, problem_lines
from stimuli.datasets.mask_values import MaskError, present_in, trimap_of, values_of
from stimuli.progress_bars import tqdm
from stimuli.study.dataset_settings import MaskFormat


@dataclass(frozen=True, kw_only=True, slots=True)
class MaskRule:
    """How the mask files of a folder are read.

    Attributes:
        background: values that are no object where a file has no other: 0, and the lower ones of
            the files that have two.
        n_values: the most that a file has.
    """

    form: MaskFormat = MaskFormat()
    background: tuple[float, ...] = (0.0,)
    n_values: int = 2

    @property
    def meaning(self) -> str:
        """In a few words, for the line about masks."""
        if self.form.mask_threshold is not None:
            return f"object from {self.form.mask_threshold:g} on"
        named = {"soft": "soft maps, cut at half of their maximum", "trimap": "trimaps"}
        count = f"{self.n_values} value" + "s" * (self.n_values != 1)
        return named.get(self.form.masks or "", count)


def read_mask(path: Path, rule: MaskRule) -> np.ndarray:
    """A mask, (height, width): bool, true on the object, or of a soft map float32 in [0, 1].

    A soft map is in shares of its own maximum.

    Raises:
        MaskError: if its values mean nothing by this rule.
        OSError: and what else Pillow raises, if it cannot be decoded.
    """
    form, values = rule.form, values_of(path, rule.form)
    known = np.ones(values.shape, dtype=bool) if form.ignore is None else values != form.ignore
    if form.masks == "soft":
        heat = np.where(known, values, 0).clip(min=0).astype(np.float64)
        return np.asarray(heat / (heat.max() or 1), dtype=np.float32)
    if form.mask_threshold is not None:
        return np.asarray(known & (values >= form.mask_threshold))
    present = present_in(values[known])
    if form.masks == "trimap":
        _, background, _ = trimap_of(present)
        return np.asarray(values != background)
    if len(present) > 2:
        raise MaskError(f"its mask has {len(present)} values")
    if len(present) == 2:
        return np.asarray(known & (values > present[0]))
    is_full = len(present) == 1 and present[0] not in rule.background
    return known if is_full else np.zeros(values.shape, dtype=bool)


def mask_rule(
    paths: Sequence[Path], form: MaskFormat, problems: list[str], *, table: str = "[dataset]"
) -> MaskRule:
    """The rule of some files, all of which are looked at; what is wrong is added to `problems`.

    Files that cannot be decoded are passed over: whoever reads them says so.

    Args:
        table: where the settings of the format stand, for messages.
    """
    with ThreadPoolExecutor() as pool:
        looks = pool.map(lambda path: look_at(path, form), paths)
        bar = tqdm(looks, total=len(paths), desc="masks", unit="img", leave=False)
        seen = [look for look in bar if look is not None]
    problems += problem_lines(seen, table)
    if form.masks in ("soft", "trimap") or form.mask_threshold is not None:
        return MaskRule(form=form)
    lower = {look.values[0]: look for look in seen if len(look.values) == 2}
    higher = {look.values[1]: look for look in seen if len(look.values) == 2}
    if torn := sorted({*lower} & {*higher}):
        problems.append(
            f"the value {torn[0]:g} is background in {lower[torn[0]]} and object in "
            f"{higher[torn[0]]}; set mask_threshold in {table}, or draw them alike"
        )
    n_values = max((len(look.values) for look in seen), default=2)
    return MaskRule(form=form, background=tuple(sorted({0.0, *lower})), n_values=n_values)
