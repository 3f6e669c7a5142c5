"""How many understood the instructions, counted by hand."""

import pandas as pd

from analysis.statistics.sample.comprehension import per_condition


def test_who_was_right_is_counted_by_question_chance_and_condition() -> None:
    answers = pd.DataFrame(
        [
            *(("p0", 1, "who", "Sam", True), ("p1", 1, "who", "I", False)),
            *(("p1", 2, "who", "Sam", True), ("p2", 1, "who", "Sam", True)),
            ("p3", 1, "who", "I", False),  # of nobody who counts
        ],
        columns=["participant_id", "chance", "name", "value", "right"],
    )
    people = pd.DataFrame(
        {"participant_id": ["p0", "p1", "p2"], "condition": ["a", "a", "b"], "step": "x"}
    )
    shares = per_condition(answers, people, ["a", "b"])
    rows = [tuple(row) for row in shares.round(1).fillna(-1).itertuples(index=False)]
    assert rows == [
        *(("who", "1", "a", 1, 2, 50), ("who", "1", "b", 1, 1, 100)),
        *(("who", "1", "All", 2, 3, 66.7), ("who", "2", "a", 1, 1, 100)),
        *(("who", "2", "b", 0, 0, -1), ("who", "2", "All", 1, 1, 100)),
    ]
