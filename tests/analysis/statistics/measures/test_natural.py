import math
from pathlib import Path

import pytest

from analysis.export.read import read_export
from analysis.statistics.analysed import analysed
from analysis.statistics.measures import accuracy
from analysis.statistics.measures.natural import natural_accuracy
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant


def natural_of(folder: Path, participants):
    read = analysed(read_export(write_export(folder / "e", participants)))
    bins = accuracy.by_bin(read.trials, read.conditions, kind="natural")
    return natural_accuracy(read.trials, bins).set_index("condition")


def test_the_plain_mean_gives_a_rare_bin_the_weight_of_a_frequent_one(tmp_path):
    # Easy right: 4 of 4. The five other bins once each: one of them right.
    frequent = Participant(
        shown=(0, 0, 0, 0, 1, 2, 3, 4, 5), right=(True,) * 5 + (False,) * 4, condition="gradcam"
    )
    row = natural_of(tmp_path, [frequent]).loc["gradcam"]
    assert (row["n_right"], row["n_trials"], row["n_bins"]) == (5, 9, 6)
    assert row["accuracy_percent"] == pytest.approx(100 * 5 / 9)
    assert row["bin_mean_percent"] == pytest.approx((100 + 100 + 0 + 0 + 0 + 0) / 6)


def test_a_mean_over_fewer_than_six_bins_is_no_mean_over_six(tmp_path):
    table = natural_of(tmp_path, [Participant(shown=(0, 1, 2, 3, 4), right=(True,) * 5)])
    assert table.loc["confidence", "n_bins"] == 5
    assert math.isnan(table.loc["confidence", "bin_mean_percent"])
    assert table.loc["confidence", "accuracy_percent"] == 100
    assert table.loc["gradcam", "n_trials"] == 0  # a condition that nobody saw keeps its row


def test_adversarial_trials_count_in_neither(tmp_path):
    participant = Participant(shown=(0, 1, 2, 3, 4, 5, 6, 7), right=(True,) * 6 + (False,) * 2)
    row = natural_of(tmp_path, [participant]).loc["confidence"]
    assert (row["n_trials"], row["accuracy_percent"], row["bin_mean_percent"]) == (6, 100, 100)
