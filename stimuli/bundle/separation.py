"""Whether the number alone gives the validation items away. Imports no torch."""

from collections.abc import Sequence

from stimuli.bundle import Prediction, Stimulus
from stimuli.study.online import Phase


def separation_warnings(
    stimuli: Sequence[Stimulus], predictions: Sequence[Prediction]
) -> list[str]:
    """A line for each classifier whose confidence parts the wrong validation items from the right.

    Where it is less sure of every wrong one than of any right one, people can pass validation by
    reading the number, without a look at the picture.
    """
    items = {s.stimulus_id for s in stimuli if s.phase is Phase.VALIDATION}
    answers = [p for p in predictions if p.stimulus_id in items]
    warnings = []
    for name in dict.fromkeys(p.classifier for p in answers):
        right = [p.confidence for p in answers if p.classifier == name and p.right]
        wrong = [p.confidence for p in answers if p.classifier == name and not p.right]
        if right and wrong and max(wrong) < min(right):
            warnings.append(
                f"validation: {name} has at most {max(wrong):.0%} confidence in its wrong answers "
                f"and at least {min(right):.0%} in its right ones, so the number tells which is "
                "which; choose mistakes of which the AI is as sure: validation.confident_wrong, "
                "if the val split has some (`plan` tells), or by hand (--items)"
            )
    return warnings
