"""The network that is trained on a data set's own masks."""

import torch

from explainers.mask_network import MARKED_SIDE, MaskNetwork


def test_a_mask_network_answers_for_any_size() -> None:
    network = MaskNetwork().eval()
    images = torch.rand(2, 3, 40, 60)
    assert network(images).shape == (2, 1, MARKED_SIDE, MARKED_SIDE)
    maps = network.salient(images)
    assert maps.shape == (2, 40, 60)
    assert not maps.requires_grad
    assert 0 < float(maps.min()) < float(maps.max()) < 1
