"""Models whose first modules are frozen: what is kept of these, and what is trained."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from explainers.classifier import load_checkpoint, new_classifier
from explainers.trunk import split
from stimuli.cache import Cache
from stimuli.sal.data.images import Data
from stimuli.sal.data.labelled import Labelled, Origin
from stimuli.sal.experiment import (
    Experiment,
    LossSettings,
    ModelSettings,
    TrainingSettings,
)
from stimuli.sal.learning import fit, frozen_trunk
from stimuli.sal.learning.context import Bench
from stimuli.sal.learning.frozen_trunk import with_trunk_maps
from stimuli.sal.learning.inference import Answers, answers
from stimuli.sal.learning.training import teach
from stimuli.sal.runs import opening
from stimuli.sal.runs.rounds import rounds
from stimuli.sal.runs.run_folder import read_curve, run

CPU = torch.device("cpu")
MODEL = ModelSettings(backbone="efficientnet_lite0", weights="imagenet", frozen=12)
# Of a whole model's answers on pixels from those of its tail on maps in float16, which has 11
# significant bits; as a share of the largest value.
ROUNDING = 2e-3


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(folder=tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def behind(data: Data, cache: Cache) -> Data:
    """The discs as twelve modules of EfficientNet-Lite0 see them."""
    return with_trunk_maps(data, MODEL, cache, CPU)


@pytest.fixture
def frozen_bench(
    new_bench: Callable[..., Bench], behind: Data, monkeypatch: pytest.MonkeyPatch
) -> Bench:
    """A run of three accuracy models and an interpreter, each of one epoch."""
    bench = new_bench("sal", data=behind)
    tables = bench.experiment.model_dump() | {"model": MODEL.model_dump()}
    tables["rounds"] |= {"points": (0.25, 0.5, 1.0)}
    tables["training"] |= {"epochs": 1}
    return replace(bench, experiment=Experiment.model_validate(tables))


def everything(data: Data) -> Labelled:
    return Labelled(
        rows=np.arange(len(data.train)),
        labels=data.train.labels,
        masks=data.train.masks,
        origins=np.full(len(data.train), Origin.HUMAN, dtype=np.int8),
    )


def asked(classifier: torch.nn.Module, data: Data) -> Answers:
    return answers(classifier, data.test, np.arange(len(data.test)), probe="cam")


def furthest(found: torch.Tensor, expected: torch.Tensor) -> float:
    """As a share of the largest value."""
    return float((found - expected).abs().max() / expected.abs().max())


def test_a_trunks_maps_are_those_of_the_pixels_in_float16_and_the_rest_stays(
    data: Data, behind: Data
) -> None:
    whole = new_classifier(MODEL.backbone, weights="imagenet", classes=data.classes, seed=5)
    trunk, _ = split(whole, 12)
    rows = np.array([4, 0, 7])
    with torch.inference_mode():
        maps = trunk(data.test.batch(rows, CPU))
    assert behind.test.trunk_maps.shape == (9, 6, 6, 112)
    assert torch.equal(behind.test.batch(rows, CPU), maps.half().float())
    assert behind.test.batch(rows, CPU).is_contiguous(memory_format=torch.channels_last)
    assert (behind.test.side, behind.test.digest) == (data.test.side, data.test.digest)


def test_what_a_trunk_made_is_read_and_other_pictures_and_modules_are_not(
    data: Data, behind: Data, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    maps = frozen_trunk.trunk_maps
    monkeypatch.setattr(frozen_trunk, "trunk_maps", lambda *given: made.append(1) or maps(*given))
    again = with_trunk_maps(data, MODEL, cache, CPU)
    assert torch.equal(again.train.trunk_maps, behind.train.trunk_maps)
    assert not made
    other = replace(data, val=replace(data.val, pixels=255 - data.val.pixels))
    with_trunk_maps(other, MODEL, cache, CPU)
    assert len(made) == 1
    with_trunk_maps(data, MODEL.model_copy(update={"frozen": 11}), cache, CPU)
    assert len(made) == 4


def test_a_bench_opens_its_pictures_with_trunk_maps(
    frozen_bench: Bench, cache: Cache, colour_folder: Path
) -> None:
    sizes = {"adaptor": "folder", "min_side": 40, "resize_px": 40, "crop_px": 32}
    tables = frozen_bench.experiment.model_dump() | {"dataset": sizes}
    experiment = Experiment.model_validate(tables)
    bench = opening.new_bench(experiment, data=colour_folder, masks=None, cache=cache, device="cpu")
    assert bench.data.val.trunk_maps.shape == (len(bench.data.val), 2, 2, 112)
    again = opening.new_bench(experiment, data=colour_folder, masks=None, cache=cache, device="cpu")
    assert again.data is bench.data


def test_frozen_modules_stay_to_the_last_bit_and_every_other_one_learns(behind: Data) -> None:
    """Their statistics of batch normalisation too."""
    whole = new_classifier(MODEL.backbone, weights="imagenet", classes=behind.classes, seed=1)
    before = {name: value.clone() for name, value in whole.state_dict().items()}
    settings = TrainingSettings(epochs=1, batch_size=8, learning_rate=0.01)
    labelled, (_, tail) = everything(behind), split(whole, 12)
    teach(
        tail,
        behind.train,
        behind.val,
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


def test_a_run_on_kept_maps_goes_on_where_it_was_cut_off_and_leaves_the_whole_model(
    frozen_bench: Bench, data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = next(rounds(frozen_bench)).row
    taught, teach_one = [], fit.teach
    monkeypatch.setattr(
        fit, "teach", lambda *a, **k: taught.append(len(a[3])) or teach_one(*a, **k)
    )
    run(frozen_bench, tmp_path / "out")
    curve = read_curve(tmp_path / "out")
    assert taught == [12, 12, 24]
    assert curve["labelled_share"].tolist() == [0.25, 0.5, 1.0]
    assert curve["accuracy"][0] == begun["accuracy"]
    assert curve["dice"].between(0, 1).all()

    *_, last = rounds(frozen_bench)
    tail = asked(last.model.classifier, frozen_bench.data)
    whole = asked(load_checkpoint(tmp_path / "out/checkpoint.pt").classifier, data)
    for name in ("logits", "features", "maps"):
        assert 0 < furthest(getattr(whole, name), getattr(tail, name)) < ROUNDING
