import pandas as pd
import pytest

from analysis.export.facts import AiOnly, WeightFacts
from analysis.export.read import read_export
from analysis.statistics.measures import accuracy
from analysis.statistics.measures.teams import ai_alone
from analysis.statistics.measures.teams.natural_weights import natural_weights, weighted_accuracy
from analysis.statistics.sample import exclusions
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant
from tests.analysis.pools import CELLS, pool_frame


def trials_of(folder, participants):
    export = read_export(write_export(folder / "e", participants))
    return accuracy.test_trials(
        export.responses, exclusions.dispositions(export.participants, min_correct=8)
    )


def alone(folder, participants, counts, threshold=0.55, **outside):
    trials = trials_of(folder, participants)
    settings = AiOnly(classifier="tiny", threshold=threshold, chosen_on="val", accuracy=0.8)
    return ai_alone.ai_only(trials, pool_frame(counts, **outside), [settings])


def test_ai_only_on_three_bases_by_hand(tmp_path):
    participants = [Participant(), Participant()]  # twelve trials, six distinct stimuli
    table = alone(
        tmp_path, participants, [50, 10, 5, 10, 15, 10], outside_right=60, outside_wrong=40
    ).set_index("basis")
    # Shown: right on easy (2), medium right at .58 (accepted) and medium wrong at .45 (rejected).
    assert table["n_images"].to_dict() == {"stimuli shown": 6, "six bins": 100, "whole pool": 200}
    assert table.loc["stimuli shown", "accuracy_percent"] == pytest.approx(100 * 4 / 6)
    assert table.loc["six bins", "accuracy_percent"] == 50 + 10 + 10 + 15
    assert table.loc["whole pool", "accuracy_percent"] == (85 + 60) / 2


@pytest.mark.parametrize("threshold", [0.3, 0.45, 0.55, 0.8])
def test_between_the_bands_every_easy_is_right_and_every_hard_wrong(threshold):
    pool = pool_frame([3, 0, 4, 5, 0, 6])
    right = ai_alone.accepts_rightly(pool, threshold)
    assert (right == (pool["bin"] == "easy")).all()


def test_the_threshold_itself_is_accepted():
    answers = pd.DataFrame({"confidence": [0.55, 0.5499], "ai_right": [True, True]})
    assert list(ai_alone.accepts_rightly(answers, 0.55)) == [True, False]


def test_adversarial_stimuli_are_a_basis_of_their_own_and_are_computed(tmp_path):
    participant = Participant(right=(True,) * 9)  # six natural, three adversarial
    table = alone(tmp_path, [participant] * 2, [1] * 6).set_index("basis")
    assert table.loc["stimuli shown", "n_images"] == 6
    # Wrong with confidence .1, .45 and .85: the first two are rejected at .55, which is right.
    assert table.loc["adversarial stimuli", "n_images"] == 3
    assert table.loc["adversarial stimuli", "accuracy_percent"] == pytest.approx(200 / 3)


def test_six_bins_is_the_weighted_sum_of_the_bins(tmp_path):
    counts = [50, 10, 5, 10, 15, 10]
    table = alone(tmp_path, [Participant()], counts, outside_right=7)
    weights = natural_weights(pool_frame(counts, outside_right=7), ["tiny"])
    by_bin = pd.Series([100.0, 100, 0, 100, 100, 0])
    assert table.loc[1, "accuracy_percent"] == pytest.approx(
        weighted_accuracy(by_bin, weights["weight_percent"])
    )


def test_accepting_everything_is_right_as_often_as_the_ai(tmp_path):
    trials = trials_of(tmp_path, [Participant(), Participant()])
    counts = [50, 10, 5, 10, 15, 10]
    pool = pool_frame(counts, outside_right=60, outside_wrong=40)
    weights = natural_weights(pool, ["tiny"])
    table = ai_alone.accept_everything(trials, pool, weights).set_index("basis")
    assert table["n_images"].to_dict() == {"stimuli shown": 6, "six bins": 100, "whole pool": 200}
    assert table["accuracy_percent"].tolist() == pytest.approx([50, 65, 62.5])


def test_accepting_everything_needs_neither_a_confidence_nor_a_pool(tmp_path):
    trials = trials_of(tmp_path, [Participant()]).assign(confidence=float("nan"))
    facts = [
        WeightFacts(classifier="tiny", bin=name, right=right, weight=3 if right else 1)
        for name, right in CELLS
    ]
    nothing = pool_frame([1] * 6).head(0)
    weights = natural_weights(nothing, ["tiny"], facts)
    table = ai_alone.accept_everything(trials, nothing, weights).set_index("basis")
    assert table["accuracy_percent"].dropna().to_dict() == {"stimuli shown": 50, "six bins": 75}
    assert pd.isna(table.loc["six bins", "n_images"])
