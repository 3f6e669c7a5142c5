"""Other settings of a study, from the stated ones downwards."""

import tomllib

from stimuli.plan.variants import (
    band_variants,
    bin_variants,
    card_variants,
    changed_text,
    item_variants,
    toml_lines,
    trial_variants,
    with_changes,
)
from stimuli.study import parse_study
from tests.stimuli.conftest import STUDY

WITHOUT_TABLE = STUDY.replace("[cards]\nmin_confidence = 0.5\n", "").replace(
    "trials = 6", "trials = 9"
)
LIKE_THE_PAPER = parse_study(WITHOUT_TABLE, subject="study.toml")


def test_variants_begin_with_the_stated_settings_and_go_down_33() -> None:
    assert [v.get(("cards", "min_confidence")) for v in card_variants(LIKE_THE_PAPER)[:7]] == [
        None,
        *(0.8, 0.7, 0.6, 0.5, 0.4, 0.3),
    ]
    assert card_variants(LIKE_THE_PAPER)[7] == {("cards", "examples"): 2}
    assert [v.get(("bins", "high_from")) for v in band_variants(LIKE_THE_PAPER)] == [None, 0.7, 0.6]
    assert bin_variants(LIKE_THE_PAPER) == [{}]
    assert trial_variants(LIKE_THE_PAPER) == [9, 8]


def test_a_study_that_allows_no_short_bin_asks_for_less_of_each_first_33() -> None:
    strict = parse_study(STUDY.replace("allow_short = true\n", ""), subject="study.toml")
    assert bin_variants(strict) == [
        {},
        {("bins", "per_bin"): 2},
        {("bins", "per_bin"): 1},
        {("bins", "allow_short"): True},
    ]


def test_fewer_validation_items_pass_with_the_same_share_33() -> None:
    text = STUDY.replace("[practice]\nitems = 3", "[practice]\nitems = 5")
    text = text.replace("[validation]\nitems = 4", "[validation]\nitems = 10\nconfident_wrong = 5")
    study = parse_study(text.replace("min_correct = 3", "min_correct = 8"), subject="study.toml")
    assert [*item_variants(study)[1].items()] == [(("validation", "confident_wrong"), 4)]
    assert item_variants(study)[7] == {
        ("practice", "items"): 4,
        ("validation", "items"): 6,
        ("validation", "confident_wrong"): 3,
        ("gate", "min_correct"): 5,
    }


def test_a_changed_study_file_says_what_the_changed_study_does_and_keeps_the_rest_33() -> None:
    changes = {
        ("cards", "min_confidence"): 0.4,
        ("bins", "medium"): (0.4, 0.6),
        ("bins", "high_from"): 0.7,
        ("phases", "trials"): 8,
    }
    text = changed_text(WITHOUT_TABLE.replace("seed = 5", "seed = 5  # the fifth"), changes)
    assert parse_study(text, subject="study.toml") == with_changes(LIKE_THE_PAPER, changes)
    assert "seed = 5  # the fifth" in text


def test_the_lines_to_type_are_tables_of_a_study_file_33() -> None:
    lines = toml_lines({("phases", "trials"): 8, ("bins", "medium"): (0.4, 0.6)})
    assert tomllib.loads(lines) == {
        "bins": {"medium": [0.4, 0.6]},
        "phases": [{"name": "test", "trials": 8}],
    }
