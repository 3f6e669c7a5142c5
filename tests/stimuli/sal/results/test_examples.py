"""Heat maps side by side: which runs, which photos, and the Dice that stands on each."""

from pathlib import Path

import numpy as np
import pytest

from explainers.classifier import load_checkpoint
from stimuli.sal.data.images import Data
from stimuli.sal.data.masks import map_dice
from stimuli.sal.experiment import ExperimentError
from stimuli.sal.learning.inference import predict
from stimuli.sal.results.examples import compared_runs, examples
from stimuli.sal.runs.run_folder import run
from tests.stimuli.sal.conftest import NewContext


@pytest.fixture
def folder(new_context: NewContext, tmp_path: Path) -> Path:
    """Runs of three scenarios by chance, and of one of them by margin."""
    for scenario in ("b1", "b2", "sal"):
        run(new_context(scenario, criterion="random"), tmp_path / "runs" / scenario)
    run(new_context("b1"), tmp_path / "runs" / "a")
    return tmp_path / "runs"


def test_runs_are_compared_that_differ_in_their_scenario_alone(folder: Path) -> None:
    assert compared_runs(folder) == {name: folder / name for name in ("b1", "b2", "sal")}
    (folder / "b2/run.json").unlink()
    assert set(compared_runs(folder)) == {"b1", "sal"}
    (folder / "sal/run.json").unlink()
    with pytest.raises(ExperimentError, match="holds no finished runs of b1 and sal"):
        compared_runs(folder)


def test_each_map_of_a_photo_that_all_classify_correctly_carries_its_dice(
    folder: Path, data: Data
) -> None:
    runs = compared_runs(folder)
    predictions = [
        predict(
            load_checkpoint(f / "checkpoint.pt").classifier, data.test, np.arange(9), probe="cam"
        )
        for f in runs.values()
    ]
    right = np.all([p.predicted_labels == data.test.labels for p in predictions], axis=0)
    assert right.any()
    figure = examples(runs, data.test, n=9, seed=1)
    texts_of = [
        [a.texts[0].get_text() for a in row] for row in np.reshape(figure.axes, (4, -1))[1:]
    ]
    for of_run, texts in zip(predictions, texts_of, strict=True):
        dices = map_dice(of_run.maps[right], data.test.masks[right])
        assert sorted(texts) == sorted(f"{dice:.2f}" for dice in dices)
