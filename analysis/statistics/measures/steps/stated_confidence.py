"""How sure people say they are, against how often they are right.

The answer that a confidence is about is the latest one before it that can be right. What was set on
a slider up to 100 or up to 1 is a probability: a slider from 50 to 100 begins at one half. The
points of a scale, and other sliders, are none: people were not told what they mean in per cent.
Only how much higher they are where the answer is right is told of these.

Who chooses among k answers and takes the likeliest cannot believe less than 1 / k in it; a
confidence below that contradicts the answer, or means something else than a probability.
"""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.export.step_facts import StepFacts
from analysis.statistics.measures.acceptance_by_confidence import tenths
from analysis.statistics.measures.steps.answered_steps import TRIAL, latest_before
from analysis.statistics.measures.steps.brier_score import brier_score
from analysis.statistics.measures.steps.clustered_means import groups_of, mean_of, sizes_of
from analysis.statistics.shares import over_people

KINDS = ("slider", "scale")
CERTAIN = (1, 100)  # upper ends that mean certainty
TERMS = ("reliability", "resolution", "uncertainty", "spread", "tilt")
COLUMNS = (
    *("condition", "step", "about", "advised", "n_participants", "n_trials"),
    *("confidence_percent", "accuracy_percent", "calibration_points", "low_points", "high_points"),
    *("brier", "brier_low", "brier_high", *TERMS),
    *("when_right_percent", "when_wrong_percent", "chance_percent", "below_chance_percent"),
    "missing_because",
)
CHANGES = ("confidence", "accuracy", "calibration", "brier")
CHANGE_COLUMNS = (
    *("condition", "about", "n_participants", "n_trials"),
    *(f"{name}{end}" for name in CHANGES for end in ("", "_low", "_high")),
)
NO_PROBABILITY = "its points are no probabilities"


def is_confidence(step: StepFacts) -> bool:
    """Whether a step asks how sure people are of an answer that it shows."""
    return step.kind in KINDS and step.truth is None and "own" in step.shows


def stated(
    steps: pd.DataFrame, declared: Sequence[StepFacts], n_options: Mapping[str, int | None]
) -> pd.DataFrame:
    """Every confidence with the answer that it is about.

    Args:
        steps: as `answered_steps.of_the_test` returns them.
        declared: the steps of the study.
        n_options: how many answers a step has to choose from, by its name.

    Returns:
        participant_id, phase, trial_index, condition, stimulus_id, ai_right, step, about (the step
        of the answer), advised (whether that showed what the AI says), right, asks (its kind and
        what is right of it), place (0 to 1, from the low end to the high one), probability (0 to 1;
        missing where the place is none) and chance (1 / n_options of the answer; missing where that
        is not known).
    """
    can_be_right = steps["right"].notna()
    rows = steps.assign(
        about=latest_before(steps, "step", can_be_right),
        advised=latest_before(steps, "advised", can_be_right),
        right=latest_before(steps, "right", can_be_right),
    )
    parts = [
        _with_numbers(rows[(rows["step"] == step.name) & rows["about"].notna()], step)
        for step in declared
        if is_confidence(step)
    ]
    columns = [*TRIAL, "condition", "stimulus_id", "ai_right", "step", "about", "advised", "right"]
    columns += ["asks", "place", "probability", "chance"]
    if not parts:
        return pd.DataFrame(columns=columns)
    table = pd.concat(parts, ignore_index=True)
    table["asks"] = table["about"].map(
        {step.name: f"{step.kind} {step.truth}" for step in declared}
    )
    table["chance"] = table["about"].map({name: 1 / n for name, n in n_options.items() if n})
    typed = {"advised": "bool", "right": "float64", "chance": "float64"}
    return table[columns].astype(typed).dropna(subset=["place"]).reset_index(drop=True)


def _with_numbers(rows: pd.DataFrame, step: StepFacts) -> pd.DataFrame:
    """The place between the ends, and the probability where it is one."""
    values = rows["value"].astype("object")
    low, high = step.low, step.high
    if isinstance(step.options, tuple):
        numbers = values.map({name: float(n) for n, name in enumerate(step.options)})
        low, high = 0.0, len(step.options) - 1.0
    else:
        numbers = pd.to_numeric(values, errors="coerce")
    numbers = numbers.astype("float64")
    if low is None or high is None or not low < high:
        return rows.assign(place=math.nan, probability=math.nan)
    is_probability = step.kind == "slider" and low >= 0 and high in CERTAIN
    probability = numbers / high if is_probability else math.nan
    return rows.assign(place=(numbers - low) / (high - low), probability=probability)


def per_condition(confidence: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Confidence against accuracy in each condition.

    Args:
        confidence: as `stated` returns it.
        conditions: in the order in which they are reported.

    Returns:
        condition, step, about, advised, n_participants, n_trials; confidence_percent and
        accuracy_percent (means), calibration_points (the first less the second, above 0 where
        people are too sure) with its interval; brier with its interval, and the five terms of
        `brier_score.BrierScore`; when_right_percent and when_wrong_percent (mean place between the
        ends), chance_percent, below_chance_percent (share of confidences below it) and
        missing_because. Intervals are 95 %, for other people and other stimuli.
    """
    rows = []
    keys = ("step", "about", "advised")
    for condition, values, group in groups_of(with_errors(confidence), conditions, *keys):
        places = [100 * group.loc[group["right"] == y, "place"].mean() for y in (1, 0)]
        facts = zip(COLUMNS, (condition, *values, *sizes_of(group)), strict=False)
        is_known = bool(group["probability"].notna().all())
        rows.append(
            {
                **dict(facts),
                "accuracy_percent": 100 * group["right"].mean(),
                "when_right_percent": places[0],
                "when_wrong_percent": places[1],
                **(_of_probabilities(group) if is_known else {}),
                "missing_because": "" if is_known else NO_PROBABILITY,
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def with_errors(confidence: pd.DataFrame) -> pd.DataFrame:
    """With excess (probability less being right) and squared, whose mean is the Brier score."""
    excess = confidence["probability"] - confidence["right"]
    return confidence.assign(excess=excess, squared=excess**2)


def _of_probabilities(group: pd.DataFrame) -> dict[str, float]:
    calibration, of_calibration = mean_of(group, "excess")
    _, of_brier = mean_of(group, "squared")
    probability, right = (group[name].to_numpy("float64") for name in ("probability", "right"))
    chance, score = float(group["chance"].iloc[0]), brier_score(probability, right)
    below = 100 * float((probability < chance - 1e-9).mean())
    return {
        "confidence_percent": 100 * float(probability.mean()),
        "calibration_points": 100 * calibration,
        "low_points": 100 * of_calibration[0],
        "high_points": 100 * of_calibration[1],
        "brier": score.score,
        "brier_low": of_brier[0],
        "brier_high": of_brier[1],
        **{name: getattr(score, name) for name in TERMS},
        "chance_percent": 100 * chance,
        "below_chance_percent": math.nan if math.isnan(chance) else below,
    }


def changes(confidence: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """What the AI's answer changes: of each trial the last confidence with it less that without.

    Args:
        confidence: as `stated` returns it; trials with a probability before and after count, of
            answers to the same question: how sure somebody is of what the AI will say is another.
        conditions: in the order in which they are reported.

    Returns:
        condition, about (the later answer), n_participants, n_trials; confidence, accuracy,
        calibration (in points) and brier, each with low and high (95 %, for other people and other
        stimuli).
    """
    known = with_errors(confidence).dropna(subset=["probability"])
    keys = [*TRIAL, "condition", "stimulus_id", "ai_right", "asks"]
    numbers = ["probability", "right", "excess", "squared"]
    before, after = (
        known[known["advised"] == flag].groupby(keys, observed=True, sort=False)
        for flag in (False, True)
    )
    moved = (after[numbers].last() - before[numbers].last()).dropna()
    moved = moved.set_axis(list(CHANGES), axis="columns")
    moved[list(CHANGES[:3])] *= 100
    moved = moved.join(after["about"].last()).reset_index()
    rows = []
    for condition, (about,), group in groups_of(moved, conditions, "about"):
        means = [mean_of(group, name) for name in CHANGES]
        flat = [number for mean, ends in means for number in (mean, *ends)]
        rows.append((condition, about, *sizes_of(group), *flat))
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))


def by_tenth(confidence: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """The calibration curve: how often people are right in each tenth of their confidence.

    Args:
        confidence: as `stated` returns it; probabilities count.
        conditions: in the order in which they are reported.

    Returns:
        condition, step, advised, from_percent (the tenth starts at this whole per cent; the last
        one holds 100 too), n_participants, n_trials, n_right, accuracy_percent, low_percent,
        high_percent (95 %, as `shares.over_people` has it) and confidence_percent (mean of the
        tenth). A tenth without trials has no row.
    """
    known = confidence.dropna(subset=["probability"])
    known = known.astype({"condition": "str", "step": "str"})
    answers = known.assign(
        condition=pd.Categorical(known["condition"], categories=list(conditions)),
        step=pd.Categorical(known["step"], categories=list(known["step"].unique())),
        from_percent=10 * tenths(known["probability"].to_numpy("float64")),
        percent=100 * known["probability"].astype("float64"),
    )
    keys = ["condition", "step", "advised", "from_percent"]
    named = {"n_true": "n_right", "percent": "accuracy_percent"}
    rows = over_people(answers, keys, "right").rename(columns=named)
    means = answers.groupby(keys, observed=True)["percent"].mean().rename("confidence_percent")
    return rows.merge(means.reset_index(), on=keys).astype({"condition": "str", "step": "str"})
