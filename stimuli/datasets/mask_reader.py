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
from PIL import Image, ImageOps
from tqdm import tqdm

from stimuli.datasets.mask_values import MaskError, alpha_of, brightness_of, is_coloured
from stimuli.datasets.reading import BROKEN
from stimuli.problems import some_of
from stimuli.study.dataset_settings import MaskFormat

# Object, background and border: Oxford's, and those of image matting.
TRIMAPS = ((1, 2, 3), (255, 0, 128))
# What Pascal VOC and others draw around objects.
BORDER = 255
# More values are no labels of objects but shades.
LABELS = 16
JPEGS = (".jpg", ".jpeg")
# As many values of a file as a message names.
NAMED = 4

MANY = "have more than two values, and nothing says what they mean"
TRIMAP = "have values of a trimap"
NO_TRIMAP = "are no trimaps of 1, 2, 3 or 255, 0, 128; correct masks"


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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """The values of a file, in order, or what is wrong with it."""

    path: Path
    values: tuple[float, ...] = ()
    problem: str = ""

    def __str__(self) -> str:
        first = ", ".join(f"{value:g}" for value in self.values[:NAMED])
        n = len(self.values)
        more = f" ... {self.values[-1]:g}, {n} values" if n > NAMED else ""
        return f"{self.path.name} ({first}{more})" if n else self.path.name


def read_mask(path: Path, rule: MaskRule) -> np.ndarray:
    """A mask, (height, width): bool, true on the object, or of a soft map float32 in [0, 1].

    A soft map is in shares of its own maximum.

    Raises:
        MaskError: if its values mean nothing by this rule.
        OSError: and what else Pillow raises, if it cannot be decoded.
    """
    form, values = rule.form, _values(path, rule.form)
    known = np.ones(values.shape, dtype=bool) if form.ignore is None else values != form.ignore
    if form.masks == "soft":
        heat = np.where(known, values, 0).clip(min=0).astype(np.float64)
        return np.asarray(heat / (heat.max() or 1), dtype=np.float32)
    if form.mask_threshold is not None:
        return np.asarray(known & (values >= form.mask_threshold))
    present = _present(values[known])
    if form.masks == "trimap":
        _, background, _ = _trimap(present)
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
        looks = pool.map(lambda path: _look(path, form), paths)
        bar = tqdm(looks, total=len(paths), desc="masks", unit="img", leave=False)
        seen = [look for look in bar if look is not None]
    for problem in dict.fromkeys(look.problem for look in seen if look.problem):
        those = [look for look in seen if look.problem == problem]
        said = f"{len(those)} of {len(seen)} masks {problem}"
        if problem == MANY:
            said += f"; in {table} set {_advice(those)}"
        elif problem == TRIMAP:
            said += (
                f"; in {table} set masks = 'trimap' if 1 is object, 2 background and 3 border, or "
                "masks = 'binary' if the higher of two is object"
            )
        problems.append(f"{said}: {some_of([str(look) for look in those])}")
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


def _values(path: Path, form: MaskFormat) -> np.ndarray:
    """(height, width) numbers, upright: the picture's, or those of its alpha channel."""
    with Image.open(path) as file:
        file.load()
        image = ImageOps.exif_transpose(file)
    alpha = alpha_of(image)
    if form.masks == "alpha":
        if alpha is None:
            raise MaskError("have no alpha channel, or the same everywhere; leave out masks")
        return alpha
    if form.masks == "soft" and alpha is None and is_coloured(image):
        raise MaskError("are coloured, and a colour is no amount; save them as grey")
    values = brightness_of(image)
    if alpha is None:
        return values
    colours = _present(values)
    if len(_present(values[alpha > 0])) == 1 or len(colours) > 2:
        return alpha  # one colour cut out, or a photo
    if form.masks is None and not np.array_equal(values > colours[0], alpha > alpha.min()):
        raise MaskError(
            "have two colours and an alpha channel that differs from them; set masks = 'binary' "
            "for the colours, or 'alpha'"
        )
    return values


def _present(values: np.ndarray) -> np.ndarray:
    """The values that occur, in order."""
    if values.dtype == np.uint8:
        return np.flatnonzero(np.bincount(values.ravel(), minlength=1))
    return np.unique(values)


def _look(path: Path, form: MaskFormat) -> _Look | None:
    try:
        values = _values(path, form)
    except MaskError as error:
        return _Look(path=path, problem=str(error))
    except BROKEN:
        return None
    if form.ignore is not None:
        values = values[values != form.ignore]
    present = tuple(float(value) for value in _present(values))
    return _Look(path=path, values=present, problem=_problem(present, form))


def _problem(values: tuple[float, ...], form: MaskFormat) -> str:
    """Why the values of a file mean nothing by the settings."""
    if form.masks == "trimap":
        is_one = any({*values} <= {*trimap} for trimap in TRIMAPS)
        return "" if is_one else NO_TRIMAP
    if form.masks == "soft" or form.mask_threshold is not None:
        return ""
    if form.masks is None and len(values) > 1 and {*values} <= {*TRIMAPS[0]}:
        return TRIMAP
    return MANY if len(values) > 2 else ""


def _advice(looks: Sequence[_Look]) -> str:
    """What to set where files have more than two values, the likeliest first."""
    values = {value for look in looks for value in look.values}
    least = max(values) / 2 if max(values) <= 1 else -(-max(values) // 2)
    if all(len(look.values) <= LABELS for look in looks):
        least = sorted(values)[1]
    cut = f"mask_threshold = {least:g} if all from there on is object"
    if any(look.path.suffix.lower() in JPEGS for look in looks):
        cut += " (JPEG adds noise to two values)"
    advice = [cut, "masks = 'soft' if they are maps of where people look"]
    if values <= {*TRIMAPS[1]}:
        advice.append("masks = 'trimap' if 128 is the border")
    elif all(len({*look.values} - {BORDER}) <= 2 for look in looks):
        advice.insert(0, f"ignore = {BORDER} if that is a border")
    return ", or ".join(advice)


def _trimap(present: np.ndarray) -> tuple[int, int, int]:
    """The one of TRIMAPS that these values are of.

    Raises:
        MaskError: if there is none.
    """
    for trimap in TRIMAPS:
        if {*present.tolist()} <= {*trimap}:
            return trimap
    raise MaskError(f"its trimap has the values {', '.join(f'{v:g}' for v in present[:NAMED])}")
