import numpy as np
import pytest

from analysis.export.read import read_export
from analysis.report.sections.scores import section
from analysis.statistics.analysed import analysed
from tests.analysis.exports import scores_of, write_export
from tests.analysis.participants import Participant, Stimulus

STIMULI = [f"t{i}" for i in range(12)]  # of the exports below
RISING = dict(zip(STIMULI, (i / 10 for i in range(12)), strict=True))
# Where people are right more often, the score is larger, within either half of the stimuli too.
TELLING = [0, 0, 1, 2, 3, 4, 1, 1, 2, 3, 4, 4]


def stimuli(*bins):
    return [Stimulus(bin=b, ai_right=True) for b in bins for _ in range(12 // len(bins))]


def participants(condition, n_right, n):
    """`n` people; the k-th stimulus is judged well by the first `n_right[k]` of them."""
    return [
        Participant(condition=condition, right=[participant < k for k in n_right])
        for participant in range(n)
    ]


def section_of(folder, crowd, *, explanations, panels=None, bins=("easy", "hard")):
    export = write_export(
        folder, crowd, stimuli=stimuli(*bins), explanations=explanations, panels=panels
    )
    return section(analysed(read_export(export)))


def sentence_of(result):
    (sentence,) = result.prose["sentences"]
    return sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_the_section_finds_a_planted_correlation_and_its_bound(tmp_path):
    result = section_of(
        tmp_path / "e",
        participants("gradcam", TELLING, 4) + participants("confidence", [4] * 12, 4),
        explanations=scores_of("gradcam", "iou", RISING),
        panels={"confidence": [], "gradcam": ["gradcam"]},
    )
    table, reliable = (listing.frame for listing in result.listings)
    assert table["condition"].tolist() == ["gradcam"]
    assert table["r"].iloc[0] == pytest.approx(np.corrcoef(range(12), TELLING)[0, 1])
    x, y = (np.array(side, dtype=float).reshape(2, 6) for side in (range(12), TELLING))
    left = [(side - side.mean(axis=1, keepdims=True)).ravel() for side in (x, y)]
    assert table["r_within"].iloc[0] == pytest.approx(np.corrcoef(*left)[0, 1])
    assert 0.5 < reliable["largest_r"].iloc[0] < 1
    assert 0.5 < reliable["largest_r_within"].iloc[0] < 1
    sentence = sentence_of(result)
    assert "“gradcam”: its one score, iou, goes with people: within bins r = 0.9" in sentence
    assert "one test, 12 stimuli). It agrees with people: where iou is large, which is good," in (
        sentence
    )
    assert list(result.figures) == ["scores", "score_dots"]


@pytest.mark.parametrize(
    ("metric", "turned", "words"),
    [
        ("deletion", -1, "It agrees with people: where deletion is small, which is good, more of"),
        ("deletion", 1, "It contradicts people: where deletion is small, which is good, fewer of"),
        ("iou", -1, "It contradicts people: where iou is large, which is good, fewer of them"),
        ("mine", 1, "More of them are right where mine is large; which of its values are good is"),
        ("mine", -1, "Fewer of them are right where mine is large"),
    ],
)
def test_a_sentence_says_whether_a_score_agrees_with_people(tmp_path, metric, turned, words):
    values = {name: turned * value for name, value in RISING.items()}
    crowd = participants("gradcam", TELLING, 4)
    result = section_of(tmp_path / "e", crowd, explanations=scores_of("gradcam", metric, values))
    assert words in sentence_of(result)
    assert ("“mine”" in result.prose["unknown"]) == (metric == "mine")


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({n: v + 0.01 * (n == "t3") for n, v in RISING.items()}, "all 2 scores tested go with"),
        ({n: i % 3 for i, n in enumerate(STIMULI)}, "of the 2 scores tested iou alone is known to"),
    ],
)
def test_a_sentence_says_how_many_scores_go_with_people(tmp_path, second, words):
    explanations = [*scores_of("gradcam", "iou", RISING), *scores_of("gradcam", "dice", second)]
    crowd = participants("gradcam", TELLING, 4)
    assert words in sentence_of(section_of(tmp_path / "e", crowd, explanations=explanations))


def test_a_score_that_bins_alone_tie_to_people_is_not_said_to_go_with_them(tmp_path):
    by_bin = {name: (i >= 6) + (0.1 if i % 2 else 0) for i, name in enumerate(STIMULI)}
    result = section_of(
        tmp_path / "e",
        participants("gradcam", [1, 0, 2, 2, 0, 1, 3, 4, 4, 3, 4, 3], 4),
        explanations=[
            *scores_of("gradcam", "iou", by_bin),
            *scores_of("gradcam", "dice", {n: v + 0.3 * (n == "t2") for n, v in by_bin.items()}),
        ],
    )
    table = result.listings[0].frame
    assert table["r"].min() > 0.6
    assert "no score is known to go with people (smallest adjusted p = " in sentence_of(result)
    assert ", 2 tests)" in sentence_of(result)
    assert result.listings[-1].name == "metric_agreement"


def test_answers_without_agreement_are_admitted_and_reasons_told(tmp_path):
    result = section_of(
        tmp_path / "e",
        participants("gradcam", [1, 1, 2, 1, 1, 1] * 2, 2),
        explanations=[
            *scores_of("gradcam", "iou", {f"t{i}": (3 * i) % 7 for i in range(12)}),
            *scores_of("gradcam", "wsl", {f"t{i}": int(i == 3) for i in range(12)}),
            *scores_of("gradcam", "none", dict.fromkeys(STIMULI, "")),
        ],
    )
    assert "cannot carry a correlation within bins: halves do not agree." in sentence_of(result)
    assert "Why missing" in result.listings[0].headers
    assert result.listings[0].frame["p"].notna().tolist() == [True, False, False]
    assert len(result.figures["score_dots"]().axes) == 3
    assert len(result.figures["scores"]().axes) == 1


@pytest.mark.parametrize(
    ("bins", "words"),
    [
        (("easy", "hard"), ""),
        (("easy", ""), "6 of the 12 stimuli lie between the bands and have no bin; together"),
        (("",), "The stimuli have no bins, so that nothing is taken out"),
    ],
)
def test_stimuli_without_a_bin_are_one_more_and_the_page_says_so(tmp_path, bins, words):
    crowd = participants("gradcam", TELLING, 4)
    rows = scores_of("gradcam", "iou", RISING)
    result = section_of(tmp_path / "e", crowd, explanations=rows, bins=bins)
    assert result.prose["bins"].startswith(words)
    assert bool(words) == bool(result.prose["bins"])
    table = result.listings[0].frame.iloc[0]
    assert (table["r"] == pytest.approx(table["r_within"])) == (len(bins) == 1)


def test_the_same_export_gives_the_same_p(tmp_path):
    crowd = participants("gradcam", [1, 3, 2, 4, 0, 1, 2, 2, 4, 1, 3, 0], 4)
    rows = scores_of("gradcam", "iou", RISING)
    once, again = (section_of(tmp_path / n, crowd, explanations=rows) for n in ("a", "b"))
    assert once.listings[0].csv == again.listings[0].csv


@pytest.mark.parametrize("n_people", [0, 1])
def test_nobody_and_one_person_are_said_to_be_too_few(tmp_path, n_people):
    crowd = participants("gradcam", [1] * 12, n_people)
    result = section_of(tmp_path / "e", crowd, explanations=scores_of("gradcam", "iou", RISING))
    assert result.prose["sentences"] == [
        "“gradcam”: no correlation within bins can be computed (fewer than 4 stimuli)."
    ]
    assert not result.figures


def test_an_export_without_scores_and_one_whose_scores_nobody_sees_say_so(tmp_path):
    crowd = participants("confidence", [1] * 12, 2)
    none = section_of(tmp_path / "a", crowd, explanations=[])
    assert none.prose == {"why_none": "the export has no scores of explanations"}
    hidden = section_of(tmp_path / "b", crowd, explanations=scores_of("cam", "iou", {"t0": 1}))
    assert hidden.prose["why_none"].startswith("there are scores of “cam”, but no condition")
    assert not none.listings
    assert not hidden.figures


def test_scores_rank_explanations_beside_people_and_say_how_little_that_tells(tmp_path):
    crowd = [*participants("gradcam", [3] * 12, 4), *participants("confidence", [2] * 12, 4)]
    explanations = [
        *scores_of("gradcam", "iou", RISING),
        *scores_of("rise", "iou", {name: value / 2 for name, value in RISING.items()}),
        *scores_of("gradcam", "deletion", RISING),
        *scores_of("rise", "deletion", {name: value / 2 for name, value in RISING.items()}),
    ]
    panels = {"confidence": ["rise"], "gradcam": ["gradcam"]}
    result = section_of(tmp_path / "e", crowd, explanations=explanations, panels=panels)
    named = {listing.name: listing.frame for listing in result.listings}
    best = named["score_ranks"].query("rank == 1").set_index("metric")["condition"]
    assert best.to_dict() == {"iou": "gradcam", "deletion": "confidence", "people": "gradcam"}
    assert named["score_families"]["tau"].tolist() == [-1, 1, -1]
    assert "score_ranks" in result.figures
    between, people, taus, chance = (
        s.replace("\N{NO-BREAK SPACE}", " ") for s in result.prose["ranks"]
    )
    assert between.startswith("Over pairs, scores of different families agree with a mean τ of −1")
    assert people == "People were most accurate with “gradcam”; 1 of 2 scores put it first too."
    assert taus.endswith("a mean τ of: localisation 1.00 and faithfulness −1.00.")
    assert chance.startswith(
        "With 2 explanations, the τ of a score that knows nothing of people is 0"
    )
    assert "a standard deviation of 1.00." in chance  # one order or the other


def test_one_explanation_is_not_ranked(tmp_path):
    result = section_of(
        tmp_path / "e",
        participants("gradcam", TELLING, 4),
        explanations=scores_of("gradcam", "iou", RISING),
    )
    assert result.prose["ranks"] == []
    assert "score_ranks" not in result.figures
