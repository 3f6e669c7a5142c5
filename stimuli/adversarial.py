"""Adversarial stimuli: attacked, stored as JPEG, judged again, and drawn by bin if still wrong.

The paper (section 2.4.2) attacks the whole picture squashed to 224 px, stretches its contrast,
stores it, and judges the central crop of that enlarged to 256 px. Here the view itself is attacked,
stored and judged: it looks as a natural view does, and its boxes stay valid. Enlarging would weaken
the attack further, so here more of the wrong answers are sure ones.
"""

import logging
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

import stimuli.pgd
from explainers.classifier import Classifier
from stimuli import pictures
from stimuli.bins import CELLS, bin_of, sample_bins
from stimuli.bundle import AdversarialFacts, Kind
from stimuli.chosen import Chosen
from stimuli.datasets.base import Split
from stimuli.judges import Judge, asked_more, eligibility
from stimuli.kept import code, digest, write_bytes
from stimuli.pgd import pgd
from stimuli.pictures import View, encode
from stimuli.predictions import BATCH, images_of
from stimuli.settings import AdversarialSettings, Phase
from stimuli.study import Study

log = logging.getLogger(__name__)

WRONG_CELLS = tuple(cell for cell in CELLS if not cell[1])

Views = Mapping[Split, Sequence[View]]


@dataclass(frozen=True, kw_only=True)
class Extended:
    """Everything chosen, with the adversarial views at the end of the test split.

    Attributes:
        facts: None where the study asks for none.
        short: whether a bin of theirs held too few.
    """

    chosen: Sequence[Chosen]
    judges: Sequence[Judge]
    views: Views
    facts: AdversarialFacts | None = None
    short: bool = False


def with_adversarial(
    chosen: Sequence[Chosen],
    judges: Sequence[Judge],
    views: Views,
    mask: np.ndarray,
    study: Study,
    *,
    labels: Collection[int],
    rng: np.random.Generator,
) -> Extended:
    """Add the adversarial stimuli that `[adversarial]` asks for; they deceive the first classifier.

    Args:
        mask: (n,) which views of the test split every condition can show.
        labels: classes of which the data set has images, as `judges.eligibility` takes them.

    Raises:
        ShortBinsError: if a bin holds too few and the study does not allow it.
    """
    if not study.adversarial:
        return Extended(chosen=chosen, judges=judges, views=views)
    rows = rng.permutation(source_rows(chosen, judges[0], views, mask)).tolist()
    sources = [views[Split.TEST][row] for row in rows[: study.adversarial.attacked]]
    log.info("adversarial: %d may be attacked, %d are", len(rows), len(sources))
    attacked = attacked_views(judges[0], sources, study.adversarial, seed=study.study.seed)
    if attacked:
        judges = [asked_more(judge, attacked) for judge in judges]
        views = dict(views) | {Split.TEST: [*views[Split.TEST], *attacked]}
    fine = eligibility(judges, Split.TEST, study, labels).mask
    return _drawn(chosen, judges, views, len(mask), fine, study, study.adversarial, rng)


def source_rows(
    chosen: Sequence[Chosen], first: Judge, views: Views, mask: np.ndarray
) -> list[int]:
    """Rows of the test split that may be attacked.

    The classifier is right, every condition can show them, and none is a chosen picture or an
    exact copy of one.
    """
    taken = {bytes(views[c.split][c.row].jpeg) for c in chosen}
    fine: list[int] = np.flatnonzero(mask & first.predictions[Split.TEST].right).tolist()
    return [row for row in fine if bytes(views[Split.TEST][row].jpeg) not in taken]


def attacked_views(
    judge: Judge, sources: Sequence[View], settings: AdversarialSettings, *, seed: int
) -> list[View]:
    """Each view after PGD, stored by the encoder that all pictures share.

    Args:
        seed: with the picture it decides where an attack starts, whatever else is attacked.
    """
    made_by = digest(code(sys.modules[__name__], stimuli.pgd, pictures), _attack(settings), seed)
    paths = [
        judge.kept.path("attacks", digest(made_by, v.example.label, v.jpeg)).with_suffix(".jpg")
        for v in sources
    ]
    missing = [n for n, path in enumerate(paths) if not path.is_file()]
    for start in tqdm(range(0, len(missing), BATCH), desc="attacks", unit="batch", leave=False):
        batch = missing[start : start + BATCH]
        made = _attacked(judge.checkpoint.classifier, [sources[n] for n in batch], settings, seed)
        for n, picture in zip(batch, made, strict=True):
            write_bytes(paths[n], [encode(picture)])
    return [
        replace(view, jpeg=path.read_bytes(), kind=Kind.ADVERSARIAL)
        for view, path in zip(sources, paths, strict=True)
    ]


def _attack(settings: AdversarialSettings) -> dict[str, Any]:
    """The settings of an attack, without those that say how many there are."""
    return settings.model_dump(exclude={"per_bin", "attacked"})


def _attacked(
    classifier: Classifier, views: Sequence[View], settings: AdversarialSettings, seed: int
) -> list[Image.Image]:
    device = classifier.mean.device
    images = images_of(views, device)
    attacked = pgd(
        classifier,
        images,
        torch.tensor([view.example.label for view in views], device=device),
        noise=torch.stack([noise_of(view, images.shape[1:], seed) for view in views]).to(images),
        **_attack(settings),
    )
    return as_pictures(attacked)


def noise_of(view: View, shape: torch.Size, seed: int) -> Tensor:
    """Uniform in [-1, 1], drawn on the CPU: the same on every device."""
    generator = torch.Generator().manual_seed(int(digest(seed, view.jpeg)[:15], 16))
    return 2 * torch.rand(shape, generator=generator) - 1


def as_pictures(images: Tensor) -> list[Image.Image]:
    """(n, 3, height, width) in [0, 1] as n pictures; each value goes to the nearest level."""
    pixels = images.mul(255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(np.ascontiguousarray(picture)) for picture in pixels]


def _drawn(
    chosen: Sequence[Chosen],
    judges: Sequence[Judge],
    views: Views,
    n_natural: int,
    fine: np.ndarray,
    study: Study,
    settings: AdversarialSettings,
    rng: np.random.Generator,
) -> Extended:
    """Draw from the bins of what still deceives; adversarial rows start at `n_natural`."""
    said = judges[0].predictions[Split.TEST]
    wrong = ~said.right & (np.arange(len(said.labels)) >= n_natural)
    fit = wrong & fine
    log.info(
        "adversarial: %d deceive as JPEG files, %d of them cannot be shown",
        wrong.sum(),
        (wrong & ~fit).sum(),
    )
    sample = sample_bins(
        {int(r): bin_of(said.confidences[r], False, study.bins) for r in np.flatnonzero(fit)},
        said.right.tolist(),
        study.bins.model_copy(update={"per_bin": settings.per_bin}),
        rng=rng,
        cells=WRONG_CELLS,
        table="adversarial",
    )
    facts = AdversarialFacts(
        attacked=len(said.labels) - n_natural,
        deceived=int(wrong.sum()),
        excluded=int((wrong & ~fit).sum()),
        bins=sample.counts,
    )
    more = [Chosen(split=Split.TEST, row=row, phase=Phase.TEST) for row in sample.rows]
    return Extended(
        chosen=[*chosen, *more], judges=judges, views=views, facts=facts, short=sample.short
    )
