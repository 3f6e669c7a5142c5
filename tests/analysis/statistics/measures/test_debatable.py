import pandas as pd
import pytest

from analysis.export.read import read_export
from analysis.statistics.analysed import Analysed, analysed
from analysis.statistics.measures import debatable
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant, Stimulus, someone

# Stimulus 1, medium and right, and 5, hard and wrong, are debatable.
STIMULI = tuple(
    Stimulus(bin=b, ai_right=right, debatable=(b, right) in {("medium", True), ("hard", False)})
    for right in (True, False)
    for b in ("easy", "medium", "hard")
)
RIGHT = (True, False, True, True, True, False)  # 4 of 6; without debatable ones 4 of 4


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Analysed:
    folder = tmp_path_factory.mktemp("debatable") / "e"
    participants = [
        Participant(right=RIGHT),
        Participant(right=(False, True, True, True, False, True)),
        Participant(condition="gradcam", shown=(1, 5), right=(True, False)),
        someone("gradcam", 3),  # the first three; without debatable ones 2 of 4
    ]
    return analysed(read_export(write_export(folder, participants, stimuli=STIMULI)))


@pytest.fixture(scope="module")
def doubtful(read) -> pd.Series:
    return debatable.on_debatable(read.trials, read.export.stimuli)


def test_accuracy_without_debatable_stimuli_counts_other_trials_and_other_people(read, doubtful):
    table = debatable.accuracy_of_both(read.trials, doubtful, read.conditions)
    rows = table[["condition", "stimuli", "n_trials", "n_participants"]].to_numpy().tolist()
    assert rows == [
        ["confidence", "all", 12, 2],
        ["confidence", "without debatable", 8, 2],
        ["gradcam", "all", 8, 2],
        ["gradcam", "without debatable", 4, 1],
    ]
    # Means of 4/6 and 4/6; 4/4 and 2/4; 1/2 and 3/6; 2/4 alone.
    assert table["mean_percent"].tolist() == pytest.approx([200 / 3, 75, 50, 50])


def test_the_primary_comparison_is_done_twice_and_adjusted_apart(read, doubtful):
    pairs, settings = [("confidence", "gradcam")], read.export.facts.analysis
    table = debatable.differences_of_both(read.trials, doubtful, pairs, settings)
    assert table["stimuli"].tolist() == ["all", "without debatable"]
    assert table[["n_a", "n_b"]].to_numpy().tolist() == [[2, 2], [2, 1]]
    assert table["difference"].tolist() == pytest.approx([100 * (2 / 3 - 1 / 2), 25])
    assert table["p_holm"].tolist() == pytest.approx(table["people_p"].tolist(), nan_ok=True)


def test_misjudged_stimuli_count_once_from_half_of_their_people_on(read, doubtful):
    table = debatable.misjudged(read.trials, doubtful, read.conditions).set_index(
        ["condition", "bin"]
    )
    counts = table[["n_stimuli", "n_debatable"]].to_numpy().tolist()
    # confidence: easy right; medium right (debatable) and medium wrong; hard wrong (debatable).
    assert counts[:3] == [[1, 0], [2, 1], [1, 1]]
    # gradcam: the three wrong ones, the hard one by both people.
    assert counts[3:] == [[1, 0], [1, 0], [1, 1]]
    assert table["debatable_percent"].tolist() == [0, 50, 100, 0, 0, 100]


def test_a_stimulus_that_fewer_than_half_missed_is_not_misjudged(tmp_path):
    participants = [
        Participant(right=(True, False)),
        Participant(right=(True, False)),
        Participant(right=(False, True)),
    ]
    own = analysed(read_export(write_export(tmp_path / "e", participants, stimuli=STIMULI)))
    marked = debatable.on_debatable(own.trials, own.export.stimuli)
    table = debatable.misjudged(own.trials, marked, ["confidence"])
    assert table[["n_stimuli", "n_debatable"]].to_numpy().tolist() == [[0, 0], [1, 1], [0, 0]]
    assert table["debatable_percent"].isna().tolist() == [True, False, True]


def test_where_nobody_says_so_no_stimulus_is_debatable(read):
    unsaid = read.export.stimuli.assign(debatable=pd.NA)
    assert not debatable.on_debatable(read.trials, unsaid).any()
