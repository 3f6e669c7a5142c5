import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.export.read import read_export
from analysis.report.sections.accuracy import section
from analysis.statistics.analysed import analysed
from analysis.statistics.sample.stimulus_mix import Imbalance, largest_difference, mix
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant


def people_of(tmp_path, participants, **facts):
    return analysed(read_export(write_export(tmp_path / "e", participants, **facts)))


@pytest.fixture
def uneven():
    """One met all nine stimuli; the other the three easy, medium and hard ones of a right AI."""
    return [
        Participant(condition="confidence", right=(True,) * 9),
        Participant(condition="gradcam", shown=(0, 1, 2), right=(True,) * 3),
    ]


def test_shares_are_over_the_trials_of_the_condition(uneven, tmp_path):
    shares = mix(people_of(tmp_path, uneven).trials, ["confidence", "gradcam"])
    easy = shares[(shares["bin"] == "easy") & shares["ai_right"] & (shares["kind"] == "natural")]
    assert list(easy["n_trials"]) == [1, 1]
    assert list(easy["share_percent"]) == pytest.approx([100 / 9, 100 / 3])
    assert list(shares.groupby("condition")["share_percent"].sum()) == pytest.approx([100, 100])


def test_the_largest_difference_names_both_conditions_and_the_page_warns(uneven, tmp_path):
    participants = people_of(tmp_path, uneven)
    largest = largest_difference(mix(participants.trials, participants.conditions))
    assert largest.points == pytest.approx(100 / 3 - 100 / 9)
    assert (largest.more, largest.less) == ("gradcam", "confidence")
    assert largest.sort == "natural, AI right, easy"
    warnings = " ".join(section(participants).warnings).replace("\N{NBSP}", " ")
    assert "one sort (natural, AI right, easy) makes up 22.2 points more of the trials" in warnings


@given(n=st.integers(1, 4))
def test_the_same_stimuli_make_no_difference_however_many_people(tmp_path_factory, n):
    folder = tmp_path_factory.mktemp("mix")
    participants = [Participant(condition="confidence")] * n + [Participant(condition="gradcam")]
    trials = people_of(folder, participants).trials
    assert largest_difference(mix(trials, ["confidence", "gradcam"])).points == pytest.approx(0)


@pytest.mark.parametrize("n_people", [0, 1])
def test_with_nobody_to_compare_nothing_is_warned_of(tmp_path, n_people):
    participants = people_of(tmp_path, [Participant()] * n_people)
    largest = largest_difference(mix(participants.trials, participants.conditions))
    assert largest == Imbalance()
