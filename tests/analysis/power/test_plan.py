from pathlib import Path

import pytest

from analysis.power.assumptions import Assumptions
from analysis.power.pilot_moments import N_DRAWS
from analysis.power.plan import assumptions_of, cautions_of, read_plan
from analysis.problems import ExportError
from stimuli.study import digest_of, read_study
from tests.analysis.exports import write_export
from tests.analysis.participants import someone
from tests.lab import ROOT
from tests.study_app.invented import study_text

DEMO = ROOT / "stimuli/studies/demo.toml"


def test_without_bundle_and_pilot_a_plan_says_what_it_does_not_know() -> None:
    given = Assumptions(person_sd=0.9)
    plan = read_plan(DEMO, None, None, given, seed=1)
    assert plan.assumed == (given,)
    assert plan.study_digest == digest_of(DEMO.read_text("utf-8"))
    assert "--pilot" in plan.cautions[0]
    assert "--bundle" in plan.cautions[1]
    assert "Holm’s adjustment over 6" in plan.cautions[2]


def test_a_pilot_gives_its_best_and_what_is_as_likely(tmp_path: Path) -> None:
    people = [someone(name, k, n=9) for name in ("confidence", "gradcam") for k in (4, 6, 8)]
    pilot = write_export(tmp_path / "pilot", people)
    plan = read_plan(DEMO, None, pilot, Assumptions(), seed=1)
    assert len(plan.assumed) == 1 + N_DRAWS
    assert plan.pilot == "pilot"
    assert "6 people, too few" in plan.cautions[0]
    assert plan == read_plan(DEMO, None, pilot, Assumptions(), seed=1)


def test_a_study_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="there is no such file"):
        read_plan(tmp_path / "study.toml", None, None, Assumptions(), seed=1)


def test_options_are_in_per_cent_and_in_log_odds() -> None:
    given = {"accuracy": 62.0, "dropout": 5.0, "leaning_sd": 0.4}
    assert assumptions_of(given) == Assumptions(
        right=0.62, wrong=0.62, dropout=0.05, leaning_sd=0.4
    )
    assert assumptions_of({}) == Assumptions()


def test_pictures_of_each_ais_own_are_a_caution() -> None:
    study = read_study(DEMO)
    own = study.model_copy(
        update={"adversarial": study.adversarial.model_copy(update={"deceives": "each"})}
    )
    design = read_plan(DEMO, None, None, Assumptions(), seed=1).design
    assert len(cautions_of(own, design)) == len(cautions_of(study, design)) + 1


WITHOUT = '[[conditions]]\nname = "without"\nshows_ai = false\n'
STEPS = """
[[trial.steps]]
name = "alone"
shows = ["photo"]
response = { kind = "choice", options = "classes", n = 5 }
[[trial.steps]]
name = "advised"
shows = ["photo", "answer", "panels", "own"]
response = { kind = "choice", options = "classes", n = 5 }
"""


def with_steps(folder: Path, more: str = "") -> Path:
    """A study of choices before and after advice, with a group without the AI."""
    trial = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'
    path = folder / "study.toml"
    path.write_text(study_text(test=18).replace(trial, WITHOUT + STEPS) + more, "utf-8")
    return path


def test_chance_and_who_does_not_meet_the_ai_are_cautions_32(tmp_path: Path) -> None:
    told = " ".join(read_plan(with_steps(tmp_path), None, None, Assumptions(), seed=1).cautions)
    assert "those of “alone” and “advised”" in told
    assert "20 % are right by chance" in told
    assert "People of “without” do not meet the AI: nothing of them follows it." in told


def test_an_accuracy_that_is_no_better_than_chance_is_refused_32(tmp_path: Path) -> None:
    given = Assumptions(right=0.2, wrong=0.2)
    with pytest.raises(ExportError, match="not above 20 %, which is chance"):
        read_plan(with_steps(tmp_path), None, None, given, seed=1)


def test_a_measure_of_decisions_is_refused_where_there_are_none_32(tmp_path: Path) -> None:
    path = with_steps(tmp_path, '[analysis]\nmeasure = "over_reliance"\n')
    with pytest.raises(ExportError, match="'advised' asks for none; choose accuracy or time"):
        read_plan(path, None, None, Assumptions(), seed=1)
