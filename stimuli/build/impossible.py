"""Numbers of a study that cannot all hold: found before anything is read, and before any training.

What a study file says by itself is refused first; what the data set's numbers add, once it is open.
Everything here counts what there is at most: a build may still find too few.
"""

from collections import Counter

from stimuli.build.bins import ShortBinsError
from stimuli.build.items import item_counts
from stimuli.datasets.base import Dataset, Split
from stimuli.problems import some_of
from stimuli.study import Study

N_BINS = 6


def study_contradictions(study: Study) -> list[str]:
    """What the study file says by itself."""
    return [
        *trial_problems(study, n_bins=N_BINS),
        *attack_problems(study),
        *explainer_problems(study),
    ]


def trial_problems(study: Study, *, n_bins: int) -> list[str]:
    """More trials, in all or of a group, than there can be stimuli."""
    natural = n_bins * study.bins.per_bin
    attack = study.adversarial
    perturbed = N_BINS // 2 * attack.per_bin if attack else 0
    flipped = perturbed if attack and attack.control else 0
    advice = "raise bins.per_bin" + (" or adversarial.per_bin" if attack else "")
    most = natural + perturbed + flipped
    problems = []
    if study.test_trials > most:
        problems.append(
            f"phases.test.trials: {study.test_trials}, but {study.bins.per_bin} in each of "
            f"{n_bins} bins"
            + (f" and {perturbed + flipped} perturbed ones" if attack else "")
            + f" are {most} stimuli at most; {advice}, or lower the trials"
        )
    limits = {
        "right": (natural // 2, "bins.per_bin"),
        "wrong": (natural // 2, "bins.per_bin"),
        "adversarial": (perturbed, "adversarial.per_bin"),
        "flipped": (flipped, "adversarial.per_bin"),
    }
    for group, trials in (study.assignment.groups or {}).items():
        limit, key = limits[group]
        if trials > limit:
            made = f"raise {key}" if limit else MISSING[group]
            problems.append(
                f"assignment.{group}: {trials} trials, but there are {limit} such stimuli at most; "
                f"{made}, or lower it"
            )
    return problems


MISSING = {
    "adversarial": "add [adversarial]",
    "flipped": 'say control = "flipped" in [adversarial]',
}


def attack_problems(study: Study) -> list[str]:
    attack = study.adversarial
    if not attack or study.bins.allow_short:
        return []
    needed = N_BINS // 2 * attack.per_bin * (2 if attack.control else 1)
    if attack.attacked >= needed:
        return []
    advice = "raise it, or lower adversarial.per_bin"
    return [
        f"adversarial.attacked: {attack.attacked} pictures cannot give {needed} stimuli; {advice}"
    ]


def explainer_problems(study: Study) -> list[str]:
    neighbours, names = study.explainers.neighbours, [c.name for c in study.classifiers]
    return [
        f"explainers.neighbours.duplicate_distance: {name!r} is none of {names}; rename it"
        for name in (neighbours.duplicate_distance if neighbours else ())
        if name not in names
    ]


def dataset_contradictions(study: Study, dataset: Dataset, *, n_answers: int) -> list[str]:
    """What the numbers of the data set do not allow, however the AI answers.

    Args:
        n_answers: how many classes the AI knows.
    """
    counts = Counter(example.split for example in dataset.examples)
    advice = "add some, or change the settings that choose them in [dataset]"
    if missing := [split for split in Split if not counts[split]]:
        return [f"the split {split} has no picture; {advice}" for split in missing]
    return [
        *item_problems(study, counts[Split.VAL]),
        *test_problems(study, counts[Split.TEST], n_answers=n_answers),
        *class_problems(study, dataset),
    ]


def item_problems(study: Study, n_val: int) -> list[str]:
    needed = sum(counts.right + counts.wrong for counts in item_counts(study).values())
    if needed <= n_val:
        return []
    problem = f"{needed} pictures, but the val split has {n_val}"
    return [f"practice.items, validation.items: {problem}; lower them, or enlarge the split"]


def test_problems(study: Study, n_test: int, *, n_answers: int) -> list[str]:
    """Bins that nothing can fall into, and more stimuli than there are pictures."""
    bins, attack = study.bins, study.adversarial
    least = 1 / n_answers  # the confidence of a label that no other exceeds
    empty = ["low"] * (bins.low_below <= least) + ["medium"] * (bins.medium[1] < least)
    problems = []
    if empty and not bins.allow_short:
        problems.append(
            f"bins: an AI that knows {n_answers} classes has a confidence of {least:.2f} or more, "
            f"so that nothing is in the {' and '.join(empty)} band; raise the band, or set "
            "bins.allow_short = true"
        )
    elif empty:
        problems += trial_problems(study, n_bins=N_BINS - 2 * len(empty))
    natural = N_BINS * bins.per_bin
    perturbed = N_BINS // 2 * attack.per_bin * (2 if attack.control else 1) if attack else 0
    if not bins.allow_short and natural + perturbed > n_test:
        problems.append(
            f"bins.per_bin: {natural + perturbed} stimuli need as many pictures, but the test "
            f"split has {n_test}; lower it, enlarge the split, or set bins.allow_short = true"
        )
    if study.test_trials > n_test:
        problems.append(
            f"phases.test.trials: {study.test_trials}, but the test split has {n_test} pictures; "
            "lower it, or enlarge the split"
        )
    return problems


def most_perturbed(study: Study) -> int:
    """How many perturbed stimuli there can be, against whichever classifier."""
    settings = study.adversarial
    if not settings:
        return 0
    attacks = len(study.classifiers) if settings.deceives == "each" else 1
    return attacks * N_BINS // 2 * settings.per_bin * (2 if settings.control else 1)


def require_trials(study: Study, n_stimuli: int, *, at_most: int = 0) -> None:
    """Refuse to go on with fewer stimuli than trials.

    Args:
        n_stimuli: those that were drawn.
        at_most: how many may still come.

    Raises:
        ShortBinsError: if there will be too few.
    """
    if n_stimuli + at_most >= study.test_trials:
        return
    drawn = f"{n_stimuli} stimuli were drawn" + (f", {at_most} more may be" if at_most else "")
    advice = "lower it, raise per_bin, or enlarge the test split"
    problem = f"phases.test.trials: {study.test_trials}, but {drawn}; {advice}"
    raise ShortBinsError("the stimuli of the test", [problem])


def class_problems(study: Study, dataset: Dataset) -> list[str]:
    """Cards and neighbours that no class, or one of few, has the training pictures for."""
    trained = Counter(example.label for example in dataset.split(Split.TRAIN))
    most = max(trained.values())
    neighbours = study.explainers.neighbours
    shown = any("neighbours" in condition.panels for condition in study.conditions)
    needs = {"cards.examples": study.cards.examples}
    if neighbours and shown:
        needs["explainers.neighbours.k"] = neighbours.k
    return [
        f"{key}: {needed} training pictures of a class, but none has more than {most} "
        f"({some_of([dataset.classes[label].name for label in sorted(trained)])}); lower it, or "
        "enlarge the train split"
        for key, needed in needs.items()
        if needed > most
    ]
