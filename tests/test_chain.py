"""The test that matters most: planted behaviour goes through real HTTP and comes back out."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from stimuli.check import check_bundle
from tests.lab import Lab
from tests.planted import PLANTED, arguments, compared, outside


def test_the_demo_bundle_is_whole_fills_its_bins_and_its_ai_errs(demo_bundle: Path) -> None:
    bundle = check_bundle(demo_bundle)
    assert all(count.chosen == bundle.study.bins.per_bin for count in bundle.manifest.bins)
    assert 0.65 <= bundle.manifest.classifiers[0].accuracy["test"] <= 0.85


def test_the_report_recovers_what_simulated_people_were_told_to_do(
    demo_bundle: Path, new_lab: Callable[[Path], Lab]
) -> None:
    report = new_lab(demo_bundle).report("planted", "-n", 40, "--seed", 1, *arguments())
    cells = compared(demo_bundle, report)
    assert len(cells) == 6 * len(PLANTED)
    assert cells["n_trials"].min() >= 40
    assert outside(cells).empty, outside(cells)
    assert not outside(compared(demo_bundle, report, shift=1)).empty
    assert not outside(compared(demo_bundle, report, shift=2)).empty
    users = pd.read_csv(report / "tables" / "accuracy.csv").set_index("condition")
    assert users.loc["neighbours", "mean_percent"] == pytest.approx(50, abs=0.01)
    assert users.loc["neighbours", "std_percent"] == pytest.approx(0, abs=0.01)
    assert "Rehearsal" in (report / "report.html").read_text("utf-8")
