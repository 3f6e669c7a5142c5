import random

import numpy as np
import pytest

from analysis.power.design import Cell, design_of, evenly, planned_cells
from analysis.problems import ExportError
from stimuli.study import parse_study, read_study
from study_app.randomisation import Group, trial_list
from tests.lab import ROOT
from tests.study_app.invented import study_text

STUDIES = ROOT / "stimuli/studies"


def test_the_demo_deals_thirty_trials_over_nine_cells() -> None:
    study = read_study(STUDIES / "demo.toml")
    design = design_of(study, planned_cells(study))
    assert [cell.n_stimuli for cell in design.cells] == [8] * 6 + [2] * 3
    assert [cell.trials for cell in design.cells] == [4] * 6 + [2] * 3
    assert design.seen.tolist() == [0.5] * 48 + [1.0] * 6
    assert (len(design.pairs), design.n_conditions) == (6, 4)
    assert design.pairs[0] == ("confidence", "gradcam-b1")
    assert design.measured.all()


def test_a_study_says_how_many_trials_each_group_has() -> None:
    study = read_study(STUDIES / "imagenet.toml")
    design = design_of(study, planned_cells(study))
    by_group = {
        name: sum(cell.trials for cell in design.cells if cell.group == name)
        for name in ("right", "wrong", "adversarial")
    }
    assert by_group == pytest.approx({"right": 10, "wrong": 10, "adversarial": 10})


def test_flipped_pictures_take_trials_and_are_not_pooled() -> None:
    study = read_study(STUDIES / "species_full.toml")
    cells = planned_cells(study)
    assert {cell.kind for cell in cells} == {"natural", "adversarial", "flipped"}
    assert design_of(study, cells).trials == 26


def test_over_reliance_is_measured_on_natural_stimuli_of_which_the_ai_is_wrong() -> None:
    text = study_text(test=18) + '\n[analysis]\nmeasure = "over_reliance"\n'
    study = parse_study(text, subject="here")
    design = design_of(study, planned_cells(study))
    assert set(design.sort[design.measured]) == {1}
    assert design.natural[design.measured].all()
    assert int(design.measured.sum()) == int((design.natural & (design.sort == 1)).sum())


def test_pairs_of_a_study_are_taken_in_its_order() -> None:
    text = study_text(test=6) + '\n[analysis]\npairs = [["neighbours", "heatmap"]]\n'
    study = parse_study(text, subject="here")
    design = design_of(study, planned_cells(study))
    assert design.conditions == ("neighbours", "heatmap")
    assert design.of_pairs.tolist() == [[0], [1]]


def test_what_stands_in_the_way_is_said_all_at_once() -> None:
    text = study_text(test=6) + '\n[analysis]\nmeasure = "time"\n'
    study = parse_study(text, subject="here")
    right = Cell(kind="natural", ai_right=True, bin="easy", n_stimuli=10)
    with pytest.raises(ExportError) as caught:
        design_of(study, [right])
    assert len(caught.value.problems) == 2
    assert "analysis.measure: 'time'" in caught.value.problems[0]
    assert "right of all stimuli" in caught.value.problems[1]


@pytest.mark.parametrize(("trials", "sizes"), [(30, [8] * 6 + [2] * 3), (10, [50, 1, 3]), (9, [4])])
def test_trials_are_spread_as_the_app_spreads_them(trials: int, sizes: list[int]) -> None:
    cells = [tuple(f"{k}-{i}" for i in range(size)) for k, size in enumerate(sizes)]
    n = min(trials, sum(sizes))
    views: dict[str, int] = {}
    for _ in range(60):
        group = Group(trials=n, cells=tuple(cells))
        for stimulus in trial_list([group], views=views, rng=random.Random(1)):
            views[stimulus] = views.get(stimulus, 0) + 1
    dealt = [sum(views.get(s, 0) for s in cell) / 60 for cell in cells]
    assert evenly(n, sizes) == pytest.approx(dealt, abs=0.05)
    assert np.sum(evenly(n, sizes)) == pytest.approx(n)


WITHOUT = '[[conditions]]\nname = "without"\nshows_ai = false\n'
CHOICE = """[trial]
[[trial.steps]]
name = "alone"
shows = ["photo"]
response = { kind = "choice", options = "classes" }
[[trial.steps]]
name = "advised"
shows = ["photo", "answer", "panels", "own"]
response = { kind = "choice", options = "classes" }
"""
PAPER = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'


def with_steps(more: str = "") -> str:
    """A study of choices before and after advice, with a group without the AI."""
    return study_text(test=18).replace(PAPER, WITHOUT + CHOICE) + more


def test_nothing_follows_the_ai_of_who_names_pictures_without_it_32() -> None:
    study = parse_study(with_steps(), subject="here")
    design = design_of(study, planned_cells(study))
    assert design.unadvised == {"without"}
    assert len(design.pairs) == 6
    deciding = parse_study(study_text(test=18) + WITHOUT, subject="here")
    assert design_of(deciding, planned_cells(deciding)).unadvised == frozenset()


def test_reliance_is_compared_only_where_an_ai_is_shown_32() -> None:
    text = study_text(test=18) + WITHOUT + '[analysis]\nmeasure = "over_reliance"\n'
    study = parse_study(text, subject="here")
    assert {name for pair in design_of(study, planned_cells(study)).pairs for name in pair} == {
        *("confidence", "heatmap", "neighbours"),
    }
    text += 'pairs = [["heatmap", "without"]]\n'
    alone = parse_study(text, subject="here")
    with pytest.raises(ExportError, match="says nothing of without, where no AI is shown"):
        design_of(alone, planned_cells(alone))


def test_what_people_accept_is_no_measure_where_none_decides_32() -> None:
    study = parse_study(with_steps(), subject="here")
    settings = study.analysis.model_copy(update={"secondary": ("d_prime",)})
    asked = study.model_copy(update={"analysis": settings})
    with pytest.raises(ExportError, match="d_prime looks at what people accept.*take accuracy"):
        design_of(asked, planned_cells(asked))
