import numpy as np
import pandas as pd
import pytest

from analysis.export.facts import AiOnly, ConditionFacts
from analysis.statistics.measures import accuracy
from analysis.statistics.measures.teams import ai_alone, team
from analysis.statistics.measures.teams.natural_weights import natural_weights
from analysis.statistics.measures.teams.team_gain import gains
from tests.analysis.participants import ADVERSARIAL, NATURAL
from tests.analysis.pools import pool_frame

POOL = pool_frame([50, 10, 5, 10, 15, 10], outside_right=30)
EACH = 6  # stimuli of each sort
CONDITIONS = (ConditionFacts(name="confidence", classifier="tiny"),)


def trials_of(rng, *, n_people=25, kinds=NATURAL + ADVERSARIAL):
    """Everybody judges every stimulus; right with a chance of its own for each sort."""
    stimuli = pd.DataFrame(
        [(s.kind, s.bin, s.ai_right, s.confidence) for s in kinds for _ in range(EACH)],
        columns=["kind", "bin", "ai_right", "confidence"],
    ).rename_axis("stimulus_id")
    trials = pd.concat([stimuli.reset_index().assign(participant_id=i) for i in range(n_people)])
    chance = np.where(trials["bin"] == "hard", 0.5, 0.8)
    right = rng.random(len(trials)) < chance
    trials = trials.assign(condition="confidence", classifier="tiny", team_right=right)
    return trials.astype({"team_right": "boolean"}).reset_index(drop=True)


def table_of(trials, pool=POOL, threshold=0.55):
    settings = [AiOnly(classifier="tiny", threshold=threshold, chosen_on="val")]
    weights = natural_weights(pool, ["tiny"])
    teams = team.team_accuracy(
        accuracy.by_bin(trials, ["confidence"], kind="natural"), weights, CONDITIONS
    )
    against = team.against_ai(
        accuracy.by_kind(trials, ["confidence"]),
        teams,
        ai_alone.ai_only(trials, pool, settings),
        ai_alone.accept_everything(trials, pool, weights),
    )
    return gains(trials, weights, {"tiny": threshold}, against).set_index(["basis", "against"])


def test_every_basis_with_a_team_is_set_against_the_ai_alone_and_accepting_everything(rng):
    table = table_of(trials_of(rng))
    assert list(table.index) == [
        (basis, who)
        for basis in ("stimuli shown", "six bins", "adversarial stimuli")
        for who in ("AI-only", "accept everything")
    ]
    difference = table["team_percent"] - table["alone_percent"]
    assert list(table["gain_points"]) == pytest.approx(list(difference))
    inside = (table["low_points"] < difference) & (difference < table["high_points"])
    assert inside.loc[["stimuli shown", "six bins"]].all()
    assert (table.loc["adversarial stimuli", "missing_because"] == "fewer than 30 stimuli").all()


def test_on_the_stimuli_shown_only_the_medium_ones_move_the_ai(rng):
    """Where bins are cut by the confidence, easy ones are right and hard ones wrong with any T."""
    table = table_of(trials_of(rng, kinds=NATURAL))
    shown = table.loc["stimuli shown"]
    assert shown.loc["accept everything", "alone_percent"] == 50
    assert shown.loc["AI-only", "alone_percent"] == pytest.approx(100 * 4 / 6)
    # Each cell's decisions are equal in this study, so that the pictures move the team alone.
    widths = shown["high_points"] - shown["low_points"]
    assert widths.iloc[0] == pytest.approx(widths.iloc[1])


def test_without_a_pool_teams_are_compared_on_the_stimuli_shown_only(rng):
    table = table_of(trials_of(rng, kinds=NATURAL), pool=POOL.head(0))
    assert set(table.index.get_level_values("basis")) == {"stimuli shown"}


def test_a_study_of_nobody_has_no_rows(rng):
    trials = trials_of(rng, n_people=1).head(0)
    assert table_of(trials).empty
