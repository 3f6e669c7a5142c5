"""The test that matters most: planted behaviour goes through real HTTP and comes back out."""

from collections.abc import Callable
from pathlib import Path
from statistics import fmean

import pandas as pd
import pytest

from stimuli.bundle import Bundle, read_bundle
from stimuli.bundle.check import check_bundle
from stimuli.study import Phase
from study_app import create_app
from tests.lab import Lab
from tests.planted import arguments, compared, outside, planted
from tests.study_app.sites import close, load
from tests.study_app.visiting import Visitor


def test_the_demo_bundle_is_whole_fills_its_bins_and_its_ai_errs(demo_bundle: Path) -> None:
    bundle = check_bundle(demo_bundle)
    assert all(count.chosen == bundle.study.bins.per_bin for count in bundle.manifest.bins)
    for classifier in bundle.manifest.classifiers:
        assert 0.60 <= classifier.accuracy["test"] <= 0.85


def test_the_demos_forty_questions_take_few_screens_28(demo_bundle: Path, tmp_path: Path) -> None:
    """Each had three before, which made 136."""
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    load(app, demo_bundle)
    visitor, screens = Visitor(app.test_client()).start(), 1
    while visitor.screen != "debrief":
        visitor.answer(visitor.page.form.choices[0])
        screens += 1
    close(app)
    assert len(visitor.texts) > 40
    assert screens <= 85


def test_the_demos_models_say_the_same_of_every_stimulus_and_sals_looks_closer(
    demo_bundle: Path,
) -> None:
    bundle = read_bundle(demo_bundle)
    said = {(p.classifier, p.stimulus_id): p for p in bundle.predictions}
    for stimulus in bundle.of_phase(Phase.TEST):
        one, other = (said[name, stimulus.stimulus_id] for name in ("b1", "sal"))
        assert (one.label_index, one.bin) == (other.label_index, other.bin)
        assert one.confidence == pytest.approx(other.confidence, abs=0.05)
    dice = {name: mean_dice(bundle, name) for name in ("b1", "sal")}
    assert dice["sal"] > dice["b1"] + 0.02


def mean_dice(bundle: Bundle, classifier: str) -> float:
    """Of a classifier's GradCAM on the stimuli that it got right."""
    shown = [
        e for e in bundle.explanations if (e.classifier, e.explainer) == (classifier, "gradcam")
    ]
    return fmean(e.scores["dice"] for e in shown if "dice" in e.scores)


def test_the_report_recovers_what_simulated_people_were_told_to_do(
    demo_bundle: Path, new_lab: Callable[[Path], Lab]
) -> None:
    report = new_lab(demo_bundle).report("planted", "-n", 40, "--seed", 1, *arguments(demo_bundle))
    cells = compared(demo_bundle, report)
    assert len(cells) == 6 * len(planted(demo_bundle))
    assert cells["n_trials"].min() >= 40
    assert outside(cells).empty, outside(cells)
    assert not outside(compared(demo_bundle, report, shift=1)).empty
    assert not outside(compared(demo_bundle, report, shift=2)).empty
    users = pd.read_csv(report / "tables" / "accuracy.csv").set_index("condition")
    # They accept everything, and so are right where the AI is: in half of the natural trials.
    right = right_answers_of_the_ai(report.parents[1] / "exports" / report.name, "neighbours")
    assert 38 <= right.mean() <= 42
    assert users.loc["neighbours", "mean_percent"] == pytest.approx(right.mean(), abs=0.01)
    assert users.loc["neighbours", "std_percent"] == pytest.approx(right.std(), abs=0.01)
    assert "Rehearsal" in (report / "report.html").read_text("utf-8")


def right_answers_of_the_ai(export: Path, condition: str) -> pd.Series:
    """In how many per cent of each person's test trials the AI is right."""
    trials = pd.read_csv(export / "responses.csv")
    own = trials[(trials["phase"] == "test") & (trials["condition"] == condition)]
    return 100 * own.groupby("participant_id")["ai_right"].mean()
