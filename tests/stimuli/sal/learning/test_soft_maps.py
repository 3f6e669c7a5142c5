"""Soft maps of people: kept as they are down to the loss, and cut where a mask is needed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from explainers.classifier import Classifier
from explainers.networks.backbones import Backbone
from stimuli.datasets.folder.dataset import Folder
from stimuli.pictures.crop_cache import CropFile
from stimuli.pictures.crops import Crop, crop, mask_of
from stimuli.sal.data.images import Data, Images, images_of
from stimuli.sal.data.labelled import Labelled, Origin, no_images
from stimuli.sal.data.masks import SOFT, as_soft, map_dice, packed, target_maps, unpacked
from stimuli.sal.experiment import LossSettings, TrainingSettings
from stimuli.sal.learning.training import train_classifier
from stimuli.sal.runs.rounds import rounds
from stimuli.study.dataset_settings import FolderSettings
from tests.stimuli.mask_folders import HEIGHT, WIDTH, write_folder
from tests.stimuli.sal.conftest import NewContext

SIDE = 16
# Places of a quarter of the picture each, brighter to the left: 1, 3/5, 2/5, 1/5 of the highest.
LEVELS = np.array([[255, 153], [102, 51]], dtype=np.uint8)
SETTINGS = FolderSettings(adaptor="folder", min_side=16, fit="squash", crop_px=SIDE, masks="soft")


def quarters(mask: np.ndarray) -> Image.Image:
    """The same map for every picture, in four quarters."""
    return Image.fromarray(np.kron(LEVELS, np.ones((HEIGHT // 2, WIDTH // 2), dtype=np.uint8)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Crop]:
    """Crops of a folder of soft maps."""
    folder = write_folder(tmp_path_factory.mktemp("soft") / "f", quarters)
    dataset = Folder(folder, SETTINGS)
    found = [crop(example, dataset, SETTINGS) for example in dataset.examples]
    return [one for one in found if isinstance(one, Crop)]


@pytest.fixture(scope="module")
def images(made: list[Crop]) -> Images:
    """The same in memory."""
    return images_of(made)


def test_a_soft_map_stays_soft_through_crop_and_cache_33(made: list[Crop], tmp_path: Path) -> None:
    file = CropFile(path=tmp_path / "a", examples=[c.example for c in made], input_px=None)
    file.write(made)
    for before, after in zip(made, file.read(), strict=True):
        assert isinstance(after, Crop)
        assert after.soft
        assert bytes(after.mask or b"") == before.mask
        middle = np.frombuffer(before.mask or b"", np.uint8).reshape(SIDE, SIDE)[2::12, 2::12]
        assert middle.tolist() == LEVELS.tolist()


def test_the_map_that_people_drew_is_the_target_not_a_mask_of_it_33(images: Images) -> None:
    """Means of places, stretched: (1, 3/5, 2/5, 1/5) less 1/5 over 4/5; edges are blurred."""
    (target,) = target_maps(images.masks[:1], (2, 2))
    np.testing.assert_allclose(target, [[1, 0.5], [0.25, 0]], atol=0.02)
    assert images.masks.dtype == SOFT


class FourPlaces(nn.Module):
    """Features of four places that are learnt themselves, whatever the picture."""

    def __init__(self, values: list[list[float]]) -> None:
        super().__init__()
        self.values = nn.Parameter(torch.tensor([[values]]))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """(batch, 1, 2, 2)."""
        return self.values.expand(len(images), -1, -1, -1)


def hand_weighted(values: list[list[float]]) -> Classifier:
    """One channel of four places; class 0 weighs it 1, class 1 by -1."""
    linear = nn.Linear(1, 2, bias=False)
    linear.weight.data = torch.tensor([[1.0], [-1.0]])
    head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), linear)
    features = nn.Sequential(FourPlaces(values))
    parts = Backbone(features=features, head=head, mean=(0.5,) * 3, std=(0.5,) * 3)
    return Classifier(backbone="tiny", parts=parts, classes=("blue", "red"))


def first_loss(classifier: Classifier, images: Images, masks: np.ndarray) -> float:
    """The loss of the first batch, which is all images as blue ones: mean squared difference."""
    n = len(images)
    labelled = Labelled(
        rows=np.arange(n),
        labels=np.zeros(n, dtype=np.int64),
        masks=masks,
        origins=np.full(n, Origin.HUMAN, dtype=np.int8),
    )
    settings, loss = TrainingSettings(epochs=1, batch_size=n), LossSettings(saliency="mse")
    result = train_classifier(
        classifier, images, images, labelled, settings, loss, alpha=0.0, probe="cam", seed=0
    )
    return result.loss


def test_a_network_that_looks_as_people_do_loses_nothing_33(images: Images) -> None:
    """Its map is 1, 1/2, 1/4, 0, as theirs; of their cut map it would lose a part.

    Cut at half of the maximum that is 1, 1, 0, 0: (0 + 1/4 + 1/16 + 0) / 4 = 5/64.
    """
    looks_alike = [[1.0, 0.5], [0.25, 0.0]]
    assert first_loss(hand_weighted(looks_alike), images, images.masks) < 1e-3
    cut = packed(unpacked(images.masks))
    assert first_loss(hand_weighted(looks_alike), images, cut) == pytest.approx(5 / 64, abs=0.01)


def test_a_network_that_looks_at_a_cut_map_loses_what_is_soft_33(images: Images) -> None:
    """Of 1, 1, 0, 0 and people's 1, 1/2, 1/4, 0 again 5/64."""
    cut = hand_weighted([[1.0, 1.0], [0.0, 0.0]])
    assert first_loss(cut, images, images.masks) == pytest.approx(5 / 64, abs=0.01)


def test_where_a_mask_is_needed_a_soft_map_is_cut_at_half_of_its_maximum_33(
    made: list[Crop], images: Images
) -> None:
    upper_half = np.zeros((SIDE, SIDE), dtype=bool)
    upper_half[: SIDE // 2] = True
    assert np.array_equal(mask_of(made[0]), upper_half)
    assert np.array_equal(unpacked(images.masks)[0], upper_half)
    (dice,) = map_dice(torch.tensor([[[2.0, 2.0], [1.0, 1.0]]]), images.masks[:1])
    assert dice == 1


def test_masks_of_bits_become_soft_maps_of_zeros_and_ones_33() -> None:
    pixels = np.random.default_rng(0).random((3, 9, 9)) < 0.5
    soft = as_soft(packed(pixels))
    assert np.array_equal(unpacked(soft), pixels)
    assert as_soft(soft) is soft
    assert no_images(soft).masks.shape == (0, 81)


@pytest.mark.parametrize("scenario", ["b1", "sal", "single", "files"])
def test_a_run_on_soft_maps_joins_them_with_the_masks_that_models_draw_33(
    scenario: str, new_context: NewContext, data: Data
) -> None:
    soft = replace(data.train, masks=as_soft(data.train.masks))
    context = new_context(scenario, data=replace(data, train=soft))
    for one in rounds(context):
        assert one.labelled.masks.dtype == SOFT
        assert one.labelled.masks.shape == (len(one.labelled), soft.masks.shape[1])
    assert len(one.labelled) == len(soft)


def test_soft_maps_of_zeros_and_ones_are_the_targets_of_masks_33(data: Data) -> None:
    """No disc reaches every place, so that nothing is shifted."""
    soft = replace(data.train, masks=as_soft(data.train.masks))
    shape = (3, 3)
    expected = target_maps(data.train.masks, shape)
    assert torch.equal(target_maps(soft.masks, shape), expected)
