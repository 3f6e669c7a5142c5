"""Simulated studies whose trials have steps, and whether what the report says of one is true.

People judge 30 of the same 72 stimuli, the AI being right on half. What people bring and what
stimuli bring, in log odds, moves whether they are right, how sure they are, how far they follow a
number, whether they know what the AI says, and whether they ask for what it saw. People and stimuli
are new in every study. The truth of each number is that of very many trials, each of a person and
with a stimulus of its own.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analysis.statistics.measures.steps import (
    forward_simulation,
    revealed_parts,
    stated_confidence,
    weight_of_advice,
)

STIMULI, TRIALS = 72, 30  # 36 on which the AI is wrong: 30 are needed
MEAN = 0.8  # log odds of a right answer alone
HELP, HARM = 1.0, 0.8  # log odds that a right answer of the AI adds, and a wrong one takes
TRUE_NUMBER, OWN_SD, AI_SD = 60, 14, 9  # of what is to be estimated; SD of errors
KEEP = 0.3  # share of trials in which people stay with their number

Tables = dict[str, pd.DataFrame]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class People:
    """Where studies come from.

    Attributes:
        sd_person: log odds.
        sd_stimulus: log odds.
        n_people: of the one condition.
    """

    sd_person: float
    sd_stimulus: float
    n_people: int


def study(rng: np.random.Generator, people: People) -> Tables:
    """The tables of a study, as the statistics of steps take them."""
    n = people.n_people
    shown = np.argsort(rng.random((n, STIMULI)), axis=1)[:, :TRIALS].ravel()
    person = np.arange(len(shown)) // TRIALS
    stimuli = rng.normal(0, people.sd_stimulus, STIMULI)
    bias = rng.normal(0, people.sd_person, n)
    sure = rng.normal(0, people.sd_person / 2, n)
    of_ai = rng.normal(0, AI_SD, STIMULI)
    facts = {"participant_id": person, "stimulus_id": shown}
    return answers(rng, facts, bias[person], sure[person], stimuli[shown], of_ai[shown])


def everybody(rng: np.random.Generator, people: People, n: int) -> Tables:
    """So many trials, no two of one person or with one stimulus."""
    each = np.arange(n)
    spread = (people.sd_person, people.sd_person / 2, people.sd_stimulus, AI_SD)
    facts = {"participant_id": each, "stimulus_id": each}
    return answers(rng, facts, *(rng.normal(0, sd, n) for sd in spread))


def answers(
    rng: np.random.Generator,
    facts: dict[str, NDArray[np.int64]],
    bias: Numbers,
    sure: Numbers,
    stimulus: Numbers,
    of_ai: Numbers,
) -> Tables:
    """What people answer.

    Args:
        rng: of all that is left to chance.
        facts: participant_id and stimulus_id, each of shape (n,).
        bias: what people bring, in log odds, of shape (n,).
        sure: how much surer they are, likewise.
        stimulus: what stimuli bring, likewise.
        of_ai: how far the AI's numbers are from the truth, of shape (n,).
    """
    ai_right = facts["stimulus_id"] % 2 == 0
    base = pd.DataFrame({**facts, "condition": "a", "step": "s", "ai_right": ai_right})
    alone = MEAN + bias + stimulus
    helped = alone + np.where(ai_right, HELP, -HARM)
    knows = np.where(ai_right, 1.2, -0.6) + bias + stimulus
    predicted = rng.random(len(base)) < expit(knows)
    names_true = np.where(ai_right, predicted, ~predicted & (rng.random(len(base)) < 0.6))
    return {
        "confidence": pd.concat(
            [
                _confidence(rng, base, alone, sure, advised=False),
                _confidence(rng, base, helped, sure + 0.4, advised=True),
            ],
            ignore_index=True,
        ),
        "numbers": _numbers(rng, base, bias, stimulus, of_ai),
        "guesses": base.assign(right=predicted, true_label=names_true),
        "parts": base.assign(
            part="panels",
            how="asked for",
            seconds=rng.gamma(2, 2, len(base)),
            seen=rng.random(len(base)) < expit(bias - stimulus),
            right=rng.random(len(base)) < expit(alone),
        ),
    }


def _confidence(
    rng: np.random.Generator, base: pd.DataFrame, odds: Numbers, sure: Numbers, *, advised: bool
) -> pd.DataFrame:
    """Whole per cents that follow the log odds of being right, but not as far."""
    stated = np.round(100 * expit(0.4 + sure + 0.6 * odds + rng.normal(0, 0.7, len(base)))) / 100
    return base.assign(
        phase="test",
        trial_index=base["stimulus_id"],
        about="alone",
        asks="choice label",
        advised=advised,
        right=(rng.random(len(base)) < expit(odds)).astype("float64"),
        place=stated,
        probability=stated,
        chance=0.25,
    )


def _numbers(
    rng: np.random.Generator, base: pd.DataFrame, bias: Numbers, stimulus: Numbers, of_ai: Numbers
) -> pd.DataFrame:
    """Whole numbers; some stay with theirs, others go some way towards the AI's."""
    n = len(base)
    first = np.round(TRUE_NUMBER + OWN_SD * rng.normal(size=n) * expit(1 - 0.3 * stimulus))
    ai = np.round(TRUE_NUMBER + of_ai)
    weight = np.where(rng.random(n) < KEEP, 0, expit(bias + stimulus) + rng.normal(0, 0.15, n))
    last = np.round(first + weight * (ai - first))
    way = np.where(ai == first, np.nan, ai - first)
    told = {"first": first, "last": last, "ai": ai, "true": float(TRUE_NUMBER)}
    return base.assign(**told, weight=(last - first) / way)


Ends = dict[str, tuple[float, float, float]]
PERCENT = ("accuracy_percent", "low_percent", "high_percent")
TRUE_LABEL = tuple(f"true_label{end}_percent" for end in ("", "_low", "_high"))


def told(tables: Tables) -> Ends:
    """Every number with an interval that the report would tell: value, low and high."""
    names, ends = ["a"], {}
    weight = weight_of_advice.per_condition(tables["numbers"], names).iloc[0]
    for name in ("median", "bounded", "mean"):
        ends[f"weight: {name}"] = weight[[name, f"{name}_low", f"{name}_high"]]
    errors = weight_of_advice.errors(tables["numbers"], names).iloc[0]
    for name in ("before", "after", "gain"):
        ends[f"error: {name}"] = errors[[name, f"{name}_low", f"{name}_high"]]
    confidence = stated_confidence.per_condition(tables["confidence"], names)
    for _, row in confidence.iterrows():
        when = "after" if row["advised"] else "before"
        ends[f"calibration {when}"] = row[["calibration_points", "low_points", "high_points"]]
        ends[f"Brier {when}"] = row[["brier", "brier_low", "brier_high"]]
    change = stated_confidence.changes(tables["confidence"], names).iloc[0]
    for name in stated_confidence.CHANGES:
        ends[f"change: {name}"] = change[[name, f"{name}_low", f"{name}_high"]]
    guesses = forward_simulation.per_condition(tables["guesses"], names, {"s": 4})
    for (_, row), where in zip(guesses.iterrows(), ("all", "right", "wrong"), strict=True):
        ends[f"AI predicted: {where}"] = row[list(PERCENT)]
        ends[f"true label named: {where}"] = row[list(TRUE_LABEL)]
    seen = revealed_parts.per_condition(tables["parts"], names).iloc[0]
    ends["asked for"] = seen[["seen_percent", "low_percent", "high_percent"]]
    for _, row in revealed_parts.accuracy(tables["parts"], names).iterrows():
        ends[f"accuracy, {'asked' if row['seen'] else 'not asked'}"] = row[list(PERCENT)]
    return {name: tuple(three) for name, three in ends.items()}


def truths(rng: np.random.Generator, people: People, n: int) -> dict[str, float]:
    """What each of these numbers is over all people and all stimuli."""
    return {name: value for name, (value, _, _) in told(everybody(rng, people, n)).items()}


def held(tables: Tables, true: dict[str, float]) -> dict[str, bool]:
    """Whether each interval holds its truth."""
    return {name: low <= true[name] <= high for name, (_, low, high) in told(tables).items()}
