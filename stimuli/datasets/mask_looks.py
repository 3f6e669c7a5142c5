"""What the values of mask files could mean, and what to write where nothing says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stimuli.datasets.mask_values import TRIMAPS, MaskError, present_in, values_of
from stimuli.datasets.reading import BROKEN
from stimuli.problems import some_of
from stimuli.study.dataset_settings import MaskFormat

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
class Look:
    """The values of a file, in order, or what is wrong with it."""

    path: Path
    values: tuple[float, ...] = ()
    problem: str = ""

    def __str__(self) -> str:
        first = ", ".join(f"{value:g}" for value in self.values[:NAMED])
        n = len(self.values)
        more = f" ... {self.values[-1]:g}, {n} values" if n > NAMED else ""
        return f"{self.path.name} ({first}{more})" if n else self.path.name


def look_at(path: Path, form: MaskFormat) -> Look | None:
    try:
        values = values_of(path, form)
    except MaskError as error:
        return Look(path=path, problem=str(error))
    except BROKEN:
        return None
    if form.ignore is not None:
        values = values[values != form.ignore]
    present = tuple(float(value) for value in present_in(values))
    return Look(path=path, values=present, problem=value_problem(present, form))


def value_problem(values: tuple[float, ...], form: MaskFormat) -> str:
    """Why the values of a file mean nothing by the settings."""
    if form.masks == "trimap":
        is_one = any({*values} <= {*trimap} for trimap in TRIMAPS)
        return "" if is_one else NO_TRIMAP
    if form.masks == "soft" or form.mask_threshold is not None:
        return ""
    if form.masks is None and len(values) > 1 and {*values} <= {*TRIMAPS[0]}:
        return TRIMAP
    return MANY if len(values) > 2 else ""


def advice_on(looks: Sequence[Look]) -> str:
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


def problem_lines(looks: Sequence[Look], table: str) -> list[str]:
    """A line for each problem that files have, with what to set in a table of the settings."""
    lines = []
    for problem in dict.fromkeys(look.problem for look in looks if look.problem):
        those = [look for look in looks if look.problem == problem]
        said = f"{len(those)} of {len(looks)} masks {problem}"
        if problem == MANY:
            said += f"; in {table} set {advice_on(those)}"
        elif problem == TRIMAP:
            said += (
                f"; in {table} set masks = 'trimap' if 1 is object, 2 background and 3 border, or "
                "masks = 'binary' if the higher of two is object"
            )
        lines.append(f"{said}: {some_of([str(look) for look in those])}")
    return lines
