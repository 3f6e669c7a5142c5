"""The page and its files, of a bundle that has too few stimuli and of one that has enough."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from stimuli.bundle import Bundle
from stimuli.bundle.check import check_bundle
from stimuli.ceiling.ceiling_page import facts_of, render
from stimuli.ceiling.ceilings import Ceilings
from stimuli.cli import main
from tests.lab import ROOT


def test_of_too_few_stimuli_no_number_is_said(colour_bundle: Bundle, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    done = CliRunner().invoke(main, ["ceiling", str(colour_bundle.path), "--out", str(out)])
    assert done.stdout == f"open {out / 'ceiling.html'}\n"
    table = pd.read_csv(out / "ceiling.csv", keep_default_na=False)
    assert set(table.loc[table["reader"] == "mean", "value"]) == {""}
    assert json.loads((out / "ceiling.json").read_text())["bundle_digest"] == colour_bundle.digest
    page = (out / "ceiling.html").read_text("utf-8")
    assert "There are too few stimuli to learn from all that is shown" in page


def test_a_folder_that_is_no_bundle_ends_with_its_problems(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["ceiling", str(tmp_path)])
    assert done.exit_code == 1
    assert "SHA256SUMS is missing" in done.output


def test_nothing_is_written_into_a_bundle(colour_bundle: Bundle) -> None:
    out = str(colour_bundle.path / "ceiling")
    done = CliRunner().invoke(main, ["ceiling", str(colour_bundle.path), "--out", out])
    assert done.exit_code == 1
    assert "lies in the bundle, which is never edited" in done.output
    assert check_bundle(colour_bundle.path).digest == colour_bundle.digest


def test_a_bundle_of_before_is_read(tmp_path: Path) -> None:
    old = str(ROOT / "tests/fixtures/0.1.0/bundle")
    done = CliRunner().invoke(main, ["ceiling", old, "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert "There are too few stimuli" in (tmp_path / "ceiling.html").read_text("utf-8")


@pytest.mark.slow
def test_a_page_says_what_was_found_and_fetches_nothing(planted: Bundle, found: Ceilings) -> None:
    page = render(planted, found, 1)
    assert "Can the panels of map-marking tell more than those of map-silent?" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "<text" in page  # the figure's words stay words
    measures = {"auc", "accuracy", "auc_difference", "permuted_auc", "permuted_within_bins_auc"}
    assert set(found.rows["measure"]) == measures
    features = facts_of(planted, found, 1)["features"]
    assert isinstance(features, dict)
    assert "gradcam: mass" in features["map-silent"]
