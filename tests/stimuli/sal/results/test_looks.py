"""What lines are called."""

import pandas as pd
import pytest

from stimuli.sal.criteria.registry import CRITERIA
from stimuli.sal.results.looks import criterion_colour, looks


def labels_of(scenario: str, lines: list[tuple[float, float]]) -> list[str]:
    """Of lines with these change points and alphas, in order."""
    table = pd.DataFrame(lines, columns=["change_point", "alpha"]).assign(scenario=scenario)
    return [look.label for look in looks(table).values()]


def test_a_scenario_with_one_setting_has_its_name_alone() -> None:
    assert labels_of("sal", [(0.2, 0.9), (0.2, 0.9)]) == ["SAL"]


def test_settings_of_which_there_are_several_are_named_in_rising_order() -> None:
    assert labels_of("sal", [(0.2, 0.9), (0.05, 0.9)]) == [
        *("SAL, change point 5%", "SAL, change point 20%")
    ]
    assert labels_of("tait", [(0.2, 0.9), (0.05, 0.5)]) == [
        *("TAIT, change point 5%, α = 0.5", "TAIT, change point 20%, α = 0.9")
    ]


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("b1", ["B1, no saliency"]),
        ("b2", ["B2, all human masks, α = 0.5", "B2, all human masks, α = 0.9"]),
        ("files", ["Masks of files, α = 0.5", "Masks of files, α = 0.9"]),
    ],
)
def test_settings_that_change_nothing_of_a_scenario_are_not_named(
    scenario: str, expected: list[str]
) -> None:
    labels = labels_of(scenario, [(0.05, 0.5), (0.2, 0.9), (0.2, 0.5)])
    assert list(dict.fromkeys(labels)) == expected


def test_lines_of_one_name_look_the_same() -> None:
    table = pd.DataFrame({"scenario": "b1", "change_point": [0.05, 0.2], "alpha": 0.9})
    first, second = looks(table).values()
    assert first == second


def test_no_two_criteria_have_one_colour() -> None:
    assert len(set(map(criterion_colour, CRITERIA))) == len(CRITERIA)
