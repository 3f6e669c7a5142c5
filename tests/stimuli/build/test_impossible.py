"""Numbers that cannot all hold are refused before the data set is read, or before training."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stimuli.build.bins import ShortBinsError
from stimuli.build.impossible import (
    dataset_contradictions,
    most_perturbed,
    require_trials,
    study_contradictions,
)
from stimuli.datasets.base import ClassInfo, Dataset, Example, Split
from stimuli.study import Study, parse_study, read_study
from tests.lab import ROOT
from tests.stimuli.conftest import STUDY

STUDIES = sorted((ROOT / "stimuli/studies").rglob("*.toml"))
GROUPS = "[assignment]\nright = {}\nwrong = {}\nadversarial = {}\n"


def study(more: str = "", **replaced: Any) -> Study:
    """The coloured pictures' study with some of its numbers replaced."""
    text = STUDY
    for key, value in replaced.items():
        name = f"{key} = "
        start = text.index(name) + len(name)
        text = text[:start] + str(value) + text[text.index("\n", start) :]
    return parse_study(text + more, subject="study.toml")


class _Counted(SimpleNamespace):
    def split(self, split: Split) -> list[Example]:
        return [example for example in self.examples if example.split is split]


def counted(n_classes: int = 4, **counts: int) -> Dataset:
    """A data set of which only the numbers matter: so many pictures of each class in a split."""
    examples = [
        Example(source=f"{split}-{label}-{n}", label=label, split=Split(split))
        for split, count in counts.items()
        for label in range(n_classes)
        for n in range(count)
    ]
    classes = [ClassInfo(name=f"c{n}", description="") for n in range(n_classes)]
    return cast(Dataset, _Counted(examples=examples, classes=classes))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_no_shipped_study_contradicts_itself_33(path: Path) -> None:
    assert study_contradictions(read_study(path)) == []


def test_more_trials_than_stimuli_are_refused_33() -> None:
    """Two in each of six bins, and two in each of three of the adversarial ones, are 18."""
    text = "\n[adversarial]\nper_bin = 2\n"
    assert study_contradictions(study(text, per_bin=2, trials=18)) == []
    (problem,) = study_contradictions(study(text, per_bin=2, trials=30))
    assert problem == (
        "phases.test.trials: 30, but 2 in each of 6 bins and 6 perturbed ones are 18 stimuli at "
        "most; raise bins.per_bin or adversarial.per_bin, or lower the trials"
    )
    flipped = text + 'control = "flipped"\n'
    assert study_contradictions(study(flipped, per_bin=2, trials=24)) == []


def test_more_trials_of_a_group_than_its_bins_hold_are_refused_33() -> None:
    text = "\n[adversarial]\nper_bin = 3\n"
    right = study(text + GROUPS.format(10, 2, 8), per_bin=3, trials=20)
    (problem,) = study_contradictions(right)
    assert problem.startswith("assignment.right: 10 trials, but there are 9 such stimuli at most")
    assert problem.endswith("raise bins.per_bin, or lower it")
    attacked = study(text + GROUPS.format(4, 4, 10), per_bin=3, trials=18)
    assert study_contradictions(attacked)[0].endswith("raise adversarial.per_bin, or lower it")
    without = study(GROUPS.format(4, 4, 2), per_bin=3, trials=10)
    assert study_contradictions(without)[0].endswith("add [adversarial], or lower it")
    flipped = study(text + GROUPS.format(4, 4, 4) + "flipped = 1\n", per_bin=3, trials=13)
    assert 'control = "flipped"' in study_contradictions(flipped)[0]


def test_fewer_attacks_than_stimuli_are_refused_33() -> None:
    text = "\n[adversarial]\nper_bin = 5\nattacked = 14\n"
    (problem,) = study_contradictions(study(text, allow_short="false"))
    assert "adversarial.attacked: 14 pictures cannot give 15 stimuli" in problem
    assert study_contradictions(study(text)) == []


def test_a_distance_of_an_unknown_classifier_is_refused_33() -> None:
    text = STUDY.replace(
        "[explainers.neighbours]", "[explainers.neighbours]\nduplicate_distance = { large = 9.0 }"
    )
    (problem,) = study_contradictions(parse_study(text, subject="study.toml"))
    assert "duplicate_distance: 'large' is none of ['tiny']" in problem


def test_a_data_set_that_has_enough_is_fine_33() -> None:
    assert dataset_contradictions(study(), counted(train=3, val=2, test=5), n_answers=4) == []


def test_a_split_without_pictures_is_the_only_problem_33() -> None:
    problems = dataset_contradictions(study(), counted(test=1), n_answers=4)
    assert [problem[:36] for problem in problems] == [
        "the split train has no picture; add ",
        "the split val has no picture; add so",
    ]


def test_more_items_than_val_pictures_are_refused_33() -> None:
    (problem,) = dataset_contradictions(study(), counted(train=3, val=1, test=5), n_answers=4)
    assert problem.startswith(
        "practice.items, validation.items: 7 pictures, but the val split has 4"
    )


def test_more_stimuli_or_trials_than_test_pictures_are_refused_33() -> None:
    few = counted(train=3, val=2, test=1)
    (problem,) = dataset_contradictions(study(), few, n_answers=4)
    assert problem.startswith("phases.test.trials: 6, but the test split has 4 pictures")
    problems = dataset_contradictions(study(allow_short="false"), few, n_answers=4)
    assert problems[0].startswith("bins.per_bin: 18 stimuli need as many pictures")


def test_a_band_below_the_least_confidence_is_refused_33() -> None:
    """Of three classes one has a third of the probability or more: nothing is below .3."""
    three = counted(3, train=9, val=9, test=9)
    assert dataset_contradictions(study(), three, n_answers=3) == []
    (problem,) = dataset_contradictions(study(allow_short="false"), three, n_answers=3)
    assert "confidence of 0.33 or more, so that nothing is in the low band" in problem
    (problem,) = dataset_contradictions(study(trials=13), three, n_answers=3)
    assert "13, but 3 in each of 4 bins are 12 stimuli at most" in problem


def test_more_card_pictures_or_neighbours_than_training_pictures_are_refused_33() -> None:
    problems = dataset_contradictions(study(), counted(train=2, val=2, test=5), n_answers=4)
    assert [problem.partition(":")[0] for problem in problems] == [
        "cards.examples",
        "explainers.neighbours.k",
    ]


def test_too_few_drawn_are_told_before_the_attacks_and_before_the_explanations_33() -> None:
    attacked = study("\n[adversarial]\nper_bin = 1\n", trials=6)
    assert most_perturbed(attacked) == 3
    require_trials(attacked, 3, at_most=most_perturbed(attacked))
    with pytest.raises(ShortBinsError, match="6, but 2 stimuli were drawn, 3 more may be; lower"):
        require_trials(attacked, 2, at_most=most_perturbed(attacked))
    with pytest.raises(ShortBinsError, match="6, but 5 stimuli were drawn; lower it"):
        require_trials(attacked, 5)


def test_each_attack_of_each_kind_may_give_as_many_33() -> None:
    full = read_study(ROOT / "stimuli/studies/species_full.toml")
    assert most_perturbed(full) == 3 * 4 * 2  # deceives all with one picture, and turns each
