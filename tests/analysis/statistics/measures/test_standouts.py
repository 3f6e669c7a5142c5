import pandas as pd

from analysis.statistics.measures.standouts import by_difficulty, right_with_one_alone

CONDITIONS = ("confidence", "gradcam", "neighbours")


def answers_of(counts):
    """Right of people, for each stimulus in each condition."""
    rows = [
        (condition, stimulus, n, k, 100 * k / n if n else None)
        for stimulus, own in counts.items()
        for condition, (k, n) in zip(CONDITIONS, own, strict=True)
    ]
    return pd.DataFrame(
        rows, columns=["condition", "stimulus_id", "n_people", "n_right", "right_percent"]
    )


def alone(counts, conditions=CONDITIONS):
    table = right_with_one_alone(answers_of(counts), conditions)
    return table[["condition", "stimulus_id"]].to_numpy().tolist()


def test_alone_means_more_than_half_here_and_fewer_than_half_everywhere_else():
    counts = {
        "a": [(0, 2), (1, 3), (2, 3)],  # neighbours alone
        "b": [(0, 2), (1, 2), (2, 2)],  # gradcam has half: neither
        "c": [(0, 2), (2, 3), (2, 3)],  # two conditions are right
        "d": [(2, 2), (0, 2), (0, 2)],  # confidence alone
        "e": [(0, 2), (0, 2), (1, 2)],  # half is not rightly
    }
    assert alone(counts) == [["confidence", "d"], ["neighbours", "a"]]
    table = right_with_one_alone(answers_of(counts), CONDITIONS).set_index("stimulus_id")
    assert round(table.loc["a", "next_percent"], 1) == 33.3


def test_a_condition_with_one_person_leaves_open_who_else_would_have_been_right():
    assert alone({"a": [(0, 2), (0, 1), (2, 2)]}) == []
    assert alone({"a": [(0, 2), (0, 0), (2, 2)]}) == []
    # Where gradcam judged another AI it is not among those compared.
    assert alone({"a": [(0, 2), (0, 1), (2, 2)]}, ("confidence", "neighbours")) == [
        ["neighbours", "a"]
    ]


def test_the_largest_lead_comes_first_and_ties_go_by_id():
    counts = {
        "c": [(0, 4), (1, 4), (4, 4)],  # leads by 75
        "b": [(0, 4), (0, 4), (3, 4)],  # by 75 too
        "a": [(0, 4), (1, 4), (3, 4)],  # by 50
        "d": [(0, 4), (0, 4), (4, 4)],  # by 100
    }
    assert [stimulus for _, stimulus in alone(counts)] == ["d", "b", "c", "a"]


def test_one_condition_is_never_alone():
    assert alone({"a": [(0, 2), (0, 2), (2, 2)]}, ("neighbours",)) == []


def test_difficulty_counts_all_people_of_the_conditions_that_count():
    counts = {
        "a": [(1, 2), (1, 1), (2, 2)],  # 3 of 4: the one with gradcam does not count
        "b": [(0, 2), (0, 2), (0, 2)],  # 0 of 6
        "c": [(0, 2), (0, 2), (0, 0)],  # 0 of 4
        "d": [(0, 1), (0, 1), (0, 1)],  # nowhere two people
        "e": [(3, 3), (3, 3), (0, 0)],  # 6 of 6
        "f": [(2, 2), (2, 2), (2, 2)],  # 6 of 6
    }
    hardest = by_difficulty(answers_of(counts), CONDITIONS, easiest_first=False)
    assert hardest["stimulus_id"].tolist() == ["b", "c", "a", "e", "f"]
    assert hardest.loc[2, ["n_people", "n_right", "right_percent"]].tolist() == [4, 3, 75]
    easiest = by_difficulty(answers_of(counts), CONDITIONS, easiest_first=True)
    assert easiest["stimulus_id"].tolist() == ["e", "f", "a", "b", "c"]
