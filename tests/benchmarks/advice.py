"""Simulated studies of advice of known truth, and whether each of their intervals holds it.

People of "advised" answer alone, then with the AI's answer; those of "unaided" answer alone. Each
judges 40 of the same 100 stimuli. The log odds of a right answer alone are a mean, plus what the
person brings, plus what the stimulus brings; who is likelier to be right is less likely to move to
the AI's answer, so that the pooled ratios weigh people and stimuli unequally. A wrong answer is the
AI's, where this is wrong, half the time. People, stimuli and where the AI is right are new in every
study.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from analysis.export.step_facts import ShowsAi, StepFacts
from analysis.statistics.measures.steps import advice_taking, by_step, synergy
from analysis.statistics.measures.steps.judgements import judgements, paired
from analysis.statistics.measures.steps.pooled import both_intervals

STIMULI, TRIALS = 100, 40
AI_RIGHT = 0.55  # of all stimuli
MOVES = -0.3  # log odds of moving to an answer that one did not give: 43 %
ERRS_AS_AI = 0.5  # of wrong answers alone, where the AI is wrong
STAYS = 0.98  # of those who agree with the AI before
SHOWS_AI: Mapping[str, ShowsAi] = {"advised": True, "unaided": False}
STEPS = (
    StepFacts(name="alone", kind="choice", shows=("photo",), truth="label"),
    StepFacts(name="after", kind="choice", shows=("photo", "answer", "own"), truth="label"),
)
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(40)
WEIGHTS = WEIGHTS / WEIGHTS.sum()

Numbers = NDArray[np.float64]
Ratio = tuple[Numbers, Numbers]  # of each stimulus: how often it is true, of how often it may be


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Where studies come from.

    Attributes:
        sd_person: log odds.
        sd_stimulus: log odds.
        n_people: of each condition.
        alone: log odds of a right answer alone.
    """

    sd_person: float
    sd_stimulus: float
    n_people: int = 40
    alone: float = 0.9

    def truths(self) -> dict[str, float]:
        """Of each measure in per cent, over all people and all stimuli."""
        stimuli = np.tile(self.sd_stimulus * NODES, 2)
        is_right = np.repeat([True, False], len(NODES))
        weights = np.concatenate([AI_RIGHT * WEIGHTS, (1 - AI_RIGHT) * WEIGHTS])
        return self.truths_of(stimuli, is_right, weights)

    def truths_of(
        self, stimuli: Numbers, is_right: NDArray[np.bool_], weights: Numbers
    ) -> dict[str, float]:
        """The same on single stimuli, over all people."""
        odds = stimuli[:, None] + self.sd_person * NODES
        right, moves = expit(self.alone + odds), expit(MOVES - odds)
        ratios = _ratios(right, moves, is_right[:, None] * np.ones_like(odds))
        means = {name: (top @ WEIGHTS, below @ WEIGHTS) for name, (top, below) in ratios.items()}
        return {
            name: float(100 * (weights @ top) / (weights @ below))
            for name, (top, below) in means.items()
        }


def _ratios(right: Numbers, moves: Numbers, ai: Numbers) -> dict[str, Ratio]:
    """By stimulus and person: numerator and denominator of each measure."""
    whole, wrong = np.ones_like(right), 1 - right
    as_ai = ai * right + (1 - ai) * wrong * ERRS_AS_AI
    moved = (1 - as_ai) * moves
    stayed = as_ai * STAYS
    after = ai * (right * STAYS + wrong * moves) + (1 - ai) * right * (1 - moves)
    return {
        "before": (right, whole),
        "after": (after, whole),
        "ai": (ai, whole),
        "agreement": (stayed + moved, whole),
        "switched": (moved + as_ai - stayed, whole),
        "switched_to_ai": (moved, 1 - as_ai),
        "switched_from_ai": (as_ai - stayed, as_ai),
        "wrong_ended": ((1 - ai) * (stayed + moved), 1 - ai),
        "wrong_agreed_already": ((1 - ai) * stayed, 1 - ai),
        "wrong_moved": ((1 - ai) * moved, 1 - ai),
        "right_ended": (ai * (stayed + moved), ai),
        "right_agreed_already": (ai * stayed, ai),
        "right_moved": (ai * moved, ai),
        "rair": (ai * wrong * moves, ai * wrong),
        "rsr": ((1 - ai) * right * (1 - moves), (1 - ai) * right),
    }


@dataclass(frozen=True, kw_only=True)
class AdviceStudies:
    """What an export has of studies, side by side, and what the stimuli of each are.

    Attributes:
        answers: of the steps; a study's conditions are "advised" and "unaided" with its number.
        trials: of responses.
        stimuli: log odds, of shape (studies, stimuli).
        is_right: whether the AI is, of that shape.
    """

    answers: pd.DataFrame
    trials: pd.DataFrame
    stimuli: Numbers
    is_right: NDArray[np.bool_]

    @property
    def shows_ai(self) -> dict[str, ShowsAi]:
        """What the people of each condition see of the AI."""
        numbers = range(len(self.stimuli))
        return {f"{name}{i}": shown for i in numbers for name, shown in SHOWS_AI.items()}


def studies(rng: np.random.Generator, population: Advice, n: int) -> AdviceStudies:
    """Draw the stimuli, the people and their answers of so many studies."""
    stimuli = rng.normal(0, population.sd_stimulus, (n, STIMULI))
    is_right = rng.random((n, STIMULI)) < AI_RIGHT
    parts = [
        _answers(rng, population, stimuli[i], is_right[i], name, i)
        for i in range(n)
        for name in SHOWS_AI
    ]
    wide = pd.concat(parts, ignore_index=True)
    trials = wide.assign(team_right=wide["last"] == "truth", kind="natural")
    return AdviceStudies(answers=_steps(wide), trials=trials, stimuli=stimuli, is_right=is_right)


def _answers(
    rng: np.random.Generator,
    population: Advice,
    stimuli: Numbers,
    is_right: NDArray[np.bool_],
    condition: str,
    number: int,
) -> pd.DataFrame:
    """A row for each trial, with its answers in words: truth, ai (where that is wrong) or other."""
    n = population.n_people
    shown = np.argsort(rng.random((n, STIMULI)), axis=1)[:, :TRIALS]
    odds = (stimuli[shown] + rng.normal(0, population.sd_person, (n, 1))).ravel()
    ai = np.where(is_right[shown.ravel()], "truth", "ai")
    right, as_ai, stays, moves = (
        rng.random(len(ai)) < chance
        for chance in (expit(population.alone + odds), ERRS_AS_AI, STAYS, expit(MOVES - odds))
    )
    first = np.where(right, "truth", np.where(as_ai & (ai == "ai"), "ai", "other"))
    advised = np.where(first == ai, np.where(stays, ai, "other"), np.where(moves, ai, first))
    return pd.DataFrame(
        {
            "condition": f"{condition}{number}",
            "participant_id": [f"{condition}{number}-{i // TRIALS}" for i in range(len(ai))],
            "trial_index": np.tile(np.arange(TRIALS), n),
            "stimulus_id": [f"{number}-{i}" for i in shown.ravel()],
            "advice": ai,
            "ai_right": ai == "truth",
            "first": first,
            "last": advised if SHOWS_AI[condition] else first,
        }
    )


def _steps(wide: pd.DataFrame) -> pd.DataFrame:
    rows = wide.assign(phase="test", truth="truth")
    first = rows.assign(step="alone", step_index=0, value=rows["first"])
    is_advised = rows["condition"].str.startswith("advised")
    last = rows[is_advised].assign(step="after", step_index=1, value=rows["last"])
    answers = pd.concat([first, last], ignore_index=True)
    return answers.assign(right=(answers["value"] == answers["truth"]).astype("boolean"))


def measured(rng: np.random.Generator, population: Advice, n: int) -> pd.DataFrame:
    """Whether each interval of each study holds its truth: 1 or 0; NaN where it has none."""
    drawn, wide = studies(rng, population, n), population.truths()
    rows = judgements(drawn.answers, drawn.trials, STEPS)
    both = paired(rows, STEPS, drawn.shows_ai)
    names = [f"advised{i}" for i in range(n)]
    groups = [(name, f"unaided{i}") for i, name in enumerate(names)]
    by = by_step.accuracy_and_agreement(rows, STEPS, drawn.shows_ai)
    tables = Tables(
        after=by[by["step"] == "after"].set_index(["condition", "measure"]),
        shares=advice_taking.shares_of_advice(both, names).set_index(["condition", "measure"]),
        changes=advice_taking.changes(both, names).drop_duplicates("condition"),
        synergies=synergy.synergies(drawn.trials, both, teams=names, groups=groups),
    )
    equally = np.full(STIMULI, 1 / STIMULI)
    held = []
    for i, name in enumerate(names):
        here = population.truths_of(drawn.stimuli[i], drawn.is_right[i], equally)
        held.append(_held_by(tables, name, wide, here))
    return pd.DataFrame(held)


def left_ai(rng: np.random.Generator, population: Advice, n: int) -> pd.DataFrame:
    """Whether both intervals of who leaves an answer that is the AI's hold what it is, 2 %."""
    trials = studies(rng, population, n).trials
    agreed = trials[
        trials["condition"].str.startswith("advised") & (trials["first"] == trials["advice"])
    ]
    left = agreed.assign(left=agreed["last"] != agreed["advice"])
    rows, truth = both_intervals(left, ["condition"], "left"), 100 * (1 - STAYS)
    ends = {
        "these stimuli": ("people_low_percent", "people_high_percent"),
        "other stimuli": ("low_percent", "high_percent"),
    }
    return pd.DataFrame(
        {name: rows[low].le(truth) & rows[high].ge(truth) for name, (low, high) in ends.items()}
    )


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What the report has of studies."""

    after: pd.DataFrame
    shares: pd.DataFrame
    changes: pd.DataFrame
    synergies: pd.DataFrame


def _held_by(
    tables: Tables, name: str, wide: Mapping[str, float], here: Mapping[str, float]
) -> dict[str, float]:
    facts: dict[str, float] = {}
    for measure, truth in (("accuracy", "after"), ("agreement", "agreement")):
        row = tables.after.loc[name, measure]
        facts |= _held(measure, row, "percent", wide[truth], here[truth])
    for measure, row in tables.shares.loc[name].iterrows():
        facts |= _held(str(measure), row, "percent", wide[str(measure)], here[str(measure)])
    change = tables.changes.set_index("condition").loc[name]
    facts |= _held("change", change, "points", *(t["after"] - t["before"] for t in (wide, here)))
    own = tables.synergies[tables.synergies["condition"] == name]
    for sort, (_, row) in zip(("groups", "before"), own.iterrows(), strict=True):
        facts |= _of_synergy(sort, row, wide)
    return facts


def _of_synergy(sort: str, row: pd.Series, wide: Mapping[str, float]) -> dict[str, float]:
    people, ai = wide["after"] - wide["before"], wide["after"] - wide["ai"]
    ends = {"over_people": people, "over_ai": ai}
    facts = {
        f"{sort}: {name}": _in(row, f"{name}_low_points", f"{name}_high_points", truth)
        for name, truth in ends.items()
    }
    facts[f"{sort}: synergy"] = _in(row, "low_points", "high_points", min(people, ai))
    return facts


def _held(name: str, row: pd.Series, unit: str, wide: float, here: float) -> dict[str, float]:
    return {
        f"{name}, these stimuli": _in(row, f"people_low_{unit}", f"people_high_{unit}", here),
        f"{name}, other stimuli": _in(row, f"low_{unit}", f"high_{unit}", wide),
    }


def _in(row: pd.Series, low: str, high: str, truth: float) -> float:
    if pd.isna(row[low]):
        return float("nan")
    return float(row[low] <= truth <= row[high])


def equal_alone(sd_person: float, sd_stimulus: float) -> float:
    """Log odds alone at which people are as often right as the AI."""

    def ahead(alone: float) -> float:
        here = Advice(sd_person=sd_person, sd_stimulus=sd_stimulus, alone=alone)
        return here.truths()["before"] - 100 * AI_RIGHT

    return float(brentq(ahead, -2, 2))
