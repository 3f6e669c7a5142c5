"""What gives answers away without a look at the picture. Imports no torch."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stimuli.bundle import Prediction, Stimulus
from stimuli.study.online import Phase


def answer_warnings(stimuli: Sequence[Stimulus], predictions: Sequence[Prediction]) -> list[str]:
    """All lines of what follows."""
    return [
        *separation_warnings(stimuli, predictions),
        *one_answer_warnings(stimuli, predictions),
    ]


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
                "which; ask for a mistake of which the AI is sure with confident_wrong = 1 in "
                "[validation], and see by python -m stimuli plan whether the val split has one; if "
                "it has none, take more photos, exchange items by hand (build --items), or accept "
                "that the gate tells less"
            )
    return warnings


def one_answer_warnings(
    stimuli: Sequence[Stimulus], predictions: Sequence[Prediction]
) -> list[str]:
    """A line for each classifier that answers one and the same class to all test stimuli.

    People need to know that one class alone then; it happens where no other class has a card.
    """
    tests = {s.stimulus_id for s in stimuli if s.phase is Phase.TEST}
    labels: dict[str, set[str]] = {}
    for p in predictions:
        if p.stimulus_id in tests:
            labels.setdefault(p.classifier, set()).add(p.label)
    return [
        f"{name} answers {next(iter(own))!r} to every test stimulus, since no other class that it "
        "answers has a card: python -m stimuli plan tells what each class lacks; lower [cards] "
        "min_confidence or examples, or take an AI that knows more"
        for name, own in labels.items()
        if len(own) == 1 and len(tests) > 1
    ]


@dataclass(frozen=True, kw_only=True)
class AnsweredClass:
    """How often a classifier answers a class to test stimuli.

    Attributes:
        right: test stimuli to which it answers the class rightly.
        wrong: those to which it does so wrongly.
        true: those that show the class, whatever it answers.
    """

    classifier: str
    label: str
    right: int
    wrong: int
    true: int


def answered_classes(
    stimuli: Sequence[Stimulus], predictions: Sequence[Prediction]
) -> list[AnsweredClass]:
    """Every class that a test stimulus shows or a classifier answers to one, in alphabetical order.

    Where an answer is always right or always wrong, its name tells it without the picture, to
    whoever learns that.
    """
    shown = {s.stimulus_id: s.true_label for s in stimuli if s.phase is Phase.TEST}
    rows = []
    for name in dict.fromkeys(p.classifier for p in predictions):
        own = [p for p in predictions if p.classifier == name and p.stimulus_id in shown]
        told = Counter((p.label, p.right) for p in own)
        true = Counter(shown[p.stimulus_id] for p in own)
        labels = sorted({p.label for p in own} | true.keys(), key=str.casefold)
        rows += [
            AnsweredClass(
                classifier=name,
                label=label,
                right=told[label, True],
                wrong=told[label, False],
                true=true[label],
            )
            for label in labels
        ]
    return rows
