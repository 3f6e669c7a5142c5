import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.export.facts import ConditionFacts
from analysis.export.read import read_export
from analysis.statistics.analysed import analysed
from analysis.statistics.sample import coverage
from tests.analysis.exports import write_export
from tests.analysis.participants import someone

CONDITIONS = (
    ConditionFacts(name="a", classifier="tiny"),
    ConditionFacts(name="b", classifier="tiny"),
    ConditionFacts(name="c", classifier="other"),
)
NAMES = [condition.name for condition in CONDITIONS]
STIMULI = pd.DataFrame(
    {"stimulus_id": ["v0", "s0", "s1", "s2"], "phase": ["validation"] + ["test"] * 3}
)
PREDICTIONS = pd.DataFrame(
    [(s, "tiny") for s in STIMULI["stimulus_id"]] + [("s0", "other"), ("v0", "other")],
    columns=["stimulus_id", "classifier"],
)


def pairs_of(seen):
    trials = pd.DataFrame(seen, columns=["participant_id", "condition", "stimulus_id"])
    return coverage.per_pair(trials, STIMULI, PREDICTIONS, CONDITIONS)


def test_every_test_stimulus_that_a_condition_could_show_is_counted_by_hand():
    seen = [("p1", "a", "s0"), ("p2", "a", "s0"), ("p2", "a", "s1"), ("p3", "b", "s2")]
    pairs = pairs_of(seen)
    assert pairs.to_numpy().tolist() == [
        ["a", "s0", 2],
        ["a", "s1", 1],
        ["a", "s2", 0],
        ["b", "s0", 0],
        ["b", "s1", 0],
        ["b", "s2", 1],
        ["c", "s0", 0],
    ]
    table = coverage.per_condition(pairs, NAMES)
    assert table.to_numpy().tolist() == [
        ["a", 3, 1, 1, 1, 0, 1, 2],
        ["b", 3, 2, 1, 0, 0, 0, 1],
        ["c", 1, 1, 0, 0, 0, 0, 0],
    ]


@settings(max_examples=40)  # a table for each takes 20 ms
@given(
    st.sets(
        st.tuples(
            st.sampled_from(["p1", "p2", "p3"]),
            st.sampled_from(["a", "b"]),
            st.sampled_from(["s0", "s1", "s2"]),
        )
    )
)
def test_viewers_add_up_to_trials_and_pairs_to_pairs(seen):
    pairs = pairs_of(sorted(seen))
    assert pairs["n_viewers"].sum() == len(seen)
    table = coverage.per_condition(pairs, NAMES)
    split = table["n_unseen"] + table["n_once"] + table["n_enough"]
    assert split.tolist() == table["n_pairs"].tolist() == [3, 3, 1]


def test_a_person_who_judged_a_stimulus_twice_is_one_person():
    pairs = pairs_of([("p1", "a", "s0")] * 2)
    assert pairs["n_viewers"].max() == 1


def test_a_study_without_test_stimuli_has_no_pairs_and_no_median():
    trials = pd.DataFrame([], columns=["participant_id", "condition", "stimulus_id"])
    pairs = coverage.per_pair(trials, STIMULI.head(1), PREDICTIONS, CONDITIONS)
    table = coverage.per_condition(pairs, NAMES)
    assert table["n_pairs"].tolist() == [0, 0, 0]
    assert table[["min_viewers", "median_viewers", "max_viewers"]].isna().all(axis=None)


def test_only_people_analysed_are_viewers(tmp_path):
    participants = [
        someone("confidence", 4),
        someone("confidence", 2, n=3),
        someone("confidence", 6, validation_right=1),
    ]
    read = analysed(read_export(write_export(tmp_path / "e", participants)))
    export = read.export
    pairs = coverage.per_pair(
        read.trials, export.stimuli, export.predictions, export.facts.conditions
    )
    own = pairs.loc[pairs["condition"] == "confidence", "n_viewers"]
    assert own.tolist() == [2, 2, 2, 1, 1, 1, 0, 0, 0]
