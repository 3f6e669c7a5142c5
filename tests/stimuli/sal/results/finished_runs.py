"""Finished runs as `stimuli.sal grid` leaves them, with curves that nobody measured."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from stimuli.sal.experiment import Experiment

SHARES = (0.2, 0.4, 1.0)


def leave_run(
    out: Path, accuracy: Sequence[float], *, dataset: Mapping[str, object], **run: object
) -> None:
    """Of three rounds with these accuracies, and half of them as Dice.

    Args:
        dataset: the table of the experiment.
        run: of its table `[run]`.
    """
    experiment = Experiment.model_validate({"dataset": dataset, "run": run})
    curve = pd.DataFrame({"labelled_share": SHARES, "accuracy": accuracy})
    curve["balanced_accuracy"] = curve["dice_true_class"] = curve["accuracy"]
    curve["dice"] = curve["accuracy"] / 2
    curve["ai_mask_dice"] = [np.nan, np.nan, 0.9 if experiment.run.scenario == "sal" else np.nan]
    curve["n_human_masks"] = [0 if experiment.run.scenario == "b1" else 20] * 3
    out.mkdir(parents=True)
    curve.to_csv(out / "curve.csv", index=False)
    facts = {"experiment": experiment.model_dump(mode="json")}
    (out / "run.json").write_text(json.dumps(facts))
