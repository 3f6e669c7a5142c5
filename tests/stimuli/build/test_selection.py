"""What is chosen has neighbours and heat maps: an image that lacks one makes room for another."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from stimuli.build.explanations import EXPLAINERS, HeatMapper, HeatMaps
from stimuli.build.heatmaps.map_checks import HeatMapsError, is_empty, looks_like
from stimuli.build.items import ItemsError
from stimuli.build.overrides import ByHand
from stimuli.build.pipeline import build
from stimuli.bundle import Bundle
from stimuli.bundle.store import item_rows
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


def bright_is_empty(images: Tensor, labels: Tensor) -> Tensor:
    """Nothing of whatever picture is rather bright in its first corner, something of others."""
    maps = images.mean(1)
    return maps * (images[:, :, 0, 0].mean(1) < BRIGHT)[:, None, None]


def explained_by(
    explain: Callable[[Tensor, Tensor], Tensor],
    colour_bundle: Bundle,
    colour_folder: Path,
    machine: Machine,
    out: Path,
    by_hand: ByHand | None = None,
) -> Bundle:
    """The bundle of the coloured pictures, if GradCAM drew these maps."""
    study = parse_study(colour_bundle.study_text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    with pytest.MonkeyPatch.context() as patch:
        mapper = HeatMapper(explain=explain, digest=explain.__name__)
        patch.setitem(EXPLAINERS, "gradcam", HeatMaps("gradcam", lambda *_: mapper))
        return build(
            study,
            colour_bundle.study_text,
            dataset,
            machine,
            out,
            **({"by_hand": by_hand} if by_hand else {}),
        )


@pytest.fixture(scope="module")
def patchy(
    colour_bundle: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    out = tmp_path_factory.mktemp("patchy") / "out"
    return explained_by(bright_is_empty, colour_bundle, colour_folder, colour_machine, out)


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


def test_an_item_by_hand_with_an_empty_heat_map_is_named_as_such_33(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    """The two items whose first corner is brightest have nothing to show."""
    rows = item_rows(colour_bundle.stimuli)
    images = {s.source: (colour_bundle.path / s.image).read_bytes() for s in colour_bundle.stimuli}
    levels = {r.source: decode(images[r.source])[0, 0].mean() / 255 for r in rows}
    limit = sum(sorted(levels.values())[-3:-1]) / 2
    bright = [source for source, level in levels.items() if level > limit]
    assert len(bright) == 2

    def explain(images: Tensor, labels: Tensor) -> Tensor:
        return images.mean(1) * (images[:, :, 0, 0].mean(1) < limit)[:, None, None]

    with pytest.raises(ItemsError) as error:
        explained_by(
            explain,
            colour_bundle,
            colour_folder,
            colour_machine,
            tmp_path / "out",
            ByHand(items=tuple(rows)),
        )
    *items, counts = error.value.problems
    assert items == [f"{source}: has an empty heat map of gradcam (tiny)" for source in bright]
    assert counts.startswith("images were passed over since a heat map of theirs is empty: ")
    assert not (tmp_path / "out").exists()


def nothing(images: Tensor, labels: Tensor) -> Tensor:
    return torch.zeros(len(images), *images.shape[2:])


def bump(images: Tensor, labels: Tensor) -> Tensor:
    """The middle, whatever the picture."""
    maps = torch.zeros(len(images), *images.shape[2:])
    maps[:, 8:24, 8:24] = 1
    return maps


def test_an_explainer_that_says_nothing_of_any_picture_is_refused_and_named_33(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    with pytest.raises(HeatMapsError) as error:
        explained_by(nothing, colour_bundle, colour_folder, colour_machine, tmp_path / "out")
    (problem,) = error.value.problems
    assert problem.startswith("gradcam (tiny): the heat map of every picture is empty")
    assert not (tmp_path / "out").exists()


def test_one_map_for_all_pictures_is_named_and_stays_33(
    colour_bundle: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It may be a placebo; nothing else of the study changes.

    So is GradCAM of the tiny network at 32 px, whose last maps have a single place.
    """
    out = tmp_path / "out"
    with caplog.at_level(logging.WARNING):
        bundle = explained_by(bump, colour_bundle, colour_folder, colour_machine, out)
    assert "gradcam (tiny): every stimulus has the same heat map" in caplog.text
    assert bundle.manifest.one_map == colour_bundle.manifest.one_map == ("gradcam (tiny)",)
    assert "every heat map of gradcam (tiny) is the same" in summary(bundle)
    assert "every heat map of gradcam (tiny) is the same" in write_review(out).read_text("utf-8")
    assert {s.stimulus_id for s in bundle.stimuli} == {s.stimulus_id for s in colour_bundle.stimuli}


def test_a_map_is_empty_if_no_shade_differs_or_it_is_no_number_33() -> None:
    flat = np.full((4, 4), 0.5)
    faint, seen, broken = flat.copy(), flat.copy(), flat.copy()
    faint[0, 0] += 0.003
    seen[0, 0] += 0.005
    broken[0, 0] = np.nan
    assert [is_empty(m) for m in (flat, faint, seen, broken)] == [True, True, False, True]
    assert looks_like(flat, faint)
    assert not looks_like(flat, seen)
    assert not looks_like(flat, flat[:2])
