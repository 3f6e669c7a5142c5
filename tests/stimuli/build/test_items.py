"""Practice and validation items: which are chosen, and which an experimenter may choose."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.build.chosen_image import ChosenImage
from stimuli.build.items import ItemsError, choose_items, fit_for_items, item_groups
from stimuli.bundle import Bundle
from stimuli.bundle.consistency import reference_problems
from stimuli.bundle.separation import answered_classes, one_answer_warnings, separation_warnings
from stimuli.datasets.base import Split
from stimuli.review.contact_sheet import render
from stimuli.study import Study, parse_study
from stimuli.study.offline import ValidationSettings
from stimuli.study.online import Phase
from tests.stimuli.build.val_answers import ALL, MIXED, VAL, N, crops_of, predictions
from tests.stimuli.conftest import STUDY


def chosen(study: Study, *vetoed: int, fit: np.ndarray = ALL, seed: int = 0) -> list[ChosenImage]:
    groups = item_groups(predictions(), fit, study, np.random.default_rng(seed))
    return choose_items(groups, int(fit.sum()), vetoed=vetoed)


def test_items_are_sure_right_answers_and_the_plainest_mistakes(colour_study: Study) -> None:
    items = chosen(colour_study)
    right = Counter(item.phase for item in items if item.row < 20)
    wrong = Counter(item.phase for item in items if item.row >= 20)
    assert (right[Phase.PRACTICE], wrong[Phase.PRACTICE]) == (2, 1)
    assert (right[Phase.VALIDATION], wrong[Phase.VALIDATION]) == (2, 2)
    assert {item.row for item in items if item.row >= 20} == {37, 38, 39}
    assert all(predictions().confidences[i.row] >= 0.8 for i in items if i.row < 20)
    assert len({item.row for item in items}) == len(items)


def test_of_mistakes_whose_true_class_has_no_known_probability_chance_takes_any(
    colour_study: Study,
) -> None:
    unknown = np.where(predictions().right, predictions().confidences, np.nan)
    answers = replace(predictions(), truth_probabilities=unknown)
    rankings = []
    for seed in range(2):
        groups = item_groups(answers, ALL, colour_study, np.random.default_rng(seed))
        (wrong,) = [group.ranking for group in groups if group.what == "wrong"]
        assert sorted(wrong) == [*range(20, 40)]
        rankings.append([*wrong])
    assert rankings[0] != rankings[1]


def test_so_many_wrong_validation_items_are_confident_as_are_asked_for() -> None:
    for seed in range(5):
        items = [item for item in chosen(MIXED, seed=seed) if item.row >= 20]
        confident = [item for item in items if predictions().confidences[item.row] >= 0.8]
        assert [(item.row, item.phase) for item in confident] == [(39, Phase.VALIDATION)]
        assert {item.row for item in items} == {39, 33, 32}  # below .8 the plainest are 33 and 32
        assert Counter(item.phase for item in items)[Phase.VALIDATION] == 2


def test_more_confident_wrong_items_than_wrong_ones_are_refused() -> None:
    assert ValidationSettings(items=5, confident_wrong=3).confident_wrong == 3
    with pytest.raises(ValueError, match=r"confident_wrong \(4\) must not exceed the 3 items"):
        ValidationSettings(items=5, confident_wrong=4)


@pytest.mark.parametrize("mixed", [False, True])
@given(row=st.integers(0, N - 1), seed=st.integers(0, 5))
def test_a_veto_replaces_one_item_in_its_phase_and_no_other(
    mixed: bool, row: int, seed: int
) -> None:
    study = MIXED if mixed else parse_study(STUDY, subject="study.toml")
    old, new = chosen(study, seed=seed), chosen(study, row, seed=seed)
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert len(changed) == (row in {item.row for item in old})
    for before, after in changed:
        assert before.row == row
        assert after.row not in {item.row for item in old}
        assert (after.phase, after.row < 20) == (before.phase, before.row < 20)


@given(st.lists(st.integers(0, N - 1), max_size=6), st.integers(0, N - 1))
def test_vetoes_of_items_are_independent_of_their_order_and_one_more_changes_one(
    before: list[int], row: int
) -> None:
    study = parse_study(STUDY, subject="study.toml")
    one, two = chosen(study, *before), chosen(study, *reversed(before))
    assert one == two
    old, new = ({i.row for i in items} for items in (one, chosen(study, *before, row)))
    assert old - new == {row} & old
    assert len(new - old) == len(old - new)


def test_what_is_missing_is_said_all_at_once(colour_study: Study) -> None:
    fit = ALL.copy()
    fit[:18] = False
    fit[23:] = False
    with pytest.raises(ItemsError) as error:
        chosen(colour_study, 22, fit=fit)
    message = " ".join(str(error.value).split())
    assert "2 problems" in message
    assert "4 items need an answer of the AI that is right and confident: of 5 images" in message
    assert (
        "3 items need an answer of the AI that is wrong: of 5 images that can be items, 2 have"
        in (message)
    )
    assert "besides 1 vetoed; lower practice.items, validation.items, or enlarge" in message
    assert "where the AI errs too seldom, lower images_per_class or epochs in" in message


def test_an_exact_copy_of_a_picture_of_the_pool_is_no_item() -> None:
    copies = {Split.VAL: VAL, Split.TEST: crops_of(["t0", "v3"], Split.TEST)}
    assert np.flatnonzero(~fit_for_items(ALL, copies)).tolist() == [3]


@pytest.mark.parametrize("shared", ["image", "source"])
def test_an_item_that_shows_a_test_stimulus_makes_a_bundle_invalid(
    colour_bundle: Bundle, shared: str
) -> None:
    item, tested = (colour_bundle.of_phase(phase)[0] for phase in (Phase.PRACTICE, Phase.TEST))
    copy = item.model_copy(update={shared: getattr(tested, shared)})
    stimuli = tuple(copy if s is item else s for s in colour_bundle.stimuli)
    problems = " ".join(reference_problems(replace(colour_bundle, stimuli=stimuli)))
    assert f"{item.stimulus_id} of practice shows a picture that is a test stimulus" in problems


@pytest.mark.parametrize(("highest_wrong", "warned"), [(0.79, True), (0.8, False), (0.95, False)])
def test_a_number_that_tells_right_from_wrong_is_warned_of(
    colour_bundle: Bundle, highest_wrong: float, warned: bool
) -> None:
    told = [
        p.model_copy(update={"confidence": 0.8 if p.right else highest_wrong})
        for p in colour_bundle.predictions
    ]
    warnings = separation_warnings(colour_bundle.stimuli, told)
    assert len(warnings) == warned
    assert all("at most 79% confidence in its wrong" in line for line in warnings)


def test_an_ai_that_answers_one_class_to_every_test_stimulus_is_warned_of(
    colour_bundle: Bundle,
) -> None:
    stimuli, predictions = colour_bundle.stimuli, colour_bundle.predictions
    assert one_answer_warnings(stimuli, predictions) == []
    alike = tuple(p.model_copy(update={"label": "red"}) for p in predictions)
    [warning] = one_answer_warnings(stimuli, alike)
    assert warning.startswith("tiny answers 'red' to every test stimulus, since no other class")
    assert "Always the same answer." in render(replace(colour_bundle, predictions=alike))
    assert "Always the same answer." not in render(colour_bundle)


def test_the_review_page_tells_how_often_each_class_is_answered_and_rightly(
    colour_bundle: Bundle,
) -> None:
    rows = answered_classes(colour_bundle.stimuli, colour_bundle.predictions)
    tests = [s for s in colour_bundle.stimuli if s.phase == "test"]
    shown = {s.stimulus_id for s in tests}
    answers = [p for p in colour_bundle.predictions if p.stimulus_id in shown]
    for row in rows:
        own = [a for a in answers if a.label == row.label]
        assert (row.right, row.wrong) == (sum(a.right for a in own), sum(not a.right for a in own))
        assert row.true == sum(s.true_label == row.label for s in tests)
    assert sum(row.true for row in rows) == len(tests)
    assert "What the AI answers" in render(colour_bundle)
