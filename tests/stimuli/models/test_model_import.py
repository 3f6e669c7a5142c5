"""Weights that others trained: the same answers as theirs, or one message before any work."""

import json
from pathlib import Path

import pytest
import timm
import torch
from click.testing import CliRunner
from safetensors.torch import save_file
from torch import nn

from explainers.classifier import load_checkpoint
from stimuli.cli import main
from stimuli.models.model_import import ImportedModelError, import_model

CLASSES = ("Monarch", "Red Admiral", "Painted Lady")
BACKBONE = "timm/test_resnet"


@pytest.fixture
def network() -> nn.Module:
    """What a lab trained."""
    torch.manual_seed(1)
    return timm.create_model("test_resnet", num_classes=len(CLASSES)).eval()


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    path = tmp_path / "classes.txt"
    path.write_text("\ufeffMonarch\nRed Admiral\r\nPainted Lady\n\n", "utf-8")
    return path


def ways(network: nn.Module, folder: Path) -> list[Path]:
    """The same weights as labs keep them."""
    state, parallel = network.state_dict(), nn.DataParallel(network).state_dict()
    lightning = {f"model.{name}": tensor for name, tensor in state.items()}
    kept = {
        "plain.pt": state,
        "parallel.pth": parallel,
        "trained.pth.tar": {"epoch": 3, "state_dict": parallel, "optimizer": {"lr": 0.1}},
        "lightning.ckpt": {"state_dict": lightning, "hyper_parameters": {"lr": 0.1}},
        "nested.pt": {"model": {"state_dict": state}, "best": 0.9},
    }
    for name, content in kept.items():
        torch.save(content, folder / name)
    save_file(state, folder / "weights.safetensors")
    return [folder / name for name in (*kept, "weights.safetensors")]


def test_however_weights_are_kept_the_checkpoint_answers_as_the_network_does_34(
    network: nn.Module, classes: Path, tmp_path: Path
) -> None:
    images = torch.rand(2, 3, 96, 96)
    mean, std = (0.5, 0.4, 0.3), (0.2, 0.3, 0.4)
    with torch.inference_mode():
        shifted = (images - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)
        expected = network(shifted)
    assert expected.std() > 0
    for number, path in enumerate(ways(network, tmp_path)):
        out = tmp_path / f"{number}.pt"
        facts = {"source": "our lab", "licence": "MIT"}
        import_model(path, classes, BACKBONE, out, mean=mean, std=std, facts=facts)
        checkpoint = load_checkpoint(out)
        assert checkpoint.classifier.classes == CLASSES
        assert checkpoint.config["source"] == "our lab"
        with torch.inference_mode():
            assert (checkpoint.classifier(images) - expected).abs().max() < 2e-6


def wrong(kind: str, network: nn.Module, folder: Path) -> Path:
    """A file that holds no weights for it."""
    path = folder / f"{kind}.pt"
    if kind == "pickled":
        torch.save(network, path)
    elif kind == "program":
        torch.jit.save(torch.jit.trace(network, torch.rand(1, 3, 64, 64)), path)
    elif kind == "other":
        torch.save(timm.create_model("test_vit", num_classes=3).state_dict(), path)
    elif kind == "thousand":
        torch.save(timm.create_model("test_resnet").state_dict(), path)
    elif kind == "settings":
        torch.save({"epoch": 3, "best": 0.9}, path)
    elif kind == "text":
        path.write_text("not weights")
    elif kind == "old pickle":
        torch.save(network, path, _use_new_zipfile_serialization=False)
    return path


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("pickled", "is a pickled object, and reading it would run its code; save its weights"),
        ("program", "is TorchScript, a program; save the weights of what it was made from"),
        ("other", "holds no timm/test_resnet: it lacks .* and has .* --backbone"),
        ("thousand", "knows 1000 classes; 3 are named: write a line for each output"),
        ("settings", "holds no weights, but epoch, best"),
        ("old pickle", "is a pickled object, and reading it would run its code; save its weights"),
        ("text", 'holds no weights that PyTorch .* ONNX too, take its answers: weights = "pred'),
        ("missing", "there is no such file; correct the path"),
    ],
)
@pytest.mark.filterwarnings("ignore:.torch.jit:FutureWarning")
def test_what_is_no_such_network_is_refused_in_one_message_34(
    kind: str, message: str, network: nn.Module, classes: Path, tmp_path: Path
) -> None:
    path, out = wrong(kind, network, tmp_path), tmp_path / "out.pt"
    with pytest.raises(ImportedModelError, match=message) as caught:
        import_model(path, classes, BACKBONE, out, facts={})
    assert len(caught.value.problems) == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Monarch\nMonarch\nRed Admiral", "names Monarch twice"),
        ("Monarch", "names 1 classes"),
        ('{"0": "Monarch"}', "must be a list of names"),
    ],
)
def test_names_that_cannot_be_those_of_outputs_are_refused_34(
    text: str, message: str, network: nn.Module, tmp_path: Path
) -> None:
    [state, *_] = ways(network, tmp_path)
    names = tmp_path / ("names.json" if text.startswith("{") else "names.txt")
    names.write_text(text)
    with pytest.raises(ImportedModelError, match=message):
        import_model(state, names, BACKBONE, tmp_path / "out.pt", facts={})


def test_the_1000_classes_of_imagenet_need_no_file_34(tmp_path: Path) -> None:
    """Their names are not unique, which a file's must be."""
    torch.save(timm.create_model("test_resnet").state_dict(), tmp_path / "of_imagenet.pt")
    out = tmp_path / "out.pt"
    import_model(tmp_path / "of_imagenet.pt", Path("imagenet"), BACKBONE, out, facts={})
    classes = load_checkpoint(out).classifier.classes
    assert (len(classes), classes[134], classes[517]) == (1000, "crane", "crane")


def test_import_model_is_a_command_34(network: nn.Module, tmp_path: Path) -> None:
    [state, *_] = ways(network, tmp_path)
    names, out = tmp_path / "names.json", tmp_path / "made/mine.pt"
    names.write_text(json.dumps(CLASSES))
    arguments = ["import-model", state, "--backbone", BACKBONE, "--classes", names, "--out", out]
    first = CliRunner().invoke(main, [*map(str, arguments)])
    assert first.exit_code == 0, first.output
    assert load_checkpoint(out).classifier.classes == CLASSES
    second = CliRunner().invoke(main, [*map(str, arguments)])
    assert second.exit_code == 1
    assert "is there already; remove it or choose another --out" in second.stderr
