import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.export.read import read_export
from analysis.statistics.analysed import analysed
from analysis.statistics.intervals import t_interval
from analysis.statistics.measures.prior_knowledge import by_answer, by_person_and_class
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant

NAMES = ["a", "b"]
COLUMNS = ["participant_id", "condition", "trial_index", "label", "seen_before", "team_right"]
TRIALS = st.lists(
    st.tuples(
        st.sampled_from(["p1", "p2"]),
        st.sampled_from(NAMES),
        st.integers(0, 30),
        st.sampled_from(["monarch", "viceroy"]),
        st.sampled_from([True, False, None]),
        st.booleans(),
    ),
    max_size=40,
)


def trials_of(rows):
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"seen_before": "boolean", "team_right": "boolean"})


def counted(condition, seen, n_right, n):
    """Trials of so many people, each of whom said the same throughout."""
    return [(condition, condition, i, f"class{i}", seen, i < n_right) for i in range(n)]


def counts_of(table):
    rows = table[table["condition"] != "All"]
    return rows[["condition", "seen_before", "n_trials", "n_right"]].to_numpy().tolist()


def test_accuracy_by_answer_and_the_plain_mean_over_conditions_by_hand():
    rows = [*counted("a", True, 3, 4), *counted("a", False, 1, 2)]
    rows += [*counted("b", True, 1, 1), *counted("b", False, 2, 8)]
    table = by_answer(trials_of(rows), NAMES)
    assert counts_of(table) == [
        ["a", True, 4, 3],
        ["a", False, 2, 1],
        ["b", True, 1, 1],
        ["b", False, 8, 2],
    ]
    assert table["difference_points"].tolist() == [25, 25, 75, 75, 50, 50]
    mean = table[table["condition"] == "All"]  # (75 + 100) / 2 and (50 + 25) / 2
    assert mean["accuracy_percent"].tolist() == [87.5, 37.5]
    assert mean["n_trials"].isna().all()
    ends = ["low_percent", "high_percent"]
    assert table[ends].isna().all(axis=None)  # so few people


def test_the_experts_of_the_paper_by_their_published_counts():
    # reference/user_study.md, section 3: right of known and unknown trials
    rows = [*counted("gradcam", True, 78, 112), *counted("gradcam", False, 24, 38)]
    rows += [*counted("nn", True, 64, 84), *counted("nn", False, 74, 96)]
    table = by_answer(trials_of(rows), ["gradcam", "nn"])
    shares = table["accuracy_percent"].round(2).tolist()
    assert shares == [69.64, 63.16, 76.19, 77.08, 72.92, 70.12]
    assert table["difference_points"].round(2).tolist() == [6.48, 6.48, -0.89, -0.89, 2.8, 2.8]


def test_a_first_answer_stands_for_the_later_ones_of_that_person_for_that_label():
    rows = [
        ("p1", "a", 2, "monarch", True, True),  # given after trial 0, in which it was no
        ("p1", "a", 0, "monarch", False, True),
        ("p1", "a", 1, "viceroy", True, False),
        ("p2", "a", 5, "monarch", True, False),  # another person's first answer
    ]
    own = by_answer(trials_of(rows), ["a"])
    first = by_answer(trials_of(rows), ["a"], first_answer=True)
    assert counts_of(own) == [["a", True, 3, 1], ["a", False, 1, 1]]
    assert counts_of(first) == [["a", True, 2, 0], ["a", False, 2, 2]]


def test_a_first_answer_is_the_first_that_was_given():
    rows = [
        ("p1", "a", 0, "monarch", None, True),
        ("p1", "a", 1, "monarch", False, True),
        ("p1", "a", 2, "monarch", True, False),
    ]
    first = by_answer(trials_of(rows), ["a"], first_answer=True)
    assert counts_of(first) == [["a", True, 0, 0], ["a", False, 2, 1]]


@settings(max_examples=40)  # a table for each takes 20 ms
@given(rows=TRIALS, first_answer=st.booleans())
def test_known_and_unknown_trials_add_up_to_those_that_were_answered(rows, first_answer):
    trials = trials_of(rows)
    table = by_answer(trials, NAMES, first_answer=first_answer)
    answered = trials[trials["seen_before"].notna()]
    for name in NAMES:
        own = table[table["condition"] == name]
        assert own["n_trials"].sum() == (answered["condition"] == name).sum()
        assert (
            own["n_right"].sum() == answered.loc[answered["condition"] == name, "team_right"].sum()
        )


@settings(max_examples=40)  # a table for each takes 20 ms
@given(rows=TRIALS)
@pytest.mark.slow
def test_the_rule_of_the_first_answer_changes_nothing_where_a_label_is_shown_once(rows):
    once = trials_of(rows).drop_duplicates(["participant_id", "label"])
    plain, first = (by_answer(once, NAMES, first_answer=rule) for rule in (False, True))
    pd.testing.assert_frame_equal(plain, first)


def test_a_condition_with_one_answer_alone_is_in_no_mean():
    rows = [*counted("a", True, 3, 4), *counted("a", False, 1, 2), *counted("b", True, 0, 5)]
    table = by_answer(trials_of(rows), NAMES)
    assert table.loc[table["condition"] == "All", "accuracy_percent"].tolist() == [75, 50]
    assert table.loc[table["condition"] == "b", "difference_points"].isna().all()


@pytest.mark.parametrize("rows", [[], counted("a", None, 1, 3)])
def test_without_answers_every_share_is_missing(rows):
    table = by_answer(trials_of(rows), NAMES)
    assert counts_of(table) == [[name, seen, 0, 0] for name in NAMES for seen in (True, False)]
    assert table[["difference_points", "accuracy_percent", "low_percent"]].isna().all(axis=None)


def test_an_export_gives_natural_and_adversarial_test_trials_and_no_validation(tmp_path):
    # Trials 0 to 5 are natural, 6 to 8 adversarial; the ten validation trials all say yes.
    right = (True, True, False, True, False, False, True, True, None)
    seen = (True, True, True, False, False, None, True, False, True)
    participant = Participant(right=right, seen=seen)
    read = analysed(read_export(write_export(tmp_path / "e", [participant])))
    table = by_answer(read.trials, read.conditions)
    assert counts_of(table)[:2] == [["confidence", True, 4, 3], ["confidence", False, 3, 2]]
    # one label throughout, so the first answer stands for all
    first = by_answer(read.trials, read.conditions, first_answer=True)
    assert counts_of(first)[:2] == [["confidence", True, 7, 5], ["confidence", False, 0, 0]]


def test_a_class_counts_once_for_a_person_who_was_asked_once_28():
    rows = [
        *[("p1", "a", i, "monarch", True, i < 3) for i in range(4)],  # three of four right
        ("p1", "a", 4, "viceroy", True, False),
        ("p2", "a", 0, "monarch", True, True),
        ("p2", "a", 1, "viceroy", False, True),
    ]
    table = by_person_and_class(trials_of(rows), ["a", "b"])
    assert table[
        ["condition", "seen_before", "n_participants", "n_classes"]
    ].to_numpy().tolist() == [
        ["a", True, 2, 3],
        ["a", False, 1, 1],
        ["b", True, 0, 0],
        ["b", False, 0, 0],
    ]
    people = pd.Series([37.5, 100.0])  # (75 + 0) / 2, and 100
    assert table["accuracy_percent"].tolist()[:2] == [people.mean(), 100]
    ends = table.loc[0, ["low_percent", "high_percent"]].tolist()
    assert ends == pytest.approx(list(t_interval(people)))
