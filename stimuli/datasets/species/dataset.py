"""Ten invented butterfly species, drawn by this project: the data set that is always at hand.

Every species has a home habitat. In the train split most butterflies are at home; in the other
splits the habitat tells nothing, so a classifier that looks at the habitat is found out.
"""

from typing import final

import numpy as np

from stimuli.datasets.base import ClassInfo, Dataset, Example, Picture, Split
from stimuli.datasets.species.habitats import HABITATS
from stimuli.datasets.species.picture import draw_picture
from stimuli.datasets.species.scene import sample_scene
from stimuli.datasets.species.ten_species import TEN_SPECIES

_SPLITS = tuple(Split)
_HABITAT_STREAM, _SCENE_STREAM = 0, 1


@final
class Species(Dataset):
    """Pictures of one butterfly each, with exact masks and boxes.

    A picture depends on the seed, its source and the habitat agreement only: not on other pictures,
    the order of loading or the process. Another size shows the same scene.
    """

    def __init__(
        self,
        *,
        seed: int = 2021,
        size: int = 224,
        train_per_class: int = 60,
        val_per_class: int = 30,
        test_per_class: int = 100,
        train_habitat_agreement: float = 0.85,
        test_habitat_agreement: float | None = None,
    ) -> None:
        """Lay out the examples; nothing is drawn yet.

        Args:
            seed: not negative; another seed gives other pictures.
            size: side of the square pictures in pixels, 64 to 512.
            train_per_class: pictures per species in the train split; val and test likewise.
            val_per_class: see train_per_class.
            test_per_class: see train_per_class.
            train_habitat_agreement: probability, in train, that a butterfly is at home.
            test_habitat_agreement: the same for val and test; None for chance.
        """
        chance = 1 / len(HABITATS)
        other = chance if test_habitat_agreement is None else test_habitat_agreement
        self._seed, self._size = seed, size
        self._agreement = {
            Split.TRAIN: train_habitat_agreement,
            Split.VAL: other,
            Split.TEST: other,
        }
        self.classes = [ClassInfo(name=s.name, description=s.description) for s in TEN_SPECIES]
        counts = dict(zip(_SPLITS, (train_per_class, val_per_class, test_per_class), strict=True))
        _check(seed, size, counts, self._agreement)
        self.examples = [
            Example(source=f"{split}/{label:02d}/{number:04d}", label=label, split=split)
            for split, count in counts.items()
            for label in range(len(TEN_SPECIES))
            for number in range(count)
        ]

    def habitat(self, example: Example) -> str:
        """Where the butterfly of an example sits; nothing is drawn."""
        home, agreement = TEN_SPECIES[example.label].habitat, self._agreement[example.split]
        rng = self._rng(example, _HABITAT_STREAM)
        at_home, elsewhere = rng.random() < agreement, rng.integers(len(HABITATS) - 1)
        return home if at_home else [name for name in HABITATS if name != home][elsewhere]

    def state(self, example: Example) -> object:
        """The settings that a picture depends on."""
        return self._seed, self._size, self._agreement[example.split]

    def load(self, example: Example) -> Picture:
        """Draw an example's picture, RGB (size, size), with its mask and its one box."""
        scene = sample_scene(self._rng(example, _SCENE_STREAM))
        species, habitat = TEN_SPECIES[example.label], self.habitat(example)
        return draw_picture(species, habitat, scene, seed=self._seed, size=self._size)

    def _rng(self, example: Example, stream: int) -> np.random.Generator:
        """Numbers that belong to one example alone."""
        number = int(example.source.rsplit("/", 1)[-1])
        place = _SPLITS.index(example.split), example.label, number
        return np.random.default_rng([self._seed, *place, stream])


def _check(seed: int, size: int, counts: dict[Split, int], agreement: dict[Split, float]) -> None:
    """Raise one error that lists every bad argument."""
    problems = [
        f"{split}_per_class is {count}; give 0 or more"
        for split, count in counts.items()
        if count < 0
    ]
    problems += [
        f"the habitat agreement of {split} is {share}; give 0 to 1"
        for split, share in agreement.items()
        if not 0 <= share <= 1
    ]
    problems += [f"size is {size}; give 64 to 512 pixels"] if not 64 <= size <= 512 else []
    problems += [f"seed is {seed}; give 0 or more"] if seed < 0 else []
    if problems:
        raise ValueError("; ".join(problems))
