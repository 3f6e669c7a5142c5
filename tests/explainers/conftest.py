"""A classifier whose maps can be computed by hand, and the same random numbers for each test."""

import pytest
import torch
from torch import nn

from explainers.classifier import Classifier
from explainers.networks.backbones import Backbone


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(1)


@pytest.fixture
def by_hand() -> Classifier:
    """Two maps, the red and the green channel; logits 2 red - green + 5 and green - red - 3."""
    features = nn.Conv2d(3, 2, 1, bias=False)
    features.weight.data = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]]).view(2, 3, 1, 1)
    linear = nn.Linear(2, 2)
    linear.weight.data = torch.tensor([[2.0, -1.0], [-1.0, 1.0]])
    linear.bias.data = torch.tensor([5.0, -3.0])
    parts = Backbone(
        features=nn.Sequential(features),
        head=nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), linear),
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
    )
    return Classifier(backbone="by hand", parts=parts, classes=("a", "b")).eval()
