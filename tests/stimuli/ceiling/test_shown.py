"""What each condition shows, as numbers, and how much each stimulus stands for."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from stimuli.bundle import Bundle
from stimuli.ceiling.population import NATURAL, SHOWN, populations
from stimuli.ceiling.shown import ALL, ANSWER, CONFIDENCE, PANELS, as_numbers, shown_by
from tests.stimuli.ceiling.planted import CELLS, MARKED, OUTSIDE_THE_BINS, POOL


def test_readers_get_what_a_condition_shows_and_nothing_that_tells_the_truth(
    planted: Bundle,
) -> None:
    shown = {c.name: shown_by(planted, c) for c in planted.study.conditions}
    assert list(shown["confidence"].tables) == [CONFIDENCE, ALL]
    assert list(shown["neighbours"].tables) == [CONFIDENCE, PANELS, ALL]
    for one in shown.values():
        names = [*one.tables[ALL].columns]
        assert names == [*one.confidence, *one.answer, *one.panels]
        assert not {"right", "bin", "kind", "true_label"} & {*names}
        assert not one.tables[ALL].isna().any(axis=None)
    assert {n.partition(": ")[0] for n in shown["map-marking"].panels} == {"gradcam"}
    assert "confidence" in shown["confidence"].confidence


def test_where_people_do_not_see_the_confidence_readers_do_not_get_it(planted: Bundle) -> None:
    text = f"{planted.study_text}\n[trial]\nshow_confidence = false\n"
    study = planted.study_of(text, subject="study.toml")
    shown = shown_by(replace(planted, study=study), study.conditions[0])
    assert list(shown.tables) == [ALL]
    assert "confidence" not in shown.tables[ALL]


def test_what_is_not_there_for_every_stimulus_is_left_out(planted: Bundle) -> None:
    """Cards of some labels have no examples; here one label's has, of all others none."""
    examples = (planted.stimuli[0].image,)
    answers = tuple(
        p.model_copy(update={"card": p.card.model_copy(update={"images": examples})})
        if p.label == "Amber"
        else p
        for p in planted.predictions
    )
    shown = shown_by(replace(planted, predictions=answers), planted.study.conditions[0])
    assert "photo_edges" in shown.answer
    assert "card_edges" not in shown.answer


def test_a_planted_mark_is_in_the_numbers(planted: Bundle) -> None:
    marking = next(c for c in planted.study.conditions if c.name == "map-marking")
    shown = shown_by(planted, marking)
    is_marked = shown.panels["gradcam: off_centre"] > 0.5
    assert (is_marked != shown.stimuli["right"]).mean() == pytest.approx(MARKED)


def test_numbers_have_one_scale_but_for_the_label_and_none_that_never_changes() -> None:
    table = pd.DataFrame({"a": [0.0, 4.0], f"{ANSWER}x": [0.0, 1.0], "same": [3.0, 3.0]})
    assert as_numbers(table).tolist() == [[-1, 0], [1, 1]]
    assert as_numbers(table[["same"]]).tolist() == [[0], [0]]


def test_natural_weights_are_the_counts_of_the_pool(planted: Bundle) -> None:
    stimuli = shown_by(planted, planted.study.conditions[0]).stimuli
    shown, natural = populations(planted, "silent", stimuli)
    assert (shown.name, natural.name) == (SHOWN, NATURAL)
    total = sum(POOL.values())
    for bin, right in CELLS:
        members = (stimuli["bin"] == bin) & (stimuli["right"] == right)
        assert natural.weights[members].sum() == pytest.approx(POOL[bin, right] / total)
        assert np.ptp(natural.weights[members]) == 0
    assert natural.covered_share == pytest.approx(total / (total + OUTSIDE_THE_BINS))
    assert natural.accept_everything == pytest.approx(75 / 95)
    # At .4 the AI accepts what is easy and right, or medium, or hard and wrong.
    assert natural.ai_alone == pytest.approx((60 + 10 + 5) / 95)
    assert (shown.accept_everything, shown.ai_alone) == (0.5, 0.5)


def test_only_natural_stimuli_in_bins_with_images_have_natural_weights(planted: Bundle) -> None:
    stimuli = shown_by(planted, planted.study.conditions[0]).stimuli
    altered = stimuli.assign(kind="adversarial")
    assert [p.name for p in populations(planted, "silent", altered)] == [SHOWN]
    easy = stimuli.assign(kind=np.where(stimuli["bin"] == "easy", "natural", "flipped"))
    _, natural = populations(planted, "silent", easy)
    assert set(stimuli["bin"][natural.weights > 0]) == {"easy"}
    assert natural.accept_everything == pytest.approx(60 / 65)
