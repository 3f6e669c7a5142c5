"""The answers of test trials, step by step, and which of them stand before and after the advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.export.step_facts import ShowsAi, StepFacts

OF_THE_PICTURE = ("label", "ai_right")  # truths; what the AI will say is another question
TRIAL = ["participant_id", "trial_index"]
COLUMNS = (
    *("participant_id", "condition", "stimulus_id", "step", "step_index"),
    *("value", "truth", "advice", "right", "agrees", "advice_right"),
)
PAIRED = ("value", "right", "agrees")  # what is known both before and after


@dataclass(frozen=True, kw_only=True)
class BeforeAndAfter:
    """The first and the last step that ask people of a condition the same.

    Attributes:
        first: the step that asks it first.
        last: that asks it last.
        advised: whether the AI's answer is shown between them: by the last, and not by the first.
    """

    first: StepFacts
    last: StepFacts
    advised: bool


def judging(steps: Sequence[StepFacts], shows_ai: ShowsAi) -> tuple[StepFacts, ...]:
    """The steps of a test trial whose answers are right or wrong about the picture."""
    asked = (step for step in steps if step.truth in OF_THE_PICTURE)
    return tuple(step for step in asked if step.comes_in("test", shows_ai))


def before_and_after(steps: Sequence[StepFacts], shows_ai: ShowsAi) -> BeforeAndAfter | None:
    """The steps that ask what the last one asks, with the same truth; None where it is alone."""
    asked = judging(steps, shows_ai)
    alike = [s for s in asked if (s.kind, s.truth) == (asked[-1].kind, asked[-1].truth)]
    if len(alike) < 2:
        return None
    first, last = alike[0], alike[-1]
    advised = last.shows_advice(shows_ai) and not first.shows_advice(shows_ai)
    return BeforeAndAfter(first=first, last=last, advised=advised)


def judgements(
    answers: pd.DataFrame, trials: pd.DataFrame, steps: Sequence[StepFacts]
) -> pd.DataFrame:
    """The answers about the picture in finished natural test trials of the people analysed.

    Args:
        answers: steps.csv, as in the export.
        trials: as `accuracy.test_trials` returns them.
        steps: of export.json.

    Returns:
        A row for each trial and step: participant_id, condition, stimulus_id, trial_index, step,
        step_index, value, truth, advice, right, agrees (value is what the AI says, shown or not;
        missing where the AI cannot say it) and advice_right (likewise).
    """
    asked = [step.name for step in steps if step.truth in OF_THE_PICTURE]
    natural = trials.loc[trials["kind"] == "natural", TRIAL].astype({"participant_id": "str"})
    rows = answers[(answers["phase"] == "test") & answers["step"].isin(asked)]
    texts = ["participant_id", "condition", "stimulus_id", "step"]
    rows = rows.dropna(subset=["value", "truth"]).astype(dict.fromkeys(texts, "str"))
    rows = rows.merge(natural, on=TRIAL).sort_values([*TRIAL, "step_index"], ignore_index=True)
    unknown = rows["advice"].isna()
    compared = {"agrees": rows["value"], "advice_right": rows["truth"]}
    said = {
        name: (text == rows["advice"]).astype("boolean").mask(unknown)
        for name, text in compared.items()
    }
    return rows.assign(**said)[["trial_index", *COLUMNS]]


def paired(
    rows: pd.DataFrame, steps: Sequence[StepFacts], shows_ai: Mapping[str, ShowsAi]
) -> pd.DataFrame:
    """The trials that were answered before and after, of conditions that have both.

    Args:
        rows: as `judgements` returns them.
        steps: of export.json.
        shows_ai: what the people of each condition see of the AI.

    Returns:
        A row for each trial whose advice is known: participant_id, condition, stimulus_id,
        trial_index, advice_right, advised (`BeforeAndAfter`), and value, right and agrees, each
        _before and _after; all flags bool.
    """
    parts = []
    for condition, shown in shows_ai.items():
        both = before_and_after(steps, shown)
        own = rows[(rows["condition"] == condition) & rows["agrees"].notna()]
        first = own[own["step"] == (both.first.name if both else "")]
        last = own[own["step"] == (both.last.name if both else "")]
        trials = first.merge(last[[*TRIAL, *PAIRED]], on=TRIAL, suffixes=("_before", "_after"))
        parts.append(trials.assign(advised=both is not None and both.advised))
    table = pd.concat(parts, ignore_index=True)
    flags = ["advice_right", *(f"{n}_{w}" for n in PAIRED[1:] for w in ("before", "after"))]
    return table.drop(columns=["step", "step_index", "truth"]).astype(dict.fromkeys(flags, "bool"))
