"""Plans: what they tell, and that a study which was changed as told builds."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from stimuli.build.pipeline import build
from stimuli.bundle import Bundle
from stimuli.cli import main
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError
from stimuli.models.classifiers import Machine
from stimuli.plan.planning import Plan, plan
from stimuli.study import Phase, parse_study
from tests.stimuli.conftest import STUDY

# No class has a card, and bins must be full.
GREEDY = (
    STUDY.replace("min_confidence = 0.5", "min_confidence = 1.0")
    .replace("allow_short = true\n", "")
    .replace("per_bin = 3", "per_bin = 9")
    .replace("trials = 6", "trials = 54")
)


def planned(text: str, folder: Path, machine: Machine) -> Plan:
    study = parse_study(text, subject="study.toml")
    return plan(study, text, open_dataset(study.dataset, folder), machine)


def test_a_study_that_was_changed_as_told_builds_and_nothing_is_asked_again_33(
    colour_bundle: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = planned(GREEDY, colour_folder, colour_machine)
    assert not told.works
    assert told.study_text is not None
    assert "The study cannot be built as it is." in told.report
    assert "[cards]\nmin_confidence = 0." in told.report
    dataset = open_dataset(colour_bundle.study.dataset, colour_folder)
    greedy = parse_study(GREEDY, subject="study.toml")
    with pytest.raises(DataError, match="nothing is in the low band"):
        build(greedy, GREEDY, dataset, colour_machine, tmp_path / "greedy")

    def asked_again(*_: object, **__: object) -> None:
        raise AssertionError("the classifier was trained or asked again")

    for step in ("models.training.train", "models.classifiers.train", "models.predictions.predict"):
        monkeypatch.setattr(f"stimuli.{step}", asked_again)
    study = parse_study(told.study_text, subject="study.toml")
    bundle = build(study, told.study_text, dataset, colour_machine, tmp_path / "told")
    assert len(bundle.stimuli) >= study.test_trials + study.practice.items
    in_test = sum(stimulus.phase is Phase.TEST for stimulus in bundle.stimuli)
    assert study.test_trials == min(in_test - in_test % 2, 52)
    again = planned(told.study_text, colour_folder, colour_machine)
    assert again.works
    assert again.study_text == told.study_text


def test_a_plan_tells_what_is_there_by_class_filter_and_bin_33(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine
) -> None:
    told = planned(STUDY, colour_folder, colour_machine)
    assert told.works
    assert told.study_text == STUDY
    lines = [line.split() for line in told.report.splitlines()]
    pool = [row for row in colour_bundle.pool if row.split == "test"]
    last = next(line for line in lines if line[:4] == ["fewer", "than", "3", "neighbours"])
    counts = [str(count.available) for count in colour_bundle.manifest.bins]
    assert last[-7:] == [str(len(pool)), *counts]
    for name in ("red", "green", "blue"):
        (cells,) = (line for line in lines if line[:1] == [name])
        # Name, training photos, named rightly, three confidences, card; "n of m" of val and test.
        assert cells[6] == "yes"
        assert int(cells[10]) <= int(cells[12])


@pytest.mark.slow
def test_plan_is_a_command_that_writes_the_study_which_works_33(
    colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(GREEDY)
    arguments = ["plan", "study.toml", "--data", str(colour_folder), "--out", "works.toml"]
    first = CliRunner().invoke(main, arguments)
    assert first.exit_code == 0, first.output
    assert "works.toml: the study with the first of these settings" in first.stdout
    second = CliRunner().invoke(main, ["plan", "works.toml", "--data", str(colour_folder)])
    assert "The study can be built as it is." in second.stdout
    third = CliRunner().invoke(main, arguments)
    assert third.exit_code == 1
    assert "--out works.toml: is there already; remove it" in third.stderr
