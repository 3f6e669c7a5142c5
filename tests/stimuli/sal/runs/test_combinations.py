"""The runs of a grid: all of them, named, longest first, and which share their beginning."""

import pytest

from stimuli.sal.experiment import Experiment, ExperimentError
from stimuli.sal.experiment_file import read_experiment
from stimuli.sal.runs.combinations import combinations, cost, shared_beginnings
from tests.lab import ROOT

POINTS = {"points": [0.1, 0.2, 0.5, 1.0], "change_point": 0.2}


def experiment(**grid: object) -> Experiment:
    return Experiment.model_validate(
        {"dataset": {"adaptor": "species"}, "rounds": POINTS, "grid": grid}
    )


def test_every_combination_is_a_run_whose_name_says_how_it_differs() -> None:
    runs = combinations(
        experiment(scenarios=["b1", "sal"], criteria=["margin"], alphas=[0.5, 0.9], seeds=2)
    )
    assert sorted(runs) == sorted(
        f"{scenario}-margin-alpha{alpha}-seed{seed}"
        for scenario in ("b1", "sal")
        for alpha in (0.5, 0.9)
        for seed in (0, 1)
    )
    run = runs["sal-margin-alpha0.5-seed1"]
    assert (run.run.scenario, run.run.seed, run.loss.alpha, run.grid) == ("sal", 1, 0.5, None)


def test_what_the_grid_does_not_name_stays_as_it_is() -> None:
    (name,) = combinations(experiment(seeds=1))
    assert name == "sal-margin-seed0"


def test_a_run_costs_its_trainings_and_sal_those_of_its_second_model_too() -> None:
    """Shares .1, .2, .5 and 1; the second model draws after rounds 2 and 3."""
    runs = combinations(experiment(scenarios=["b1", "sal"], seeds=1))
    assert cost(runs["b1-margin-seed0"]) == pytest.approx(1.8)
    assert cost(runs["sal-margin-seed0"]) == pytest.approx(1.8 + 0.7)
    assert cost(runs["sal-margin-seed0"], n_rounds=2) == pytest.approx(0.3 + 0.2)
    assert next(iter(runs)) == "sal-margin-seed0"


def test_runs_in_which_people_draw_first_share_their_beginning_by_seed() -> None:
    scenarios = ["b1", "b2", "sal", "no_ai", "files"]
    shared = shared_beginnings(combinations(experiment(scenarios=scenarios, seeds=2)))
    groups = [{name, *others} for name, others in shared.items()]
    assert len(groups) == 2
    for seed, group in enumerate(sorted(groups, key=str)):
        names = {f"{s}-margin-seed{seed}" for s in ("b2", "sal", "no_ai")}
        assert names in groups, group


def test_a_file_without_a_grid_says_what_to_do() -> None:
    alone = experiment(seeds=1).model_copy(update={"grid": None})
    with pytest.raises(ExperimentError, match=r"has no table \[grid\]; add one, or use `run`"):
        combinations(alone)


def test_a_change_point_that_no_round_reaches_is_refused_in_a_grid_too() -> None:
    with pytest.raises(ExperimentError, match=r"change_point \(0.3\) is reached by no round"):
        combinations(experiment(change_points=[0.2, 0.3], seeds=1))


def test_a_scenario_without_a_change_has_one_run_whatever_the_change_points() -> None:
    """At that of the file, where it is among them; else at the first."""
    scenarios = ["b1", "b2", "files", "sal"]
    for change_points, only in (([0.1, 0.2, 0.5], 0.2), ([0.5, 0.1], 0.5)):
        grid = experiment(scenarios=scenarios, change_points=change_points, seeds=1)
        found = sorted(
            (run.run.scenario, run.rounds.change_point) for run in combinations(grid).values()
        )
        of_sal = sorted(("sal", change) for change in change_points)
        assert found == [("b1", only), ("b2", only), ("files", only), *of_sal]


def test_the_experiments_that_come_with_lorikeet_are_grids_and_are_documented() -> None:
    """Those of a whole file; the others are a figure and a data set."""
    paths = sorted((ROOT / "stimuli/sal/experiments").glob("*.toml"))
    assert {path.stem: len(combinations(read_experiment(path))) for path in paths} == {
        "butterflies": 6 * 2 * 6,
        "species": 6 * 16,
        "species_uncorrelated": 2 * 16,
        "last_layer": 6 * 20,
        "last_layer_uncorrelated": 2 * 20,
        "from_scratch": 6 * 5,
        "from_scratch_uncorrelated": 2 * 5,
        "demo": 2,
    }
    documented = (ROOT / "docs/saliency_training.md").read_text("utf-8")
    assert [path.stem for path in paths if f"`{path.stem}`" not in documented] == []
