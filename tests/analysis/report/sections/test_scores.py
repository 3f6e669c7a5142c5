import pytest

from analysis.export.read import read_export
from analysis.report.sections.scores import section
from analysis.statistics.analysed import analysed
from tests.analysis.exports import scores_of, write_export
from tests.analysis.participants import Participant, Stimulus

RIGHT = range(6)  # stimuli t0 to t5 of the exports below


def six():
    return [Stimulus(bin="easy", ai_right=True) for _ in RIGHT]


def participants(condition, n_right, n):
    """`n` people; the k-th stimulus is judged well by the first `n_right[k]` of them."""
    return [
        Participant(condition=condition, right=[participant < k for k in n_right])
        for participant in range(n)
    ]


def section_of(folder, crowd, *, explanations, panels=None):
    export = write_export(folder, crowd, stimuli=six(), explanations=explanations, panels=panels)
    return section(analysed(read_export(export)))


def test_the_section_finds_a_planted_correlation_and_its_bound(tmp_path):
    rising = {f"t{i}": i / 10 for i in RIGHT}
    result = section_of(
        tmp_path / "e",
        participants("gradcam", [0, 0, 0, 4, 4, 4], 4) + participants("confidence", [4] * 6, 4),
        explanations=scores_of("gradcam", "iou", rising),
        panels={"confidence": [], "gradcam": ["gradcam"]},
    )
    table, reliable = (listing.frame for listing in result.listings)
    assert table["condition"].tolist() == ["gradcam"]
    # x = 0 … 5, y = 0 0 0 1 1 1: r = 4.5 / √(17.5 · 1.5) = .878310
    assert table["r"].iloc[0] == pytest.approx(0.878310, abs=1e-6)
    assert reliable["largest_r"].iloc[0] == pytest.approx(1)
    (sentence,) = result.prose["sentences"]
    sentence = sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert "“gradcam”: iou is its one score, r = 0.88 (95 % interval" in sentence
    assert "This interval excludes 0. The answers have a reliability of 1.00" in sentence
    assert list(result.figures) == ["scores"]


def test_several_scores_are_told_apart_and_answers_without_agreement_are_admitted(tmp_path):
    result = section_of(
        tmp_path / "e",
        participants("gradcam", [1, 1, 2, 1, 1, 1], 2),
        explanations=[
            *scores_of("gradcam", "iou", {f"t{i}": (3 * i) % 7 for i in RIGHT}),
            *scores_of("gradcam", "wsl", {f"t{i}": i % 2 for i in RIGHT}),
            *scores_of("gradcam", "none", dict.fromkeys([f"t{i}" for i in RIGHT], "")),
        ],
    )
    (sentence,) = result.prose["sentences"]
    assert "None of the 2 intervals excludes 0." in sentence
    assert "cannot carry a correlation with any score: halves do not agree." in sentence
    assert "Why missing" in result.listings[0].headers
    figure = result.figures["scores"]()
    assert len(figure.axes) == 3


@pytest.mark.parametrize("n_people", [0, 1])
def test_nobody_and_one_person_are_said_to_be_too_few(tmp_path, n_people):
    rows = scores_of("gradcam", "iou", {f"t{i}": i for i in RIGHT})
    crowd = participants("gradcam", [1] * 6, n_people)
    result = section_of(tmp_path / "e", crowd, explanations=rows)
    assert result.prose["sentences"] == [
        "“gradcam”: no correlation can be computed (fewer than 4 stimuli)."
    ]
    assert not result.figures


def test_an_export_without_scores_and_one_whose_scores_nobody_sees_say_so(tmp_path):
    crowd = participants("confidence", [1] * 6, 2)
    none = section_of(tmp_path / "a", crowd, explanations=[])
    assert none.prose == {"why_none": "the export has no scores of explanations"}
    hidden = section_of(tmp_path / "b", crowd, explanations=scores_of("cam", "iou", {"t0": 1}))
    assert hidden.prose["why_none"].startswith("there are scores of “cam”, but no condition")
    assert not none.listings
    assert not hidden.figures
