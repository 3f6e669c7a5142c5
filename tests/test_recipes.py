"""Every recipe of a design: its file, its trial, and a rehearsal of it from load to report."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from analysis.export.read import read_export
from stimuli.bundle import Bundle
from stimuli.study import Phase, parse_study, read_study
from stimuli.study.definition import ONLINE_KEYS, ONLINE_TABLES
from study_app import create_app
from tests.lab import ROOT, Lab, run_python
from tests.recipes import FOLDER, NAMES, invented_bundle, on_invented, recipe_text
from tests.study_app.sites import close, load
from tests.study_app.visiting import Visitor, trials

every_recipe = pytest.mark.parametrize("name", NAMES)
DEMO = read_study(ROOT / "stimuli/studies/demo.toml")
PRACTICE, VALIDATION, PEOPLE = 5, 10, 9


@dataclass(frozen=True, kw_only=True)
class Design:
    """What a recipe asks, counted by hand.

    Attributes:
        test: trials of the test.
        validates: whether there is a validation of ten trials.
        steps: of a trial, each with its kind.
        practised: of a trial of practice, where that has others.
        left_out: steps that a condition does not meet, by its name.
        outcome: the step that decides about a trial.
    """

    test: int
    validates: bool
    steps: tuple[tuple[str, str], ...]
    outcome: str
    practised: tuple[tuple[str, str], ...] = ()

    def rows(self, phase: str) -> tuple[tuple[str, str], ...]:
        """The steps of one trial of a phase."""
        return self.practised if phase == "practice" and self.practised else self.steps

    @property
    def trials(self) -> dict[str, int]:
        """How many trials somebody has, by phase."""
        validation = {"validation": VALIDATION} if self.validates else {}
        return {"practice": PRACTICE, **validation, "test": self.test}


PAPER = (("seen", "choice"), ("card", "continue"), ("judge", "decision"))
ADVICE = (("alone", "choice"), ("advised", "choice"))
SURE = (("alone", "choice"), ("sure", "slider"), ("advised", "choice"), ("sure-advised", "slider"))
FORESEE = (("foresee", "choice"),)
DESIGNS = {
    "accept_reject": Design(test=30, validates=True, steps=PAPER, outcome="judge"),
    "human_alone": Design(test=30, validates=True, steps=PAPER, outcome="judge"),
    "advice_taking": Design(test=24, validates=False, steps=ADVICE, outcome="advised"),
    "advice_with_confidence": Design(test=20, validates=False, steps=SURE, outcome="advised"),
    "forward_simulation": Design(
        test=24,
        validates=False,
        steps=FORESEE,
        practised=(*FORESEE, ("lesson", "continue")),
        outcome="foresee",
    ),
    "multi_class": Design(
        test=24, validates=False, steps=(("choose", "choice"),), outcome="choose"
    ),
    "on_demand": Design(test=30, validates=True, steps=(("decide", "decision"),), outcome="decide"),
    "distinction": Design(
        test=24, validates=False, steps=(("distinguish", "choice"),), outcome="distinguish"
    ),
}


# The files


def test_every_recipe_has_a_design_32() -> None:
    assert set(NAMES) == set(DESIGNS)


@every_recipe
def test_one_bundle_serves_the_demo_and_every_recipe_32(name: str) -> None:
    assert read_study(FOLDER / f"{name}.toml").offline() == DEMO.offline()


@every_recipe
def test_recipes_differ_in_online_tables_alone_32(name: str) -> None:
    recipe, first = (tomllib.loads(recipe_text(which)) for which in (name, "accept_reject"))
    for table in {*recipe, *first} - {*ONLINE_TABLES}:
        keys = ONLINE_KEYS.get(table, ())
        ours, theirs = (
            {k: v for k, v in study.get(table, {}).items() if k not in keys}
            if keys
            else study.get(table)
            for study in (recipe, first)
        )
        assert ours == theirs, table


@every_recipe
def test_a_recipe_says_what_it_is_for_and_how_it_is_loaded_32(name: str) -> None:
    intro = recipe_text(name).partition("[study]")[0]
    assert len(intro.splitlines()) >= 4
    assert f"study load instance/bundles/demo --study stimuli/studies/recipes/{name}.toml" in intro


@every_recipe
def test_a_recipes_trial_is_that_of_its_design_32(name: str) -> None:
    study, design = read_study(FOLDER / f"{name}.toml"), DESIGNS[name]
    assert study.test_trials == design.test
    assert study.has_phase(Phase.VALIDATION) == design.validates
    if design.steps == PAPER:
        assert study.trial.steps == ()
        return
    for phase in design.trials:
        met = [s for s in study.trial.steps if Phase(phase) in s.phases]
        assert tuple((s.name, s.response.kind) for s in met) == design.rows(phase)
    assert study.trial.outcome is not None
    assert study.trial.outcome.name == design.outcome


def test_the_wait_of_the_recipe_on_demand_is_a_line_that_only_has_to_be_uncommented_32() -> None:
    text = recipe_text("on_demand")
    waiting = re.sub(r"^reveal = .*\n", "", text, flags=re.MULTILINE)
    waiting = waiting.replace("# reveal = ", "reveal = ")
    [step] = parse_study(waiting, subject="on_demand").trial.steps
    assert {part: str(moment) for part, moment in step.moments.items()} == {
        "answer": "after_ms=5000",
        "panels": "on demand",
    }


def test_the_full_study_has_people_without_the_ai_32() -> None:
    study = read_study(ROOT / "stimuli/studies/species_full.toml")
    [alone] = [c for c in study.conditions if c.shows_ai is False]
    assert (alone.name, study.classifier_of(alone)) == ("alone", "b1")


# A bundle


@pytest.fixture(scope="module")
def recipe_bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """An invented bundle that serves every recipe."""
    return invented_bundle(tmp_path_factory.mktemp("recipes") / "bundle")


@pytest.fixture
def open_recipe(tmp_path: Path, recipe_bundle: Bundle) -> Callable[[str], Lab]:
    """Opens a lab whose study is a recipe on that bundle."""

    def open_lab(name: str) -> Lab:
        file = tmp_path / f"{name}.toml"
        file.write_text(on_invented(name), "utf-8")
        lab = Lab(instance=tmp_path / "instance")
        lab.study("load", recipe_bundle.path, "--study", file)
        return lab

    return open_lab


@pytest.mark.slow
def test_every_recipe_agrees_with_a_bundle_32(recipe_bundle: Bundle, tmp_path: Path) -> None:
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    for name in NAMES:
        file = tmp_path / f"{name}.toml"
        file.write_text(on_invented(name), "utf-8")
        load(app, recipe_bundle.path, "--study", file)
    close(app)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("forward_simulation", "foresee"),
        ("distinction", "distinguish"),
        ("advice_taking", "alone"),
    ],
)
def test_a_page_names_the_ais_answer_among_those_to_choose_and_nowhere_else_32(
    name: str, step: str, recipe_bundle: Bundle, tmp_path: Path
) -> None:
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    file = tmp_path / f"{name}.toml"
    file.write_text(on_invented(name), "utf-8")
    load(app, recipe_bundle.path, "--study", file)
    visitor, seen = Visitor(app.test_client()).start(), 0
    answers = {p.stimulus_id: p.label for p in recipe_bundle.predictions}
    while seen < 8:
        if visitor.page.form.fields.get("trial", "").endswith(f":{step}"):
            [trial] = [
                t for t in trials(app) if visitor.page.form.fields["trial"].startswith(t.key)
            ]
            buttons = re.compile(r'<button[^>]*name="answer".*?</button>', re.DOTALL)
            said = answers[trial.stimulus_id]
            assert said in visitor.page.form.choices
            assert said not in buttons.sub("", visitor.response.text)
            seen += 1
        visitor.answer(visitor.page.form.choices[0])
    close(app)


def test_the_demos_bundle_takes_every_recipe_32(demo_bundle: Path, tmp_path: Path) -> None:
    lab = Lab(instance=tmp_path / "instance")
    for name in NAMES:
        lab.study("load", demo_bundle, "--study", FOLDER / f"{name}.toml")


@pytest.mark.slow
@every_recipe
def test_a_recipe_is_rehearsed_exported_and_reported_32(
    name: str, open_recipe: Callable[[str], Lab], tmp_path: Path
) -> None:
    lab, design = open_recipe(name), DESIGNS[name]
    told = lab.study("simulate", "-n", PEOPLE, "--seed", 1, "--mix", "calibrated=1")
    assert "each is there exactly once, as it was sent" in told
    lab.study("export", "--simulated", tmp_path / "export")
    read = partial(pd.read_csv, dtype=str, keep_default_na=False)
    trials, steps = (read(tmp_path / f"export/{file}.csv") for file in ("responses", "steps"))
    _counts_are_those_of(design, trials, steps)
    _outcomes_agree(design, trials, steps)
    _advice_is_carried(steps)
    read_steps = 0 if design.steps == PAPER else len(steps)  # responses.csv says all of the paper's
    assert len(read_export(tmp_path / "export").steps) == read_steps
    run_python("-m", "analysis.report", tmp_path / "export", "--out", tmp_path / "report")
    assert "Rehearsal" in (tmp_path / "report/report.html").read_text("utf-8")


def _counts_are_those_of(design: Design, trials: pd.DataFrame, steps: pd.DataFrame) -> None:
    """A row per trial, and one per step of it, in order."""
    assert trials["participant_id"].nunique() == PEOPLE
    for phase, n in design.trials.items():
        assert (trials["phase"] == phase).sum() == PEOPLE * n
        met = steps[steps["phase"] == phase]
        by_trial = met.groupby(["participant_id", "trial_index"], sort=False)
        assert len(by_trial) == PEOPLE * n
        rows = by_trial.agg(index=("step_index", tuple), step=("step", tuple), kind=("kind", tuple))
        wanted = design.rows(phase)
        counts = tuple(map(str, range(len(wanted))))
        assert Counter(rows["index"]) == {counts: PEOPLE * n}
        assert Counter(map(tuple, zip(rows["step"], rows["kind"], strict=True))) == {
            tuple(zip(*wanted, strict=True)): PEOPLE * n
        }


def _outcomes_agree(design: Design, trials: pd.DataFrame, steps: pd.DataFrame) -> None:
    """What a trial was worth is what its outcome was; a decision is there where one was asked."""
    key = ["participant_id", "phase", "trial_index"]
    outcome = steps[steps["step"] == design.outcome].set_index(key)
    trials = trials.set_index(key).loc[outcome.index]
    assert ((outcome["right"] == "1") == (outcome["value"] == outcome["truth"])).all()
    assert (trials["team_right"] == outcome["right"]).all()
    decides = dict(design.steps)[design.outcome] == "decision"
    assert (trials["decision"] == (outcome["value"] if decides else "")).all()
    for column in ("input", "answered_at"):
        assert (trials[column] == outcome[column]).all()


def _advice_is_carried(steps: pd.DataFrame) -> None:
    """What is shown as one's own answer is the one that was given."""
    key = ["participant_id", "phase", "trial_index"]
    given = {name: of.set_index(key)["value"] for name, of in steps.groupby("step")}
    for name, own in (("sure", "alone"), ("advised", "alone"), ("sure-advised", "advised")):
        shown = steps[steps["step"] == name].set_index(key)
        if len(shown):
            assert (shown["carried"] == given[own].loc[shown.index]).all()
    others = steps[~steps["step"].isin(["sure", "advised", "sure-advised"])]
    assert (others["carried"] == "").all()
