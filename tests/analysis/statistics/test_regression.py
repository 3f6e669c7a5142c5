import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.report.phrasing.differences import interaction_in_words
from analysis.statistics import regression
from analysis.statistics.clusters import clusters_of

REFERENCE = Path(__file__).parents[2] / "reference" / "regression"
COLUMNS = ["condition", "participant_id", "stimulus_id", "team_right"]
EFFECT = np.array([-1.0, 1.0])


def trials_of(rows):
    return pd.DataFrame(rows, columns=COLUMNS).astype({"team_right": "boolean"})


def answers(condition, *participants):
    """Each person's answers to stimuli 0, 1, 2, ... in a row."""
    return [
        (condition, f"{condition}{who}", f"s{what}", bool(right))
        for who, own in enumerate(participants)
        for what, right in enumerate(own)
    ]


def cells_of(rows, fit=regression.closed_form):
    """The fit of a pair, b before a, whatever its size; None where it has none."""
    trials = trials_of(rows)
    cell = (trials["condition"] == "a").to_numpy(dtype="int64")
    right = trials["team_right"].to_numpy(dtype="float64")
    shares = [right[cell == side].mean() for side in (0, 1) if (cell == side).any()]
    if len(shares) < 2 or set(shares) & {0, 1}:
        return None
    return fit(right, cell, clusters_of(trials))


def many(*, n_people=20, n_stimuli=30, seed=1, kind="natural"):
    """A study that is large enough: everybody judges every stimulus."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        [
            (name, f"{name}{who}", f"s{what}", bool(rng.random() < share), kind, what % 2 == 0)
            for name, share in (("a", 0.8), ("b", 0.6))
            for who in range(n_people)
            for what in range(n_stimuli)
        ],
        columns=[*COLUMNS, "kind", "ai_right"],
    )


@pytest.fixture(scope="module")
def reference():
    return trials_of(pd.read_csv(REFERENCE / "trials.csv")[COLUMNS])


def random_rows(draw):
    rng = np.random.default_rng(draw)
    n_people, n_stimuli = int(rng.integers(4, 12)), int(rng.integers(3, 9))
    rows = [
        ("ab"[who % 2], f"p{who}", f"s{what}", bool(rng.random() < 0.6))
        for who in range(n_people)
        for what in rng.permutation(n_stimuli)[: int(rng.integers(2, n_stimuli + 1))]
    ]
    return rows


def test_the_numbers_of_r_sandwich(reference):
    for row in pd.read_csv(REFERENCE / "expected.csv").to_dict("records"):
        pair = reference[reference["condition"].isin([row["condition_a"], row["condition_b"]])]
        names = pair["condition"].map({row["condition_a"]: "a", row["condition_b"]: "b"})
        fit = cells_of(pair.assign(condition=names)[COLUMNS].to_numpy().tolist())
        value = float(EFFECT @ fit.log_odds)
        error = math.sqrt(EFFECT @ fit.both @ EFFECT)
        df = min(fit.sizes) - 1  # as there; ours are Satterthwaite's
        half = float(stats.t.ppf(0.975, df)) * error
        ours = [math.exp(x) for x in (value, value - half, value + half)]
        assert ours == pytest.approx([row[c] for c in ("odds_ratio", "low", "high")], rel=1e-9)
        assert 2 * stats.t.sf(abs(value) / error, df) == pytest.approx(row["p"], rel=1e-9)


@settings(max_examples=30)
@given(st.integers(0, 10_000).map(random_rows))
@example(random_rows(5914))  # needs a step more than the default of statsmodels
def test_the_closed_form_is_the_fit_of_statsmodels(rows):
    ours, theirs = cells_of(rows), cells_of(rows, regression.fitted)
    if ours is None:
        return
    assert ours.sizes == theirs.sizes
    assert ours.log_odds == pytest.approx(theirs.log_odds, abs=1e-9)
    for name in ("both", "people"):
        own, their = getattr(ours, name), getattr(theirs, name)
        assert own == pytest.approx(their, rel=1e-9, abs=1e-12)


@settings(max_examples=30)
@given(st.integers(0, 10_000).map(random_rows))
def test_two_way_clusters_are_those_of_a_logit_with_a_constant(rows):
    fit = cells_of(rows)
    if fit is None or EFFECT @ fit.both @ EFFECT <= 0:
        return
    trials = trials_of(rows)
    right = trials["team_right"].to_numpy(dtype="float64")
    design = sm.add_constant((trials["condition"] == "a").to_numpy(dtype="float64"))
    ids = np.column_stack([pd.factorize(trials[c])[0] for c in ("participant_id", "stimulus_id")])
    theirs = sm.Logit(right, design).fit(
        disp=0, tol=1e-12, cov_type="cluster", cov_kwds={"groups": ids}
    )
    assert EFFECT @ fit.log_odds == pytest.approx(theirs.params[1], abs=1e-7)
    own = math.sqrt(EFFECT @ fit.both @ EFFECT)
    assert own == pytest.approx(theirs.bse[1], rel=1e-5)


@settings(max_examples=30)
@given(st.integers(0, 10_000).map(random_rows), st.randoms(use_true_random=False))
def test_names_of_people_and_stimuli_and_the_order_of_rows_change_nothing(rows, rng):
    def renamed(names):
        new = [f"new{i}" for i in range(len(names))]
        rng.shuffle(new)
        return dict(zip(sorted(names), new, strict=True))

    participants, stimuli = (renamed({row[k] for row in rows}) for k in (1, 2))
    others = [(c, participants[p], stimuli[s], right) for c, p, s, right in rows]
    rng.shuffle(others)
    before, after = cells_of(rows), cells_of(others)
    if before is None:
        return
    assert before.contrast(EFFECT).value == pytest.approx(after.contrast(EFFECT).value)
    assert before.contrast(EFFECT).error == pytest.approx(after.contrast(EFFECT).error)


def test_swapping_a_and_b_turns_the_ratio_over_and_keeps_p():
    trials = many()
    there, back = (
        regression.odds_ratios(trials, [pair], alternative="two-sided").iloc[0]
        for pair in (("a", "b"), ("b", "a"))
    )
    assert there["odds_ratio"] == pytest.approx(1 / back["odds_ratio"])
    assert there["low"] == pytest.approx(1 / back["high"])
    assert there["p"] == pytest.approx(back["p"])


def test_one_sided_p_asks_about_a_against_b():
    both, above, below = (
        regression.odds_ratios(many(), [("a", "b")], alternative=a).iloc[0]["p"]
        for a in ("two-sided", "greater", "less")
    )
    assert above == pytest.approx(both / 2)
    assert above + below == pytest.approx(1)


def test_odds_by_hand():
    # Odds 3 to 1 in a, 1 to 1 in b.
    fit = cells_of([*answers("a", [1, 1], [1, 0]), *answers("b", [1, 0], [0, 1])])
    assert fit.log_odds.tolist() == pytest.approx([0, math.log(3)])
    assert fit.sizes == (4, 2)


def test_what_stimuli_share_counts_only_above_0():
    rows = [*answers("a", [1, 1, 0], [0, 1, 0]), *answers("b", [1, 0, 0], [0, 1, 1])]
    fit = cells_of(rows)
    both, people = (float(EFFECT @ c @ EFFECT) for c in (fit.both, fit.people))
    estimate = fit.contrast(EFFECT)
    assert estimate.error == pytest.approx(math.sqrt(max(both, people)))
    own = max(both - people, 0)
    df = (people + own) ** 2 / (people**2 / 3 + own**2 / 2)  # 4 people, 3 stimuli
    assert estimate.df == pytest.approx(df)


@pytest.mark.parametrize(
    ("trials", "reason"),
    [
        (many(n_people=19), "fewer than 20 people"),
        (many(n_stimuli=29), "fewer than 30 stimuli"),
        (many().assign(team_right=True), "every answer"),
    ],
)
def test_what_cannot_be_tested_is_missing_and_says_why(trials, reason):
    row = regression.odds_ratios(trials, [("a", "b")], alternative="two-sided").iloc[0]
    assert math.isnan(row["p"])
    assert math.isnan(row["p_holm"])
    assert math.isnan(row["high"])
    assert reason in row["missing_because"]


def test_a_pair_that_cannot_be_tested_does_not_count_in_the_family():
    table = regression.odds_ratios(many(), [("a", "b"), ("a", "nobody")], alternative="two-sided")
    assert table.loc[0, "p_holm"] == table.loc[0, "p"]
    assert math.isnan(table.loc[1, "p_holm"])


def test_the_interaction_is_the_ratio_of_two_odds_ratios():
    trials = many(n_people=25, n_stimuli=40)
    row = regression.interactions(trials, [("a", "b")]).iloc[0]
    odds = {
        (name, ai_right): share / (1 - share)
        for (name, ai_right), share in trials.groupby(["condition", "ai_right"])["team_right"]
        .mean()
        .items()
    }
    right, wrong = (odds["a", ai_right] / odds["b", ai_right] for ai_right in (True, False))
    assert row["ai_right_ratio"] == pytest.approx(right)
    assert row["ai_wrong_ratio"] == pytest.approx(wrong)
    assert row["ratio"] == pytest.approx(right / wrong)
    assert row["low"] < row["ratio"] < row["high"]


def test_the_interaction_has_the_coefficient_and_error_of_a_logit_with_a_product():
    trials = many(n_people=25, n_stimuli=40)
    in_a = (trials["condition"] == "a").to_numpy(dtype="float64")
    ai_right = trials["ai_right"].to_numpy(dtype="float64")
    design = sm.add_constant(np.column_stack([in_a, ai_right, in_a * ai_right]))
    ids = np.column_stack([pd.factorize(trials[c])[0] for c in ("participant_id", "stimulus_id")])
    fit = sm.Logit(trials["team_right"].to_numpy(dtype="float64"), design).fit(
        disp=0, tol=1e-12, cov_type="cluster", cov_kwds={"groups": ids}
    )
    cell = (2 * in_a + ai_right).astype("int64")
    right = trials["team_right"].to_numpy(dtype="float64")
    ours = regression.closed_form(right, cell, clusters_of(trials))
    signs = regression.INTERACTION
    assert float(signs @ ours.log_odds) == pytest.approx(fit.params[3], abs=1e-7)
    assert math.sqrt(signs @ ours.both @ signs) == pytest.approx(fit.bse[3], rel=1e-6)


def test_the_interaction_in_words():
    text = interaction_in_words(regression.interactions(many(), [("a", "b")]).iloc[0])
    assert "where the AI is right" in text
    assert "is not shown to differ" in text
    few = regression.interactions(many(n_people=5), [("a", "b")]).iloc[0]
    assert "cannot be said: fewer than 20 people" in interaction_in_words(few)
