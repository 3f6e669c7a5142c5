"""What the page says of dropout, of the AI without people, and of the confidence alone."""

import html
import re
from pathlib import Path

import pytest

from analysis.export.read import read_export
from analysis.report.page import page, sections_of
from analysis.report.sections import rational, selection
from analysis.statistics.analysed import Analysed, analysed
from tests.analysis.exports import EVEN_POOL, write_export
from tests.analysis.participants import ADVERSARIAL, NATURAL, Participant, someone

MANY = tuple(s for s in NATURAL for _ in range(6))
VAL = [row | {"split": "val", "source": f"v{i}"} for i, row in enumerate(EVEN_POOL)]
EVERYBODY = [
    someone(name, 20 + i % 5, n=36) for name in ("confidence", "gradcam") for i in range(22)
]
LEFT = Participant(condition="gradcam", outcome="returned", right=())


def read(folder: Path, participants, **facts) -> Analysed:
    return analysed(read_export(write_export(folder, participants, **{"stimuli": MANY} | facts)))


def text_of(study: Analysed) -> str:
    plain = re.sub(r"<[^>]+>", "", page(study, sections_of(study), {}))
    return re.sub(r"\s+", " ", html.unescape(plain))


@pytest.fixture(scope="module")
def troubled(tmp_path_factory) -> str:
    """Eight people left one condition, and T* was chosen on sixty images."""
    folder = tmp_path_factory.mktemp("troubled") / "e"
    return text_of(read(folder, [*EVERYBODY, *[LEFT] * 8], pool=[*EVEN_POOL, *VAL]))


@pytest.fixture(scope="module")
def calm(tmp_path_factory) -> str:
    """Nobody left, there is no pool, and T* lies below all bands."""
    folder = tmp_path_factory.mktemp("calm") / "e"
    return text_of(read(folder, EVERYBODY, pool=[], threshold=0.05))


def test_dropout_is_warned_of_and_bounded_and_without_it_nothing_is_said(troubled, calm):
    shares = "from 73 % with “gradcam” (22 of 30) to 100 % with “confidence” (22 of 22) completed"
    assert shares in troubled
    assert "“confidence” − “gradcam”: 0.0 points among those who are analysed, and betw" in troubled
    assert "What dropout and gate may hide" not in calm
    assert "Conditions lost different shares" not in calm


def test_a_gate_alone_is_bounded_too(tmp_path):
    study = read(tmp_path / "e", [*EVERYBODY, someone("gradcam", 9, n=36, validation_right=1)])
    (bounds,) = selection.section(study).listings
    assert bounds.frame.loc[0, ["n_analysed_b", "n_assigned_b"]].tolist() == [22, 23]


def test_teams_are_set_against_accepting_everything_in_words(troubled, calm):
    assert re.search(r"With natural weights, “gradcam” .* accepting everything \(50.0 %", troubled)
    assert re.search(r"On the stimuli shown, “gradcam” .* accepting everything \(50.0 %", calm)


def test_ai_only_is_decided_by_the_medium_bin_only_where_the_threshold_is_between_the_bands(
    troubled, calm
):
    assert "AI-only is decided by the medium bin" in troubled
    assert "AI-only is decided by the medium bin" not in calm


def test_a_threshold_that_was_chosen_on_few_images_is_warned_of(troubled, calm):
    # 49 of 60 (.81 · 60 = 48.6) with Wilson's interval.
    assert "was chosen on 60 images only, where its accuracy is known to 70 to 89 %" in troubled
    assert "images only" not in calm


def test_equal_bins_make_the_confidence_worthless_and_the_page_says_so(troubled):
    assert "On the stimuli shown, the confidence carries nothing, by design" in troubled


def test_without_a_pool_the_natural_prior_is_missing_with_a_reason(troubled, calm):
    reason = "Under natural weights nothing can be said of some conditions or all: how often"
    assert reason in calm
    assert reason not in troubled


def test_a_study_of_adversarial_stimuli_only_has_no_section_on_the_confidence(tmp_path):
    people = [Participant(condition="gradcam", right=(True, False, True))] * 3
    assert rational.section(read(tmp_path / "e", people, stimuli=ADVERSARIAL)) is None
