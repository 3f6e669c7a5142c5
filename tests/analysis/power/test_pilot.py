from pathlib import Path

import numpy as np
import pytest

from analysis.export.read import read_export
from analysis.power.assumptions import Assumptions
from analysis.power.forecast import Question
from analysis.power.pilot import Losses, assumptions_of, read_pilot
from analysis.power.pilot_moments import answers_of, evenly_weighted, moments, weights
from analysis.problems import ExportError
from tests.analysis.exports import write_export
from tests.analysis.participants import someone
from tests.analysis.power.trial_tables import SIX_BINS, Corner, design_of, trials_of

PLANTED = Assumptions(
    right=0.75, wrong=0.65, person_sd=0.6, acceptance_sd=0.4, stimulus_sd=0.9, leaning_sd=0.5
)
SDS = ("person_sd", "acceptance_sd", "stimulus_sd", "leaning_sd")


def answers(n_people: int, seed: int):
    corner = Corner(
        design=design_of(dict.fromkeys(SIX_BINS, 12), (30,)),
        groups=(30,),
        question=Question(name="difference", points=0.0),
        n_people=n_people,
        assumed=PLANTED,
    )
    return answers_of(trials_of(corner, np.random.default_rng(seed)))


def test_a_large_pilot_tells_what_was_planted() -> None:
    told = []
    for seed in range(4):
        own = answers(100, seed)
        told.append(assumptions_of(moments(own, *evenly_weighted(own)), {}))
    for name in ("right", "wrong"):
        shares = [getattr(one, name) for one in told]
        assert np.mean(shares) == pytest.approx(getattr(PLANTED, name), abs=0.04)
    for name in SDS:
        sds = [getattr(one, name) for one in told]
        assert np.mean(sds) == pytest.approx(getattr(PLANTED, name), abs=0.08), name


def test_variances_of_small_pilots_are_right_on_average() -> None:
    own = [answers(10, seed) for seed in range(40)]
    told = [moments(one, *evenly_weighted(one)) for one in own]
    expected = PLANTED.people_covariance(PLANTED.log_odds((0.75, 0.65)))
    people = np.array([one.people for one in told])
    error = people.std(axis=0) / np.sqrt(len(told))
    assert (np.abs(people.mean(axis=0) - expected) < 3.5 * error).all()
    stimuli = np.array([(one.stimuli, one.common) for one in told])
    assert stimuli.mean(axis=0) == pytest.approx([0.0294, 0.0222], abs=0.004)


@pytest.mark.slow
def test_draws_hold_what_was_planted_in_most_pilots() -> None:
    held = []
    for seed in range(12):
        own = answers(25, seed)
        rng = np.random.default_rng(seed)
        drawn = [assumptions_of(moments(own, *w), {}) for w in weights(own, rng)]
        for name in SDS:
            low, high = np.quantile([getattr(one, name) for one in drawn], [0.05, 0.95])
            held.append(low <= getattr(PLANTED, name) <= high)
    assert np.mean(held) > 0.75


def test_moments_average_the_products_of_all_pairs() -> None:
    own = answers(4, 1)
    met, n_conditions = own.met, 2
    left = np.zeros(met.shape)
    for code in range(n_conditions):
        for sort in (0, 1):
            cell = (own.condition == code)[:, None] & (own.sort == sort) & met
            left[cell] = own.right[cell] - own.right[cell].mean()
    # One answer where the AI is right with one where it is wrong, of the same person.
    pairs = [
        left[i, j] * left[i, k]
        for i in range(len(met))
        for j in np.flatnonzero(met[i] & (own.sort == 0))
        for k in np.flatnonzero(met[i] & (own.sort == 1))
    ]
    n = len(met) / n_conditions
    told = moments(own, *evenly_weighted(own))
    assert told.people[0, 1] == pytest.approx(np.mean(pairs) * n / (n - 1))
    # Two people of different conditions who met the same stimulus.
    common = [
        left[i, j] * left[k, j]
        for j in range(met.shape[1])
        for i in np.flatnonzero(met[:, j] & (own.condition == 0))
        for k in np.flatnonzero(met[:, j] & (own.condition == 1))
    ]
    n_stimuli = met.shape[1] / 2
    assert told.common == pytest.approx(np.mean(common) * n_stimuli / (n_stimuli - 1))


def test_a_pilot_of_few_simulated_people_says_so(tmp_path: Path) -> None:
    people = [
        someone(name, k, n=9, simulated=True) for name in ("confidence", "gradcam") for k in (4, 6)
    ]
    pilot = read_pilot(read_export(write_export(tmp_path / "e", people)), np.random.default_rng(1))
    assert pilot.n_people == 4
    assert "simulated" in pilot.cautions[0]
    assert "has 4 people, too few" in pilot.cautions[1]


def test_losses_are_those_of_the_pilot(tmp_path: Path) -> None:
    kept = [someone("confidence", 6, n=9) for _ in range(6)]
    below = [someone("gradcam", 6, n=9, validation_right=3) for _ in range(2)]
    left = [someone("gradcam", 4, n=9, outcome="returned") for _ in range(2)]
    export = read_export(write_export(tmp_path / "e", [*kept, *below, *left]))
    pilot = read_pilot(export, np.random.default_rng(1))
    assert pilot.best.dropout == pytest.approx(2 / 10)
    assert pilot.best.below_gate == pytest.approx(2 / 8)
    drawn = [one.dropout for one in pilot.draws]
    assert min(drawn) < pilot.best.dropout < max(drawn)
    assert any("one condition" in text for text in pilot.cautions)
    assert pilot.best.leaning_sd == Assumptions().leaning_sd


def test_a_pilot_in_which_nobody_finished_is_refused(tmp_path: Path) -> None:
    people = [someone("confidence", 4, n=9, outcome="returned")]
    export = read_export(write_export(tmp_path / "e", people))
    with pytest.raises(ExportError, match="nobody is analysed"):
        read_pilot(export, np.random.default_rng(1))


def test_a_pilot_in_which_nobody_left_does_not_say_that_nobody_will(
    rng: np.random.Generator,
) -> None:
    lost = Losses(left=(0, 36), below=(9, 36))
    drawn = [lost.drawn(rng) for _ in range(4_000)]
    dropout, below = (np.array([one[name] for one in drawn]) for name in lost.shares)
    # Jeffreys' interval for 0 of 36 ends at .067 (the .975 quantile of Beta(.5, 36.5)).
    assert np.quantile(dropout, 0.975) == pytest.approx(0.067, abs=0.008)
    assert below.mean() == pytest.approx(9.5 / 37, abs=0.005)
