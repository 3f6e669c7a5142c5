"""What is easy, by hand and by a second implementation, and how it is kept."""

import logging
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from explainers.metrics import dice
from explainers.salient import SalientNetworkError
from stimuli.cache import Cache
from stimuli.sal.data.images import Data, Images
from stimuli.sal.data.masks import packed, unpacked
from stimuli.sal.results import references as module
from stimuli.sal.results.references import reference_dices, references
from tests.orderings import gaussian_map
from tests.stimuli.sal.conftest import discs
from tests.stimuli.sal.results.finished_runs import leave_run

PHOTOS = {"adaptor": "folder", "min_side": 40, "resize_px": 40, "crop_px": 32}


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """An empty one."""
    return Cache(folder=tmp_path / "kept")


@pytest.fixture
def without_u2net(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that lacks the package: it takes a second for each picture."""

    def missing() -> Path:
        raise SalientNetworkError("u2netp is not installed: pip install it")

    monkeypatch.setattr(module, "u2netp_path", missing)


def of_masks(pixels: np.ndarray) -> Images:
    """Pictures that are grey but for their masks, which are white."""
    n = len(pixels)
    colours = np.where(pixels[..., None], np.uint8(255), np.uint8(100))
    return Images(
        sources=tuple(map(str, range(n))),
        pixels=torch.from_numpy(np.repeat(colours, 3, axis=3)),
        labels=np.zeros(n, dtype=np.int64),
        masks=packed(pixels),
        has_mask=np.arange(n) < n - 1,
    )


def test_chance_is_the_share_that_masks_cover_and_pictures_without_one_do_not_count() -> None:
    """A quarter and a half; an empty mask, and a picture that has none."""
    pixels = np.zeros((4, 8, 8), dtype=bool)
    pixels[0, :4, :4] = pixels[1, :4] = True
    dices = reference_dices(of_masks(pixels), None)
    assert dices["chance"].tolist() == [0.25, 0.5]
    assert len(dices["bump"]) == 2


def test_chance_is_the_mean_dice_of_random_choices() -> None:
    rng = np.random.default_rng(1)
    (mask,) = unpacked(discs(1, seed=1).masks)
    found = [dice(rng.random(mask.shape), mask) for _ in range(400)]
    assert np.mean(found) == pytest.approx(mask.mean(), abs=0.003)


def test_a_bump_finds_a_disc_in_the_middle_and_nothing_of_a_corner() -> None:
    places = np.arange(32) - 15.5
    disc = places[:, None] ** 2 + places**2 < 10**2
    corner = np.zeros((32, 32), dtype=bool)
    corner[:4, :4] = True
    dices = reference_dices(of_masks(np.stack([disc, corner, corner])), None)
    assert dices["bump"].tolist() == [1, 0]


def test_a_bump_has_the_dice_of_another_of_any_width(data: Data) -> None:
    found = reference_dices(data.test, None)["bump"]
    truths = unpacked(data.test.masks)
    expected = [dice(gaussian_map(data.test.side), truth) for truth in truths]
    assert found == pytest.approx(expected)


def test_a_salient_network_is_scored_by_the_map_that_it_draws_of_each_picture() -> None:
    """One that marks what is bright finds the masks themselves."""
    pixels = np.random.default_rng(2).random((40, 8, 8)) < 0.3
    dices = reference_dices(of_masks(pixels), lambda images: images.mean(1))
    assert dices["u2net"].tolist() == [1] * 39


@pytest.mark.slow
def test_u2net_sees_most_of_a_disc(data: Data) -> None:
    salient = module.onnx_network(module.u2netp_path())
    dices = reference_dices(data.test, salient)
    assert dices["u2net"].mean() > 2 * dices["chance"].mean()


@pytest.mark.usefixtures("without_u2net")
def test_references_are_computed_once_kept_with_their_grid_and_drawn_once(
    colour_folder: Path, tmp_path: Path, cache: Cache, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    leave_run(tmp_path / "grid/b1", [0.5] * 3, dataset=PHOTOS)
    first = references([tmp_path / "grid"], data=colour_folder, cache=cache)
    assert first["reference"].tolist() == ["chance", "bump"]
    assert set(first["dataset"]) == {"folder"}
    assert (first["n_pictures"] > 20).all()
    assert "folder: drawn without U²-Net: u2netp is not installed" in caplog.text
    caplog.clear()
    again = references([tmp_path / "grid"], data=None, cache=cache)
    assert caplog.messages == []
    pd.testing.assert_frame_equal(again, first)
    leave_run(tmp_path / "of_the_same_photos/b1", [0.5] * 3, dataset=PHOTOS)
    folders = [tmp_path / "grid", tmp_path / "of_the_same_photos"]
    both = references(folders, data=colour_folder, cache=cache)
    pd.testing.assert_frame_equal(both, first)


def test_a_data_set_that_cannot_be_opened_has_none_and_a_line_says_so(
    tmp_path: Path, cache: Cache, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    leave_run(tmp_path / "grid/b1", [0.5] * 3, dataset={"adaptor": "cub"})
    found = references([tmp_path / "grid"], data=None, cache=cache)
    assert found.empty
    (line,) = caplog.messages
    assert line == "cub: drawn without references: the cub adaptor needs photos; add --data DIR"
    assert not (tmp_path / "grid/references.csv").exists()
