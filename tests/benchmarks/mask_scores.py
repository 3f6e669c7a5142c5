"""What the masks of one image achieve, whoever made them: numbers for a table, and a coarse map."""

import pandas
import torch
from torch import Tensor
from torch.nn import functional

from explainers.blurring import blur_pyramid, preserved
from explainers.classifier import Classifier
from explainers.extremal import AREAS, MaskSettings, heat_maps
from explainers.smooth_masks import area_errors

# The maps are smoothed with 20 px, so that one value for 16 px says it all.
SAMPLED_PX = 16


@torch.inference_mode()
def mask_scores(
    classifier: Classifier, image: Tensor, label: int, masks: Tensor
) -> pandas.DataFrame:
    """A row for each area: `logit`, `log_probability`, `template_error`.

    The first two are the label's, the mean of the preserved image and its mirror image; the last
    is the mean squared distance of the sorted mask from zeros and then a share of ones.

    Args:
        image: (1, 3, height, width), RGB in [0, 1].
        masks: (areas, height, width) in [0, 1], cropped, before smoothing.
    """
    settings = MaskSettings()
    pyramid = blur_pyramid(image, levels=settings.levels, max_sigma=settings.max_blur_px)
    shown = preserved(pyramid, masks[None])[0]
    answers = torch.stack([classifier(shown), classifier(shown.flip(3))])
    return pandas.DataFrame(
        {
            "area": AREAS,
            "logit": answers[..., label].mean(0),
            "log_probability": answers.log_softmax(2)[..., label].mean(0),
            "template_error": area_errors(masks[None], AREAS)[0],
        }
    )


def coarse_map(masks: Tensor) -> Tensor:
    """(places,): the smoothed sum of masks (..., height, width), averaged over squares."""
    every = masks.reshape(1, 1, -1, *masks.shape[-2:])
    return functional.avg_pool2d(heat_maps(every), SAMPLED_PX).flatten()
