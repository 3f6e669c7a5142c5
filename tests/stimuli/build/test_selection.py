"""What is chosen has neighbours and heat maps: an image that lacks one makes room for another."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from stimuli.build.explanations import EXPLAINERS, HeatMapper, HeatMaps
from stimuli.build.pipeline import build
from stimuli.bundle import Bundle
from stimuli.bundle.summary import summary
from stimuli.datasets.adaptors import open_dataset
from stimuli.models.classifiers import Machine
from stimuli.pictures.jpeg import decode
from stimuli.review.contact_sheet import write_review
from stimuli.study import parse_study

K = 12
FAR = 4.0
BRIGHT = 0.5


@pytest.fixture(scope="module")
def far(
    colour_bundle: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    """Neighbours nearer than FAR count as copies: some images have fewer than K others."""
    text = colour_bundle.study_text.replace(
        "[explainers.neighbours]",
        f"[explainers.neighbours]\nk = {K}\nduplicate_distance = {{ tiny = {FAR} }}",
    )
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    return build(study, text, dataset, colour_machine, tmp_path_factory.mktemp("far") / "out")


def test_every_stimulus_has_all_its_neighbours_none_of_them_a_copy(far: Bundle) -> None:
    drawn = [e for e in far.explanations if e.explainer == "neighbours"]
    assert len(drawn) == len(far.stimuli)
    for explanation in drawn:
        assert len(explanation.images) == K
        assert min(explanation.scores.values()) >= FAR


def test_images_without_enough_make_room_and_no_other_stimulus_moves(
    far: Bundle, colour_bundle: Bundle
) -> None:
    before, after = ({s.stimulus_id for s in b.stimuli} for b in (colour_bundle, far))
    assert before - after
    assert before & after
    assert [c.chosen for c in far.manifest.bins] == [c.chosen for c in colour_bundle.manifest.bins]
    assert far.pool == colour_bundle.pool


@pytest.fixture(scope="module")
def patchy(
    colour_bundle: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    """GradCAM has nothing to say of whatever picture is rather bright in its first corner."""

    def explain(images: Tensor, labels: Tensor) -> Tensor:
        maps = torch.rand(len(images), *images.shape[2:], generator=torch.Generator())
        return maps * (images[:, :, 0, 0].mean(1) < BRIGHT)[:, None, None]

    study = parse_study(colour_bundle.study_text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    out = tmp_path_factory.mktemp("patchy") / "out"
    with pytest.MonkeyPatch.context() as patch:
        mapper = HeatMapper(explain=explain, digest="patchy")
        patch.setitem(EXPLAINERS, "gradcam", HeatMaps("gradcam", lambda *_: mapper))
        return build(study, colour_bundle.study_text, dataset, colour_machine, out)


def test_images_with_an_empty_heat_map_make_room_and_are_counted(
    patchy: Bundle, colour_bundle: Bundle
) -> None:
    before, after = (
        {s.stimulus_id: (b.path / s.image).read_bytes() for s in b.stimuli}
        for b in (colour_bundle, patchy)
    )
    bright = {name for name, jpeg in before.items() if decode(jpeg)[0, 0].mean() >= 255 * BRIGHT}
    assert bright
    assert not bright & set(after)
    assert max(decode(jpeg)[0, 0].mean() for jpeg in after.values()) < 255 * BRIGHT
    assert patchy.manifest.empty_maps["gradcam (tiny)"] >= len(bright)
    assert colour_bundle.manifest.empty_maps == {}
    assert f"{patchy.manifest.empty_maps['gradcam (tiny)']} of gradcam (tiny)" in summary(patchy)
    assert "empty heat map of gradcam (tiny)" in write_review(patchy.path).read_text("utf-8")
