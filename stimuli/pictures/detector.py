"""How well a small detector tells attacked pictures from natural ones by how they are drawn.

It knows nothing of what a picture shows: fine detail and noise, in brightness and in colour, are
all that it is given, and a few hundred pictures to learn from. What it learns, people may learn
too (docs/stimuli.md).
"""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from stimuli.pictures.jpeg import Jpeg, decode

# Of each kind; with fewer an area says nothing.
FEWEST = 10
FOLDS, REPEATS = 5, 10
OCTAVES = 3
# Brightness, and two differences of colours, of RGB.
CHANNELS = np.array(
    [[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]], dtype=np.float32
)


def telling_auc(natural: Sequence[Jpeg], attacked: Sequence[Jpeg]) -> float | None:
    """Area under the ROC curve of logistic regression on `detail`, on pictures it did not learn.

    The mean over the folds of ten cross-validations, since one division of few pictures is luck.

    Args:
        natural: displayed files, of other photographs than `attacked`.

    Returns:
        0.5 where the detector can only guess, 1 where it tells each pair apart; None where there
        are fewer than ten of a kind.
    """
    if min(len(natural), len(attacked)) < FEWEST:
        return None
    features = np.stack([detail(decode(jpeg)) for jpeg in (*natural, *attacked)])
    is_attacked = np.repeat([0, 1], [len(natural), len(attacked)])
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=0)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return float(cross_val_score(model, features, is_attacked, scoring="roc_auc", cv=folds).mean())


def detail(pixels: np.ndarray) -> np.ndarray:
    """How much detail a picture has at each octave, in brightness and in colour.

    Of each channel and octave, the logarithms of the mean and of the median absolute Laplacian:
    edges decide the mean and, where there is any, noise the median.

    Args:
        pixels: (side, side, 3) uint8.

    Returns:
        (2 channels octaves,).
    """
    numbers = []
    for channel in np.moveaxis(pixels.astype(np.float32) @ CHANNELS.T, 2, 0):
        for _ in range(OCTAVES):
            strength = np.abs(
                channel[:-2, 1:-1]
                + channel[2:, 1:-1]
                + channel[1:-1, :-2]
                + channel[1:-1, 2:]
                - 4 * channel[1:-1, 1:-1]
            )
            numbers += [strength.mean(), np.median(strength)]
            side = len(channel) // 2
            channel = channel[: 2 * side, : 2 * side].reshape(side, 2, side, 2).mean((1, 3))
    return np.log(np.array(numbers) + 0.1)
