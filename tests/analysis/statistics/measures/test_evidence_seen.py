"""What was in view before decisions, by condition."""

import math

import pandas as pd
import pytest
from scipy import stats

from analysis.report.phrasing.viewing import unequal_evidence
from analysis.statistics.measures.evidence_seen import difference, measured, per_condition

NAMES = ["none", "map", "both"]


def trial(who, condition, photo, panels, *, ms=2000, zoom=2.0, enlarged=0, opened=None):
    """A row of `responses` as far as what was in view."""
    return {
        "participant_id": who,
        "condition": condition,
        "photo_seen": photo,
        "photo_seen_ms": ms,
        "panels_seen": panels,
        "panels_seen_ms": panels
        and " ".join(str(ms // n) for n in range(1, len(panels.split()) + 1)),
        "window_w": 1280,
        "window_h": 700,
        "zoom": zoom,
        "enlarged_count": enlarged,
        "card_opened_count": opened,
    }


PEOPLE = pd.DataFrame({"participant_id": ["a", "b", "c"], "pixel_ratio": [2.0, 2.0, 1.0]})
ROWS = [
    trial("a", "none", 1.0, None, enlarged=2),
    trial("a", "none", 0.5, None),
    trial("b", "map", 1.0, "1.0", zoom=3.0),
    trial("c", "both", 1.0, "1.0 0.25", zoom=1.0, opened=1),
]


def test_what_was_in_view_by_hand_28():
    table = per_condition(measured(pd.DataFrame(ROWS), PEOPLE), NAMES).set_index("condition")
    assert table["n_trials"].tolist() == [2, 1, 1]
    assert table["whole_percent"].tolist() == [50, 100, 0]
    assert table["photo_percent"].tolist() == [75, 100, 100]
    assert table["panels_percent"].tolist()[1:] == [100, 25]
    assert math.isnan(table.loc["none", "panels_percent"])
    assert table.loc["both", "panels_s"] == 1.0  # the second panel had half the time
    assert table["zoomed_percent"].tolist() == [0, 100, 0]
    assert table["enlarged_percent"].tolist() == [50, 0, 0]
    assert table["card_opened_percent"].tolist() == [0, 0, 100]
    assert table["window_w"].tolist() == [1280] * 3


def test_an_export_of_before_has_no_trials_with_a_view_28():
    trials = pd.DataFrame([{"participant_id": "a", "condition": "none"}])
    rows = measured(trials, PEOPLE)
    assert rows.empty
    assert per_condition(rows, NAMES)["n_trials"].tolist() == [0, 0, 0]
    assert math.isnan(difference(rows))


def people(condition, shares):
    """Ten trials of each person, of whom so many were seen whole."""
    return [
        trial(f"{condition}{n}", condition, 1.0 if i < whole else 0.5, None)
        for n, whole in enumerate(shares)
        for i in range(10)
    ]


def test_conditions_are_compared_by_the_shares_of_their_people_28():
    one, other = [10, 9, 10, 10, 8], [4, 6, 5, 7, 3]
    rows = measured(pd.DataFrame([*people("none", one), *people("map", other)]), PEOPLE)
    expected = stats.kruskal([n / 10 for n in one], [n / 10 for n in other]).pvalue
    assert difference(rows) == pytest.approx(expected)
    same = measured(pd.DataFrame([*people("none", [10] * 3), *people("map", [10] * 3)]), PEOPLE)
    assert difference(same) == 1


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ([10] * 6, [10] * 6, ""),
        ([10, 9, 10, 10, 10, 8], [4, 6, 5, 7, 3, 5], "Conditions differ in what was in view"),
        ([5] * 6, [5] * 6, "Not everything was in view"),
    ],
)
def test_the_page_warns_where_evidence_was_not_seen_or_not_equally_28(one, other, said):
    rows = measured(pd.DataFrame([*people("none", one), *people("map", other)]), PEOPLE)
    text = unequal_evidence(per_condition(rows, NAMES), difference(rows))
    assert text.startswith(said)
    assert bool(text) == bool(said)
