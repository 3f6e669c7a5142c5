"""Practice and validation items that an experimenter chose."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from stimuli.build.chosen_image import ChosenImage
from stimuli.build.item_overrides import items_by_hand, read_items
from stimuli.build.items import ItemsError
from stimuli.bundle import Bundle, ItemRow
from stimuli.bundle.store import item_rows
from stimuli.datasets.base import Example, Split
from stimuli.study import Study
from stimuli.study.online import Phase
from tests.stimuli.build.contexts import build_context, evaluated_classifier
from tests.stimuli.build.val_answers import ALL, MIXED, VAL, predictions

EXAMPLES = [
    *(crop.example for crop in VAL),
    Example(source="small", label=0, split=Split.VAL),
    *(Example(source=f"t{n}", label=0, split=Split.TEST) for n in range(2)),
]


def by_hand(rows: Sequence[ItemRow], study: Study, *vetoed: int) -> list[ChosenImage]:
    fit = ALL.copy()
    fit[7] = False
    evaluated = evaluated_classifier({Split.VAL: predictions()})
    context = build_context(study, evaluated, crops={Split.VAL: VAL}, examples=EXAMPLES)
    return items_by_hand(rows, fit, context, unwanted=dict.fromkeys(vetoed, "was vetoed"))


def rows_of(practice: str, validation: str) -> list[ItemRow]:
    return [
        ItemRow(phase=phase, source=source)
        for phase, names in ((Phase.PRACTICE, practice), (Phase.VALIDATION, validation))
        for source in names.split()
    ]


def test_items_by_hand_are_taken_as_they_are(colour_study: Study) -> None:
    rows = rows_of("v0 v1 v20", "v2 v3 v21 v22")
    rows[0] = rows[0].model_copy(update={"rationale": "Look at the rim."})
    items = by_hand(rows, colour_study)
    assert [(f"v{i.row}", i.phase) for i in items] == [(r.source, r.phase) for r in rows]
    assert [i.rationale for i in items] == ["Look at the rim."] + 6 * [""]


def test_everything_wrong_with_items_by_hand_is_said_at_once(colour_study: Study) -> None:
    rows = rows_of("v0 nowhere t1 small", "v7 v9 v0 v20")
    rows[-1] = rows[-1].model_copy(update={"rationale": "It has no wings."})
    with pytest.raises(ItemsError) as error:
        by_hand(rows, colour_study, 9)
    assert [problem.split(";")[0] for problem in error.value.problems] == [
        "nowhere: is no image of the data set",
        "t1: is in the split test",
        "small: is left out by the settings of [dataset], or as a copy of a training picture",
        "v7: cannot be shown by every condition, or is an exact copy of a picture of the pool",
        "v9: was vetoed",
        "v0: stands there 2 times",
        "practice: has 4 items, but the study shows 3",
        "v20: a rationale is shown in practice only",
    ]


def test_items_by_hand_keep_the_shares_of_right_and_wrong_answers(colour_study: Study) -> None:
    with pytest.raises(ItemsError) as error:
        by_hand(rows_of("v0 v1 v2", "v3 v20 v21 v22"), colour_study)
    assert [re.sub(r",.*", "", problem) for problem in error.value.problems] == [
        "practice: the AI is wrong about 0 items",
        "validation: the AI is wrong about 3 items",
    ]
    with pytest.raises(ItemsError, match=r"0 wrong answers are confident, but .* is 1"):
        by_hand(rows_of("v0 v1 v22", "v3 v4 v20 v21"), MIXED)
    assert len(by_hand(rows_of("v0 v1 v22", "v3 v4 v20 v39"), MIXED)) == 7


def test_a_file_of_items_that_cannot_be_read_names_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("phase,source\npractise,a\npractice,\npractice,b\n", "utf-8")
    with pytest.raises(ItemsError) as error:
        read_items(path)
    assert [problem[:16] for problem in error.value.problems] == [
        "items.csv line 2",
        "items.csv line 3",
    ]
    path.write_text("\ufeffphase,source\npractice,a\n", "utf-8")
    assert read_items(path) == (ItemRow(phase=Phase.PRACTICE, source="a"),)
    with pytest.raises(ItemsError, match="no such file"):
        read_items(tmp_path / "nothing.csv")


def test_a_bundle_lists_its_items_in_the_form_that_a_build_takes(colour_bundle: Bundle) -> None:
    rows = read_items(colour_bundle.path / "items.csv")
    assert list(rows) == item_rows(colour_bundle.stimuli)
    assert Counter(row.phase for row in rows) == {Phase.PRACTICE: 3, Phase.VALIDATION: 4}
    assert all(bool(row.rationale) == (row.phase is Phase.PRACTICE) for row in rows)
    assert colour_bundle.manifest.items == "automatic"
