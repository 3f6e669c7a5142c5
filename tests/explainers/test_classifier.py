"""Classifiers from a seed, and checkpoints that carry everything."""

from pathlib import Path

import pytest
import torch

from explainers.classifier import (
    CheckpointError,
    load_checkpoint,
    new_classifier,
    save_checkpoint,
)


def test_the_same_seed_gives_the_same_weights_and_the_global_state_is_left_alone() -> None:
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    first, again, other = (
        new_classifier("tiny", weights="none", classes=("a", "b"), seed=seed) for seed in (1, 1, 2)
    )
    assert torch.equal(torch.rand(3), expected)
    assert torch.equal(first.head[-1].weight, again.head[-1].weight)
    assert not torch.equal(first.head[-1].weight, other.head[-1].weight)


def test_a_checkpoint_brings_back_classifier_metrics_and_settings(tmp_path: Path) -> None:
    path = tmp_path / "store" / "tiny.pt"
    classifier = new_classifier("tiny", weights="none", classes=("crane", "crane"), seed=1).eval()
    save_checkpoint(path, classifier, metrics={"val": 0.7}, config={"seed": 1, "per": None})
    back = load_checkpoint(path)
    images = torch.rand(2, 3, 64, 64)
    assert torch.equal(back.classifier(images), classifier(images))
    assert back.classifier.classes == ("crane", "crane")
    assert not back.classifier.training
    assert (back.metrics, back.config) == ({"val": 0.7}, {"seed": 1, "per": None})
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"text", None])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.pt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"x\.pt"):
        load_checkpoint(path)


def test_a_checkpoint_of_another_version_is_to_be_trained_again(tmp_path: Path) -> None:
    torch.save({"version": 1}, tmp_path / "old.pt")
    with pytest.raises(CheckpointError, match=r"old\.pt: is of version 1; train it again"):
        load_checkpoint(tmp_path / "old.pt")
