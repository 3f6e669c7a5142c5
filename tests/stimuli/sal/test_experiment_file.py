"""The file of a figure with that of a data set: what each says, and what they cannot have."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stimuli.sal.data.images import Data, Images
from stimuli.sal.experiment import ExperimentError
from stimuli.sal.experiment_file import read_experiment
from stimuli.sal.runs.combinations import combinations
from stimuli.sal.runs.feasibility import require_feasible
from tests.lab import ROOT

FIGURES = ROOT / "stimuli/sal/experiments/figures"
DATASETS = ROOT / "stimuli/sal/experiments/datasets"
# Train, val, test and classes, of Table 1 of the SAL paper.
TABLE_1 = {
    "cub": (4794, 1200, 5794, 200),
    "flowers": (1020, 1020, 6149, 102),
    "imagenet_s": (6433, 2757, 12419, 919),
    "ham10000": (4893, 2092, 3030, 7),
    "food201": (6244, 2684, 2286, 99),
}
# Scenarios, criteria, probes or alphas, and seeds; of change points B1 and B2 have one.
N_RUNS = {
    **{("main", name): 6 * 6 * 8 for name in TABLE_1},
    **{("swin", name): 6 * 8 for name in TABLE_1},
    **{("segmenter", name): 8 for name in TABLE_1},
    **{("probes", name): 6 * 3 * 4 for name in TABLE_1},
    **{("alphas", name): 5 * 8 for name in TABLE_1},
    **{("change_points", name): (2 + 3) * 8 for name in ("cub", "ham10000")},
    **{("change_points", name): (2 + 2) * 8 for name in ("flowers", "food201")},
    ("change_points", "imagenet_s"): (2 + 1) * 8,
}


def images(n: int, n_classes: int) -> Images:
    """Pictures of one pixel, all of it object, of which only the labels matter."""
    return Images(
        sources=tuple(map(str, range(n))),
        pixels=torch.zeros(n, 1, 1, 3, dtype=torch.uint8),
        labels=np.arange(n) % n_classes,
        masks=np.full((n, 1), 128, dtype=np.uint8),
        has_mask=np.ones(n, dtype=bool),
    )


def test_every_file_of_a_figure_and_of_a_data_set_is_counted() -> None:
    assert {path.stem for path in DATASETS.glob("*.toml")} == set(TABLE_1)
    assert {(f.stem, d) for f in FIGURES.glob("*.toml") for d in TABLE_1} == set(N_RUNS)
    documented = (ROOT / "docs/saliency_training.md").read_text("utf-8")
    names = [path.stem for folder in (FIGURES, DATASETS) for path in folder.glob("*.toml")]
    assert [name for name in names if f"`{name}`" not in documented] == []


@pytest.mark.parametrize("name", TABLE_1)
def test_every_figure_of_the_paper_is_a_feasible_grid_on_each_of_its_data_sets(name: str) -> None:
    *sizes, n_classes = TABLE_1[name]
    train, val, test = (images(n, n_classes) for n in sizes)
    data = Data(classes=tuple(map(str, range(n_classes))), train=train, val=val, test=test)
    for figure in FIGURES.glob("*.toml"):
        runs = combinations(read_experiment(figure, DATASETS / f"{name}.toml"))
        assert len(runs) == N_RUNS[figure.stem, name], figure.stem
        first_seeds = [run for run in runs.values() if run.run.seed == 0]
        for run in first_seeds:
            assert run.dataset.adaptor == name
            masks = train.masks if run.run.scenario == "files" else None
            require_feasible(run, data, masks)


def test_a_data_set_with_fewer_images_than_classes_at_first_is_infeasible() -> None:
    """ImageNet-S as the paper has it: 10 % are 643 images, of 919 classes."""
    run = next(
        iter(
            combinations(
                read_experiment(FIGURES / "alphas.toml", DATASETS / "food201.toml")
            ).values()
        )
    )
    few = images(6433, 919)
    data = Data(classes=("a",), train=few, val=few, test=few)
    with pytest.raises(ExperimentError, match="643 of 6433 images cannot show each of 919 classes"):
        require_feasible(run, replace(data), None)


def test_change_points_that_a_data_set_cannot_have_are_left_out_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, logger="stimuli"):
        experiment = read_experiment(FIGURES / "change_points.toml", DATASETS / "flowers.toml")
    assert experiment.grid is not None
    assert experiment.grid.change_points == (0.1, 0.2)
    (record,) = caplog.records
    assert "no round of the data set reaches 0.05, only 0.1, 0.15, 0.2" in record.getMessage()
    assert record.getMessage().endswith("left are 0.1, 0.2")


def written(folder: Path, **texts: str) -> list[Path]:
    """Files of these names and texts."""
    paths = [folder / f"{name}.toml" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text)
    return paths


def test_a_figure_of_which_no_change_point_remains_is_refused(tmp_path: Path) -> None:
    (figure,) = written(tmp_path, figure="[grid]\nchange_points = [0.05]\n")
    with pytest.raises(ExperimentError, match="no round of the data set reaches 0.05, only 0.1, "):
        read_experiment(figure, DATASETS / "food201.toml")


def test_a_table_in_the_wrong_file_is_named_with_every_other(tmp_path: Path) -> None:
    figure, data = written(
        tmp_path,
        figure='[dataset]\nadaptor = "cub"\n[rounds]\nstart = 0.1\n[grid]\n',
        data='[dataset]\nadaptor = "cub"\n[training]\nepochs = 3\n',
    )
    with pytest.raises(ExperimentError) as caught:
        read_experiment(figure, data)
    assert [problem.split(";")[0] for problem in caught.value.problems] == [
        "[dataset] is for the data set's file to say",
        "[rounds] is for the data set's file to say",
        "[training] is not for the data set's file to say",
    ]


def test_a_figure_alone_asks_for_a_data_set() -> None:
    with pytest.raises(ExperimentError, match=r"has no table \[dataset\]; add --dataset FILE.toml"):
        read_experiment(FIGURES / "main.toml")
