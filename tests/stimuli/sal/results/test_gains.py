"""Paired differences against scipy's test, and by hand."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from stimuli.sal.results.curves import areas
from stimuli.sal.results.gains import PAIRS, differences, main_lines

SHARES = (0.2, 0.6, 1.0)
RUN = {"dataset": "cub", "backbone": "tiny", "criterion": "margin", "probe": "cam"}


def invented(
    *, scenarios: dict[str, float], n_seeds: int, change_points: tuple[float, ...] = (0.2,)
) -> pd.DataFrame:
    """Rounds whose Dice and accuracy are a scenario's level and noise."""
    rng = np.random.default_rng(1)
    rows = []
    for (scenario, level), seed, change in product(
        scenarios.items(), range(n_seeds), change_points
    ):
        run = RUN | {"scenario": scenario, "seed": seed, "change_point": change, "alpha": 0.9}
        for share, noise in zip(SHARES, rng.normal(0, 0.02, (3, 2)), strict=True):
            masks = {"b1": 0, "b2": 100 * share}.get(scenario, 20)
            scores = dict(zip(("dice", "accuracy"), level + noise, strict=True))
            rows.append(run | {"labelled_share": share, "n_human_masks": masks} | scores)
    return pd.DataFrame(rows)


def gains_of(rounds: pd.DataFrame) -> pd.DataFrame:
    return differences(rounds, areas(rounds)).set_index(["scenario", "other", "score"])


@pytest.mark.parametrize(("score", "share"), [("dice", 0.6), ("accuracy", 1.0)])
def test_a_difference_at_a_budget_is_that_of_scipys_paired_test(score: str, share: float) -> None:
    rounds = invented(scenarios={"b1": 0.5, "sal": 0.6, "tait": 0.58}, n_seeds=5)
    gain = gains_of(rounds).loc["sal", "tait", score].set_index("labelled_share").loc[share]
    values = rounds[rounds["labelled_share"] == share].set_index("scenario")[score]
    one, other = values["sal"].to_numpy(), values["tait"].to_numpy()
    interval = stats.ttest_rel(one, other).confidence_interval(0.95)
    assert (gain["low"], gain["high"]) == pytest.approx((interval.low, interval.high))
    assert gain["difference"] == pytest.approx((one - other).mean())
    assert gain["percent"] == pytest.approx(100 * (one.mean() / other.mean() - 1))
    assert gain["n_seeds"] == 5


def test_differences_of_areas_by_hand() -> None:
    """Areas of SAL .6 and .8, of B1 .5 and .5: differences .1 and .3, of which t(.975, 1) = 12.706
    times s / √2 = .1 is the half-width. Level curves have their own value as area."""
    rounds = pd.concat(
        invented(scenarios={name: 0}, n_seeds=2).assign(dice=dices, accuracy=0.5)
        for name, dices in (("sal", [0.6] * 3 + [0.8] * 3), ("b1", [0.5] * 6))
    )
    gain = gains_of(rounds).loc[("sal", "b1", "aulc_dice")].squeeze()
    assert gain[["mean", "other_mean", "difference"]].tolist() == pytest.approx([0.7, 0.5, 0.2])
    assert gain[["low", "high"]].tolist() == pytest.approx([0.2 - 1.2706, 0.2 + 1.2706], abs=1e-4)
    assert (gain["percent"], gain["n_seeds"]) == (pytest.approx(40), 2)
    assert np.isnan(gain["labelled_share"])


def test_equal_runs_differ_by_nothing_for_sure() -> None:
    """As SAL and B2 until the change point."""
    rounds = pd.concat(
        invented(scenarios={name: 0}, n_seeds=3).assign(dice=0.6, accuracy=0.5)
        for name in ("sal", "b2")
    )
    gain = gains_of(rounds).loc[("sal", "b2", "dice")]
    assert (gain[["difference", "low", "high", "percent"]] == 0).all(axis=None)


def test_only_seeds_that_both_have_are_paired() -> None:
    rounds = invented(scenarios={"b1": 0.5, "sal": 0.6}, n_seeds=4)
    without = rounds[(rounds["scenario"] == "sal") | (rounds["seed"] < 2)]
    assert set(gains_of(without)["n_seeds"]) == {2}
    expected = gains_of(rounds[rounds["seed"] < 2])
    pd.testing.assert_frame_equal(gains_of(without), expected)


def test_a_pair_of_one_seed_has_a_difference_and_no_interval() -> None:
    gains = gains_of(invented(scenarios={"b1": 0.5, "sal": 0.6}, n_seeds=1))
    assert gains[["low", "high"]].isna().all(axis=None)
    assert gains["difference"].notna().all()
    assert set(gains["n_seeds"]) == {1}


def test_a_change_point_is_compared_with_scenarios_that_know_none() -> None:
    """B1 and B2 were run once, SAL with masks of 5 % too, against Teaching AI to Teach at 20 %."""
    rounds = pd.concat(
        [
            invented(scenarios={"b1": 0.5, "b2": 0.6, "tait": 0.5}, n_seeds=2),
            invented(scenarios={"sal": 0.6}, n_seeds=2, change_points=(0.05, 0.2)),
        ]
    )
    gains = differences(rounds, areas(rounds)).groupby(["scenario", "other"])["change_point"]
    assert {pair: set(of_pair) for pair, of_pair in gains} == {
        ("sal", "b1"): {0.05, 0.2},
        ("sal", "b2"): {0.05, 0.2},
        ("sal", "tait"): {0.2},
        ("b2", "b1"): {0.2},
    }


def test_runs_without_a_pair_have_no_differences() -> None:
    rounds = invented(scenarios={"b1": 0.5}, n_seeds=2)
    gains = differences(rounds, areas(rounds))
    assert gains.empty
    assert {"scenario", "other", "labelled_share", "low", "high", "n_seeds"} <= set(gains)
    assert list(main_lines(gains)) == []


def test_the_main_lines_have_each_pair_and_the_most_that_masks_gain() -> None:
    """SAL has a fifth of B2's masks, and at 60 % of the labels a Dice that is 30 % above B1's."""
    level = {"b1": [0.5, 0.5, 0.5], "b2": [0.6, 0.6, 0.6], "sal": [0.5, 0.65, 0.6]}
    rounds = pd.concat(
        invented(scenarios={name: 0}, n_seeds=2).assign(dice=dices * 2, accuracy=0.5)
        for name, dices in level.items()
    )
    first, *pairs, most = main_lines(differences(rounds, areas(rounds)))
    assert first.startswith("dataset cub, backbone tiny, criterion margin, probe cam")
    assert [line.split(":")[0].strip() for line in pairs] == [
        " - ".join((one.upper(), other.upper()))
        for one, other in PAIRS
        if {one, other} <= set(level)
    ]
    assert "area under Dice +0.000 (+0.000 to +0.000), +0.0 %, 2 seeds" in pairs[0]
    assert pairs[0].endswith("people's masks -80 %")
    assert most == "Dice above B1's by up to 30.0 % (+0.150): SAL - B1, cub, margin, 60% labelled"
