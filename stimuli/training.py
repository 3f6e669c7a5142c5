"""Fine-tuning a classifier: cross-entropy, early stopping, and an accuracy to stop at."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from explainers.classifier import Classifier
from stimuli.pictures import View
from stimuli.predictions import images_of, predict
from stimuli.settings import TrainingSettings


def few_per_class(views: Sequence[View], limit: int | None, rng: np.random.Generator) -> list[View]:
    """At most `limit` views of each class, drawn at random; all of them for None."""
    if limit is None:
        return list(views)
    counts: dict[int, int] = {}
    kept = []
    for row in rng.permutation(len(views)):
        label = views[row].example.label
        counts[label] = counts.get(label, 0) + 1
        if counts[label] <= limit:
            kept.append(views[row])
    return kept


def train(
    classifier: Classifier,
    train_views: Sequence[View],
    val_views: Sequence[View],
    settings: TrainingSettings,
    *,
    seed: int,
) -> dict[str, float]:
    """Fine-tune in place and leave the weights of the best epoch on val, in evaluation mode.

    Training ends at the target accuracy, after `patience` epochs without a better one, or after
    `epochs`. Images are mirrored at random.

    Returns:
        `epochs` trained, and `val_accuracy` of the weights that are left, 0 to 1.
    """
    rng = np.random.default_rng(seed)
    chosen = few_per_class(train_views, settings.images_per_class, rng)
    optimiser = torch.optim.AdamW(
        classifier.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    best, best_state, since_best, trained = -1.0, _copy(classifier), 0, 0
    with tqdm(range(1, settings.epochs + 1), desc="training", unit="epoch", leave=False) as bar:
        for trained in bar:  # noqa: B007 - returned below
            loss = _train_epoch(classifier, chosen, optimiser, settings.batch_size, rng)
            accuracy = predict(classifier.eval(), val_views).accuracy
            bar.set_postfix(loss=f"{loss:.2f}", val=f"{accuracy:.1%}")
            since_best = 0 if accuracy > best else since_best + 1
            if accuracy > best:
                best, best_state = accuracy, _copy(classifier)
            reached = settings.target_accuracy is not None and best >= settings.target_accuracy
            if reached or since_best >= settings.patience:
                break
    classifier.load_state_dict(best_state)
    classifier.eval()
    return {"epochs": float(trained), "val_accuracy": best}


def _copy(classifier: Classifier) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in classifier.state_dict().items()}


def _train_epoch(
    classifier: Classifier,
    views: Sequence[View],
    optimiser: torch.optim.Optimizer,
    batch_size: int,
    rng: np.random.Generator,
) -> float:
    """One pass over the views in random order; the mean loss."""
    classifier.train()
    device = classifier.mean.device
    order = rng.permutation(len(views))
    losses = []
    for start in range(0, len(order), batch_size):
        batch = [views[row] for row in order[start : start + batch_size]]
        images = images_of(batch, device)
        mirrored = torch.from_numpy(rng.random(len(batch)) < 0.5).to(device)
        images = torch.where(mirrored[:, None, None, None], images.flip(3), images)
        labels = torch.tensor([v.example.label for v in batch], device=device)
        loss = nn.functional.cross_entropy(classifier(images), labels)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(loss.item())
    return float(np.mean(losses))
