"""Models whose first modules are frozen: what is kept of these, and what is trained."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from explainers.classifier import load_checkpoint, new_classifier
from explainers.networks.trunk import split
from stimuli.cache import Cache
from stimuli.sal.data.images import Data
from stimuli.sal.experiment import (
    Experiment,
    LossSettings,
    ModelSettings,
    TrainingSettings,
)
from stimuli.sal.learning import cached_model, trunk_maps
from stimuli.sal.learning.context import RunContext
from stimuli.sal.learning.inference import Predictions, predict
from stimuli.sal.learning.training import train_classifier
from stimuli.sal.learning.trunk_maps import with_trunk_maps
from stimuli.sal.runs import preparation
from stimuli.sal.runs.rounds import rounds
from stimuli.sal.runs.run_folder import read_curve, run
from tests.stimuli.sal.conftest import NewContext
from tests.stimuli.sal.learning.conftest import everything

CPU = torch.device("cpu")
MODEL = ModelSettings(backbone="efficientnet_lite0", weights="imagenet", frozen=12)
# Of a whole model's answers on pixels from those of its tail on maps in float16, which has 11
# significant bits; as a share of the largest value.
ROUNDING = 2e-3


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(folder=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def with_maps(data: Data, cache: Cache) -> Data:
    """The discs as twelve modules of EfficientNet-Lite0 see them."""
    return with_trunk_maps(data, MODEL, cache, CPU)


@pytest.fixture
def frozen_context(
    new_context: NewContext, with_maps: Data, monkeypatch: pytest.MonkeyPatch
) -> RunContext:
    """A run of three accuracy models and an interpreter, each of one epoch."""
    context = new_context("sal", data=with_maps)
    tables = context.experiment.model_dump() | {"model": MODEL.model_dump()}
    tables["rounds"] |= {"points": (0.25, 0.5, 1.0)}
    tables["training"] |= {"epochs": 1}
    return replace(context, experiment=Experiment.model_validate(tables))


def predictions(classifier: torch.nn.Module, data: Data) -> Predictions:
    return predict(classifier, data.test, np.arange(len(data.test)), probe="cam")


def furthest(values: torch.Tensor, expected: torch.Tensor) -> float:
    """As a share of the largest value."""
    return float((values - expected).abs().max() / expected.abs().max())


def test_a_trunks_maps_are_those_of_the_pixels_in_float16_and_the_rest_stays(
    data: Data, with_maps: Data
) -> None:
    whole = new_classifier(MODEL.backbone, weights="imagenet", classes=data.classes, seed=5)
    trunk, _ = split(whole, 12)
    rows = np.array([4, 0, 7])
    with torch.inference_mode():
        maps = trunk(data.test.batch(rows, CPU))
    assert with_maps.test.trunk_maps.shape == (9, 6, 6, 112)
    assert torch.equal(with_maps.test.batch(rows, CPU), maps.half().float())
    assert with_maps.test.batch(rows, CPU).is_contiguous(memory_format=torch.channels_last)
    assert (with_maps.test.side, with_maps.test.digest) == (data.test.side, data.test.digest)


def test_what_a_trunk_made_is_read_and_other_pictures_and_modules_are_not(
    data: Data, with_maps: Data, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []
    compute = trunk_maps.compute_trunk_maps
    monkeypatch.setattr(
        trunk_maps, "compute_trunk_maps", lambda *parts: computed.append(1) or compute(*parts)
    )
    again = with_trunk_maps(data, MODEL, cache, CPU)
    assert torch.equal(again.train.trunk_maps, with_maps.train.trunk_maps)
    assert not computed
    other = replace(data, val=replace(data.val, pixels=255 - data.val.pixels))
    with_trunk_maps(other, MODEL, cache, CPU)
    assert len(computed) == 1
    with_trunk_maps(data, MODEL.model_copy(update={"frozen": 11}), cache, CPU)
    assert len(computed) == 4


@pytest.mark.slow
def test_a_bench_opens_its_pictures_with_trunk_maps(
    frozen_context: RunContext, cache: Cache, colour_folder: Path
) -> None:
    sizes = {"adaptor": "folder", "min_side": 40, "resize_px": 40, "crop_px": 32}
    tables = frozen_context.experiment.model_dump() | {"dataset": sizes}
    experiment = Experiment.model_validate(tables)
    context = preparation.new_context(
        experiment, data=colour_folder, masks=None, cache=cache, device="cpu"
    )
    assert context.data.val.trunk_maps.shape == (len(context.data.val), 2, 2, 112)
    again = preparation.new_context(
        experiment, data=colour_folder, masks=None, cache=cache, device="cpu"
    )
    assert again.data is context.data


def test_frozen_modules_stay_to_the_last_bit_and_every_other_one_learns(with_maps: Data) -> None:
    """Their statistics of batch normalisation too."""
    whole = new_classifier(MODEL.backbone, weights="imagenet", classes=with_maps.classes, seed=1)
    before = {name: value.clone() for name, value in whole.state_dict().items()}
    settings = TrainingSettings(epochs=1, batch_size=8, learning_rate=0.01)
    labelled, (_, tail) = everything(with_maps), split(whole, 12)
    train_classifier(
        tail,
        with_maps.train,
        with_maps.val,
        labelled,
        settings,
        LossSettings(),
        alpha=0.5,
        probe="cam",
        seed=1,
    )
    after = whole.state_dict()
    changed = {".".join(n.split(".")[:2]) for n in after if not torch.equal(after[n], before[n])}
    assert changed == {f"features.{n}" for n in range(12, 18)} | {"head.3"}


@pytest.mark.slow
def test_a_run_on_kept_maps_goes_on_where_it_was_cut_off_and_leaves_the_whole_model(
    frozen_context: RunContext, data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_row = next(rounds(frozen_context)).row
    n_images, train_one = [], cached_model.train_classifier
    monkeypatch.setattr(
        cached_model,
        "train_classifier",
        lambda *a, **k: n_images.append(len(a[3])) or train_one(*a, **k),
    )
    run(frozen_context, tmp_path / "out")
    curve = read_curve(tmp_path / "out")
    assert n_images == [12, 12, 24]
    assert curve["labelled_share"].tolist() == [0.25, 0.5, 1.0]
    assert curve["accuracy"][0] == first_row["accuracy"]
    assert curve["dice"].between(0, 1).all()

    *_, last = rounds(frozen_context)
    tail = predictions(last.model.classifier, frozen_context.data)
    whole = predictions(load_checkpoint(tmp_path / "out/checkpoint.pt").classifier, data)
    for name in ("logits", "features", "maps"):
        assert 0 < furthest(getattr(whole, name), getattr(tail, name)) < ROUNDING
