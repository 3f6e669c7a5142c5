"""An AI of scikit-learn with SHAP values of its answers, as files that a study takes in.

python docs/examples/digits.py DIR writes DIR/photos, DIR/answers.csv and DIR/shap.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import shap
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

NAMES = "zero one two three four five six seven eight nine".split()
PER_CLASS = {"train": 12, "val": 12, "test": 40}
SCALE = 28  # of 8 x 8 numbers to 224 x 224 pixels


def enlarged(numbers: np.ndarray) -> np.ndarray:
    return np.kron(numbers.reshape(8, 8), np.ones((SCALE, SCALE)))


def main(folder: Path) -> None:
    digits = load_digits()
    inks, labels = digits.data / 16, digits.target
    rows = {}  # of each picture, by its name
    for label, name in enumerate(NAMES):
        own = iter(np.flatnonzero(labels == label))
        for split, n in PER_CLASS.items():
            rows |= {f"{split}/{name}/{k:02}.png": next(own) for k in range(n)}

    train = [row for picture, row in rows.items() if picture.startswith("train")]
    model = LogisticRegression(C=10).fit(inks[train], labels[train])
    usual = shap.maskers.Independent(inks[train], max_samples=len(train))
    explainer = shap.LinearExplainer(model, usual)

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "answers.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", *NAMES])
        for picture, row in rows.items():
            (probabilities,) = model.predict_proba(inks[[row]])
            table.writerow([picture, *probabilities])
            values = explainer.shap_values(inks[[row]])[0, :, probabilities.argmax()]
            path = (folder / "shap" / picture).with_suffix(".npy")
            path.parent.mkdir(parents=True, exist_ok=True)
            strongest = np.abs(values).max()
            np.save(path, enlarged(values / strongest).astype(np.float32))
            path = folder / "photos" / picture
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray((255 * (1 - enlarged(inks[row]))).astype(np.uint8)).save(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
