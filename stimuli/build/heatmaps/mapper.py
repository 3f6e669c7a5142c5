"""What draws the heat maps of a classifier's answers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from stimuli.build.heatmaps.plugin_maps import PluginMapError
from stimuli.models.predictions import images_of
from stimuli.pictures.crops import Crop


@dataclass(frozen=True, kw_only=True)
class HeatMapper:
    """An explainer that draws heat maps, ready to explain a classifier's answers.

    Attributes:
        explain: images and the labels to explain to heat maps (batch, height, width) in [0, 1], or
            in [-1, 1] where they also say what speaks against the label.
        digest: of what decides the maps beside classifier, picture and label.
    """

    explain: Callable[[Tensor, Tensor], Tensor]
    digest: str = ""

    def map_of(self, crop: Crop, label: int, device: torch.device) -> dict[str, np.ndarray]:
        """Of one picture (side, side), by the name that it has in the cache."""
        labels = torch.tensor([label], device=device)
        try:
            maps = self.explain(images_of([crop], device), labels)
        except PluginMapError as error:
            raise error.of(crop.example.source) from error
        return {"heatmap": maps[0].cpu().numpy()}
