"""What is chosen has its neighbours: an image that lacks some makes room for the next one."""

from pathlib import Path

import pytest

from stimuli.build.pipeline import build
from stimuli.bundle import Bundle
from stimuli.datasets.adaptors import open_dataset
from stimuli.models.classifiers import Machine
from stimuli.study import parse_study

K = 12
FAR = 4.0


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
