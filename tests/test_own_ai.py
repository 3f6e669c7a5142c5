"""The example of docs/own_ai.md: an AI and explanations of other tools, as a study."""

import csv
import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from stimuli.bundle import read_bundle
from tests.lab import ROOT, Lab, run, run_python

COMMANDS = re.compile(r"```\n(python docs/examples/digits\.py.*?)```", re.DOTALL)


def commands(lab: Lab) -> list[list[str]]:
    """As the page has them, with a folder of the test's own in the place of `instance`."""
    found = COMMANDS.search((ROOT / "docs/own_ai.md").read_text("utf-8"))
    assert found
    programs = {"python": [sys.executable], "flask": [sys.executable, "-m", "flask"]}
    lines = []
    for line in found[1].splitlines():
        program, *arguments = shlex.split(re.sub(r"\binstance/", f"{lab.instance}/", line))
        own = [lab.app if argument == "study_app" else argument for argument in arguments]
        lines.append(programs[program] + own)
    return lines


@pytest.mark.slow
def test_the_commands_of_the_example_lead_from_a_regression_to_a_report_34(tmp_path: Path) -> None:
    lab = Lab(instance=tmp_path)
    first, *others = commands(lab)
    run(*first)
    for command in others:
        run(*("8" if argument == "40" else argument for argument in command))
    bundle = read_bundle(tmp_path / "bundles/digits")
    assert bundle.manifest.classifiers[0].backbone == "predictions"
    assert {one.explainer for one in bundle.explanations} == {"shap"}
    assert sum(count.chosen for count in bundle.manifest.bins) == 36
    report = (tmp_path / "reports/digits/report.html").read_text("utf-8")
    assert "Can you trust Sam with digits?" in report
    assert "Rehearsal" in report


@pytest.mark.slow
def test_the_examples_shap_values_are_those_of_a_linear_model_34(tmp_path: Path) -> None:
    """Of independent pixels each adds its weight times what it is above the usual (Lundberg and
    Lee 2017, corollary 1)."""
    run_python(ROOT / "docs/examples/digits.py", tmp_path)
    with (tmp_path / "answers.csv").open(newline="") as file:
        said = {row.pop("image"): [*map(float, row.values())] for row in csv.DictReader(file)}
    names = [*dict.fromkeys(picture.split("/")[1] for picture in said)]
    inks = {picture: ink_of(tmp_path / "photos" / picture) for picture in said}
    train = [picture for picture in said if picture.startswith("train/")]
    labels = [names.index(picture.split("/")[1]) for picture in train]
    usual = np.stack([inks[picture] for picture in train])
    model = LogisticRegression(C=10).fit(usual, labels)
    for picture, probabilities in said.items():
        (again,) = model.predict_proba(inks[picture][None])
        assert again == pytest.approx(probabilities, abs=1e-6)
        values = model.coef_[np.argmax(probabilities)] * (inks[picture] - usual.mean(0))
        expected = np.kron(values.reshape(8, 8) / np.abs(values).max(), np.ones((28, 28)))
        found = np.load((tmp_path / "shap" / picture).with_suffix(".npy"))
        assert np.allclose(found, expected, atol=1e-6)


def ink_of(path: Path) -> np.ndarray:
    """(64,) sixteenths of ink from a picture of squares."""
    grey = np.asarray(Image.open(path).convert("L"))[14::28, 14::28]
    return np.round((1 - grey / 255) * 16).reshape(64) / 16
