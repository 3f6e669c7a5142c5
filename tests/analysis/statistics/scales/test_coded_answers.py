import math

import pandas as pd
import pytest

from analysis.export.study_file import QuestionTable, ScaleTable, StudyFile
from analysis.statistics.scales.coded_answers import (
    Scale,
    item_scores,
    per_condition,
    scale_scores,
    scales_of,
)

OPTIONS = ("No", "Rather not", "Rather", "Yes")


def asked(name: str, kind: str = "scale", when: str = "after") -> QuestionTable:
    facts = {"name": name, "text": f"{name}?", "kind": kind, "options": OPTIONS, "when": when}
    return QuestionTable.model_validate(facts)


STUDY = StudyFile(
    questions=(
        asked("rely"),
        asked("wary"),
        asked("calm"),
        asked("again", kind="choice"),
        asked("often", when="before"),
    ),
    scales=(ScaleTable(name="trust_in_ai", items=("rely", "wary"), reversed=("wary",)),),
)
PEOPLE = pd.DataFrame(
    {"participant_id": ["p0", "p1", "p2", "p3"], "condition": ["a", "a", "b", "b"]}
)
SAID = pd.DataFrame(
    [
        ("p0", "rely", "Yes"),
        ("p0", "wary", "No"),
        ("p1", "rely", "Rather"),
        ("p1", "wary", "Rather"),
        ("p2", "rely", "No"),
        ("p9", "rely", "Yes"),
        ("p3", "calm", "Yes"),
    ],
    columns=["participant_id", "name", "value"],
)


def trust() -> Scale:
    return scales_of(STUDY)[0]


def test_declared_scales_come_first_and_single_questions_after_the_trials_follow() -> None:
    scales = {scale.name: scale for scale in scales_of(STUDY)}
    assert list(scales) == ["trust_in_ai", "calm"]
    assert (scales["trust_in_ai"].label, scales["calm"].label) == ("trust in ai", "calm?")
    assert all(scale.is_outcome for scale in scales.values())
    before = StudyFile(
        questions=(asked("x", when="before"), asked("y", when="before")),
        scales=(ScaleTable(name="need", items=("x", "y")),),
    )
    assert [scale.is_outcome for scale in scales_of(before)] == [False]


def test_options_count_from_one_and_reversed_items_from_the_other_end() -> None:
    items = item_scores(trust(), SAID, PEOPLE).set_index("participant_id")
    assert items.loc["p0", ["rely", "wary"]].tolist() == [4, 4]
    assert items.loc["p1", ["rely", "wary"]].tolist() == [3, 2]
    assert items.loc["p2", "rely"] == 1
    assert items.loc[["p2", "p3"], "wary"].isna().all()
    assert list(items.index) == ["p0", "p1", "p2", "p3"]


def test_a_score_is_the_mean_of_the_items_of_who_answered_all() -> None:
    scores = scale_scores(item_scores(trust(), SAID, PEOPLE))
    assert dict(zip(scores["participant_id"], scores["score"], strict=True)) == {
        "p0": 4,
        "p1": 2.5,
    }


def test_each_condition_has_a_mean_and_a_spread_and_tells_who_answered_in_part() -> None:
    table = per_condition({trust(): item_scores(trust(), SAID, PEOPLE)}, ["a", "b"])
    first, second = (row for _, row in table.iterrows())
    assert first[["n_people", "n_partly", "mean"]].tolist() == [2, 0, 3.25]
    assert first["std"] == pytest.approx(1.5 / math.sqrt(2))
    half = 12.7062 * 0.75  # t(.975, 1) · s / √2
    assert [first["low"], first["high"]] == pytest.approx([3.25 - half, 3.25 + half], abs=1e-4)
    assert second[["n_people", "n_partly"]].tolist() == [0, 1]
    assert math.isnan(second["mean"])


def test_a_question_that_nobody_answered_is_missing() -> None:
    calm = scales_of(STUDY)[1]
    assert item_scores(calm, SAID.iloc[:0], PEOPLE)["calm"].isna().all()
