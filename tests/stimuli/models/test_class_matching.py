"""What a classifier that was trained elsewhere knows is matched to a data set by name."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from explainers.classifier import Classifier, new_classifier, save_checkpoint
from stimuli.build.pipeline import build
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.imagenet.synsets import IMAGENET_NAMES, synsets
from stimuli.models.class_matching import (
    answer_classes,
    arrange,
    matched,
    with_synonyms,
)
from stimuli.models.classifiers import ClassifierError
from stimuli.models.ready import ReadyNetwork
from stimuli.study import parse_study
from tests.stimuli.build.test_library_networks import ADVERSARIAL
from tests.stimuli.conftest import STUDY, new_machine

CLASSES = ["Adonis", "Atala", "Banded Peacock"]
GIVEN = STUDY.replace('weights = "none"', 'weights = "checkpoint"').replace(
    STUDY[STUDY.index("[classifiers.training]") : STUDY.index("[bins]")], ""
)


def known(*names: str) -> list[tuple[str, ...]]:
    return [(name,) for name in names]


def test_classes_of_one_order_are_taken_as_they_are_34() -> None:
    assert matched(CLASSES, range(3), known(*CLASSES), {}) == ((0, 1, 2), [])


def test_names_decide_and_not_places_34() -> None:
    outputs, problems = matched(
        CLASSES, range(3), known("monarch", "banded_peacock", "ATALA", "adonis"), {}
    )
    assert (outputs, problems) == ((3, 2, 1), [])


def test_other_names_are_listed_on_both_sides_34() -> None:
    _, [problem] = matched(CLASSES, range(3), known("Adonis", "Eumaeus atala", "Monarch"), {})
    assert problem.startswith(
        "does not know Atala, Banded Peacock of the data set; of what it knows, the data set has "
        'no Eumaeus atala, Monarch; say which are the same in [classifiers.called], as "Atala" = '
    )
    called = {"Atala": "Eumaeus atala", "Banded Peacock": "Monarch"}
    outputs, problems = matched(
        CLASSES, range(3), known("Adonis", "Eumaeus atala", "Monarch"), called
    )
    assert (outputs, problems) == ((0, 1, 2), [])


def test_only_classes_with_images_must_be_known_34() -> None:
    outputs, problems = matched(CLASSES, [0, 1], known("Atala", "Adonis"), {})
    assert (outputs, problems) == ((1, 0, None), [])


def test_two_classes_that_are_one_to_it_are_refused_34() -> None:
    called = {"Atala": "Adonis"}
    _, [problem] = matched(CLASSES[:2], range(2), known("Adonis", "Monarch"), called)
    assert problem == "Adonis, Atala would be one class to it; take one of them out"
    _, [problem] = matched(["Adonis"], [0], known("Adonis", "Monarch"), {"Adonia": "Monarch"})
    assert problem == "called: the data set has no Adonia; the data set's names stand on the left"


def test_breeds_are_found_by_synonym_and_by_folder_of_stanford_dogs_34() -> None:
    names = ["n02085620-Chihuahua", "Maltese", "n02085936", "dingo"]
    outputs, problems = matched(names[:2] + names[3:], range(3), with_synonyms(IMAGENET_NAMES), {})
    assert problems == []
    assert [synsets()[n].wnid for n in outputs if n is not None] == [
        *("n02085620", "n02085936", "n02115641")
    ]
    assert matched(names[2:3], [0], with_synonyms(IMAGENET_NAMES), {})[0] == (153,)


def test_the_crane_is_a_bird_or_a_machine_34() -> None:
    everything = with_synonyms(IMAGENET_NAMES)
    _, [problem] = matched(["crane", "tench"], range(2), everything, {})
    assert problem.startswith("has several outputs called crane; say in [classifiers.called]")
    assert matched(["crane"], [0], everything, {"crane": "n02012849"}) == ((134,), [])


def network_of(*classes: str) -> Classifier:
    return new_classifier("tiny", weights="none", classes=classes, seed=1).eval()


def test_outputs_in_another_order_say_the_same_of_each_class_34() -> None:
    images, network = torch.rand(2, 3, 32, 32), network_of("a", "b", "c")
    with torch.inference_mode():
        before = network(images)
    assert arrange(network, ("c", "a", "new"), (2, 0, None)) == (2, 0, None)
    with torch.inference_mode():
        after = network(images)
    assert torch.equal(after[:, :2], before[:, [2, 0]])
    assert torch.equal(after.softmax(1)[:, 2], torch.zeros(2))
    assert network.classes == ("c", "a", "new")
    assert arrange(network, ("x", "y", "z"), (0, 1, 2)) == ()
    assert network.classes == ("c", "a", "new")


def test_what_is_kept_of_one_order_is_not_read_for_another_34() -> None:
    ready = ReadyNetwork(name="x", network=network_of("a", "b"), digest="d")
    others = [replace(ready, outputs=outputs) for outputs in ((0, None), (1, 0))]
    assert ready.key == "d"
    assert len({one.key for one in (ready, *others)}) == 3


def test_gradients_go_past_a_class_that_is_not_known_34() -> None:
    network = network_of("a", "b")
    arrange(network, ("b", "a", "new"), (1, 0, None))
    images = torch.rand(1, 3, 32, 32, requires_grad=True)
    torch.nn.functional.cross_entropy(network(images), torch.tensor([0])).backward()
    assert images.grad is not None
    assert bool(images.grad.isfinite().all())
    assert float(images.grad.abs().max()) > 0


def built(text: str, folder: Path, checkpoint: Path | None, work: Path) -> tuple[object, ...]:
    """What a bundle says of each picture, but for what depends on the order of classes."""
    study = parse_study(text, subject="study.toml")
    machine = new_machine(work)
    if checkpoint is not None:
        machine = replace(machine, checkpoints={"tiny": checkpoint})
    bundle = build(study, text, open_dataset(study.dataset, folder), machine, work / "bundle")
    said = {p.stimulus_id: (p.label, round(p.confidence, 6), p.right) for p in bundle.predictions}
    maps = {e.stimulus_id: e.images for e in bundle.explanations if e.explainer == "gradcam"}
    return said, maps, bundle.manifest.excluded


@pytest.mark.slow
def test_a_model_with_its_outputs_shuffled_builds_the_same_study_34(
    colour_folder: Path, tmp_path: Path
) -> None:
    text = STUDY + ADVERSARIAL
    said, maps, _ = built(text, colour_folder, None, tmp_path / "own")
    [trained] = (tmp_path / "own").rglob("tiny-*.pt")
    facts = torch.load(trained, weights_only=True)
    order = [*range(len(facts["classes"]))][::-1]
    last = [key for key in facts["state"] if key.startswith("head.")][-2:]
    for key in last:
        facts["state"][key] = facts["state"][key][order]
    facts["classes"] = [facts["classes"][n].upper() for n in order]
    torch.save(facts, tmp_path / "shuffled.pt")
    again = built(GIVEN + ADVERSARIAL, colour_folder, tmp_path / "shuffled.pt", tmp_path / "given")
    assert again[:2] == (said, maps)


@pytest.mark.slow
def test_a_model_that_knows_more_is_restricted_as_in_the_paper_34(
    colour_folder: Path, tmp_path: Path
) -> None:
    """Pictures to which it answers a class without images are left out and counted."""
    study = parse_study(STUDY, subject="study.toml")
    classes = [info.name for info in open_dataset(study.dataset, colour_folder).classes]
    built(STUDY, colour_folder, None, tmp_path / "own")
    [trained] = (tmp_path / "own").rglob("tiny-*.pt")
    facts = torch.load(trained, weights_only=True)
    weight, bias = [key for key in facts["state"] if key.startswith("head.")][-2:]
    more = facts["state"][weight][:1], facts["state"][bias][:1] + 0.5
    facts["state"][weight] = torch.cat([more[0], facts["state"][weight]])
    facts["state"][bias] = torch.cat([more[1], facts["state"][bias]])
    facts["classes"] = ["of nothing", *facts["classes"]]
    torch.save(facts, tmp_path / "more.pt")
    said, _, excluded = built(GIVEN, colour_folder, tmp_path / "more.pt", tmp_path / "given")
    assert excluded["predicted class not in the data set (tiny)"] > 0
    assert isinstance(said, dict)
    assert {label for label, _, _ in said.values()} <= {*classes}


def test_other_classes_are_refused_before_any_picture_is_read_34(
    colour_folder: Path, tmp_path: Path
) -> None:
    classifier = new_classifier("tiny", weights="none", classes=("cat", "dog"), seed=1)
    save_checkpoint(tmp_path / "other.pt", classifier, metrics={}, config={})
    study = parse_study(GIVEN, subject="study.toml")
    machine = replace(new_machine(tmp_path), checkpoints={"tiny": tmp_path / "other.pt"})
    with pytest.raises(ClassifierError, match="of what it knows, the data set has no cat, dog"):
        answer_classes(study, open_dataset(study.dataset, colour_folder), machine)
