"""Practice and validation items: which are chosen, and which an experimenter may choose."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.build.item_overrides import items_by_hand, read_items
from stimuli.build.items import Item, ItemsError, choose_items, fit_for_items
from stimuli.build.pipeline import build
from stimuli.build.rationales import rationale
from stimuli.bundle import Bundle, ItemRow
from stimuli.bundle.consistency import reference_problems
from stimuli.bundle.separation import separation_warnings
from stimuli.bundle.store import item_rows
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import ClassInfo, Dataset, Example, Picture, Split
from stimuli.models.classifiers import Machine
from stimuli.models.predictions import Predictions
from stimuli.pictures.crops import Crop
from stimuli.study import Study, parse_study
from stimuli.study.offline import ValidationSettings
from stimuli.study.online import Phase
from tests.stimuli.conftest import STUDY

N = 40  # val images: the first 20 right, the others wrong
MIXED = parse_study(
    STUDY.replace("[validation]", "[validation]\nconfident_wrong = 1"), subject="study.toml"
)


def predictions() -> Predictions:
    """Right answers of confidence .6 to .98; wrong ones of .4 to .97, the last the plainest."""
    truths, steps = np.zeros(N, dtype=np.int64), np.arange(20) / 20
    return Predictions(
        labels=np.repeat([0, 1], 20),
        confidences=np.concatenate([0.6 + 0.4 * steps, 0.4 + 0.6 * steps]),
        truths=truths,
        doubts=np.concatenate([0.6 + 0.4 * steps, 0.3 * (1 - steps)]),
    )


ALL = np.ones(N, dtype=bool)


def chosen(study: Study, *vetoed: int, fit: np.ndarray = ALL, seed: int = 0) -> list[Item]:
    rng = np.random.default_rng(seed)
    return choose_items(predictions(), fit, study, vetoed=vetoed, rng=rng)


def test_items_are_sure_right_answers_and_the_plainest_mistakes(colour_study: Study) -> None:
    items = chosen(colour_study)
    right = Counter(item.phase for item in items if item.row < 20)
    wrong = Counter(item.phase for item in items if item.row >= 20)
    assert (right[Phase.PRACTICE], wrong[Phase.PRACTICE]) == (2, 1)
    assert (right[Phase.VALIDATION], wrong[Phase.VALIDATION]) == (2, 2)
    assert {item.row for item in items if item.row >= 20} == {37, 38, 39}
    assert all(predictions().confidences[i.row] >= 0.8 for i in items if i.row < 20)
    assert len({item.row for item in items}) == len(items)


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
    assert "besides 1 vetoed; enlarge the val split" in message


class Named(Dataset):
    """A data set of names."""

    classes = [ClassInfo(name="a", description="A."), ClassInfo(name="b", description="")]

    def __init__(self) -> None:
        val = [Example(source=f"v{n}", label=0, split=Split.VAL) for n in range(N)]
        more = [Example(source="small", label=0, split=Split.VAL)]
        test = [Example(source=f"t{n}", label=0, split=Split.TEST) for n in range(2)]
        self.examples = [*val, *more, *test]

    def state(self, example: Example) -> object:
        raise NotImplementedError

    def load(self, example: Example) -> Picture:
        raise NotImplementedError


def crops_of(names: Sequence[str], split: Split) -> list[Crop]:
    return [
        Crop(example=Example(source=n, label=0, split=split), jpeg=n.encode(), boxes=())
        for n in names
    ]


VAL = crops_of([f"v{n}" for n in range(N)], Split.VAL)


def by_hand(rows: Sequence[ItemRow], study: Study, *vetoed: int) -> list[Item]:
    fit = ALL.copy()
    fit[7] = False
    return items_by_hand(rows, predictions(), fit, Named(), VAL, study, vetoed=vetoed)


def rows_of(practice: str, validation: str) -> list[ItemRow]:
    return [
        ItemRow(phase=phase, source=source)
        for phase, names in ((Phase.PRACTICE, practice), (Phase.VALIDATION, validation))
        for source in names.split()
    ]


def test_an_exact_copy_of_a_picture_of_the_pool_is_no_item() -> None:
    copies = {Split.VAL: VAL, Split.TEST: crops_of(["t0", "v3"], Split.TEST)}
    assert np.flatnonzero(~fit_for_items(ALL, copies)).tolist() == [3]


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
        "small: is left out by the settings of [dataset]",
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


@pytest.mark.parametrize("shared", ["image", "source"])
def test_an_item_that_shows_a_test_stimulus_makes_a_bundle_invalid(
    colour_bundle: Bundle, shared: str
) -> None:
    item, tested = (colour_bundle.of_phase(phase)[0] for phase in (Phase.PRACTICE, Phase.TEST))
    copy = item.model_copy(update={shared: getattr(tested, shared)})
    stimuli = tuple(copy if s is item else s for s in colour_bundle.stimuli)
    problems = " ".join(reference_problems(replace(colour_bundle, stimuli=stimuli)))
    assert f"{item.stimulus_id} of practice shows a picture that is a test stimulus" in problems


CLASSES = (
    ClassInfo(name="laptop", description="a portable computer."),
    ClassInfo(name="pillow", description=""),
    ClassInfo(name="balloon", description="large bag " * 30),
)


def test_a_rationale_describes_what_it_is_and_what_it_is_not() -> None:
    assert rationale(0, {0}, CLASSES, "Sam") == "Sam is right: laptop (a portable computer)."
    wrong = "Sam is wrong: laptop (a portable computer), not pillow."
    assert rationale(0, {1}, CLASSES, "Sam") == wrong
    assert rationale(1, {0}, CLASSES, "Sam").endswith("pillow, not laptop (a portable computer).")
    assert rationale(0, {0, 1}, CLASSES, "Sam") == "The right answer: laptop (a portable computer)."
    assert len(rationale(2, {0}, CLASSES, "Sam")) < 180
    assert "…)" in rationale(2, {2}, CLASSES, "Sam")


def test_of_similar_classes_a_rationale_says_where_they_differ() -> None:
    begin = "Blue wings crossed by a white band, with a line of flecks at the margin. The tip"
    pair = [
        ClassInfo(name="Ferry", description=f"{begin} is dark. It lives by rivers."),
        ClassInfo(name="Tide", description=f"{begin} is pale."),
    ]
    assert rationale(0, {1}, pair, "Sam") == (
        "Sam is wrong: Ferry (… The tip is dark. It lives by rivers), not Tide (… The tip is pale)."
    )
    same = [ClassInfo(name=name, description="Red, round.") for name in ("a", "b")]
    assert rationale(0, {1}, same, "Sam") == "Sam is wrong: a (Red, round), not b (Red, round)."


def test_practice_says_why_and_other_stimuli_say_nothing(colour_bundle: Bundle) -> None:
    right = {p.stimulus_id: p.right for p in colour_bundle.predictions}
    for stimulus in colour_bundle.stimuli:
        if stimulus.phase is Phase.PRACTICE:
            word = "right" if right[stimulus.stimulus_id] else "wrong"
            assert stimulus.rationale.startswith(f"Sam is {word}: {stimulus.true_label} (It is ")
        else:
            assert not stimulus.rationale


def test_a_build_writes_rationales_in_english_only(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    text = colour_bundle.study_text.replace("seed = 5", 'seed = 5\nlanguage = "de"')
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    bundle = build(study, text, dataset, colour_machine, tmp_path / "bundle")
    assert {s.rationale for s in bundle.stimuli} == {""}
    silent = [s.model_copy(update={"rationale": ""}) for s in colour_bundle.stimuli]
    assert list(bundle.stimuli) == silent


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
