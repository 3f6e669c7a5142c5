import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.export.read import read_export
from analysis.export.study_file import BinsTable
from analysis.statistics.analysed import analysed
from analysis.statistics.measures.confidence import histogram, per_classifier
from tests.analysis.exports import pool_of, write_export
from tests.analysis.participants import someone

PAPER = BinsTable()
# Cell W#17 of the authors' analysis: ImageNet answers by tenth of confidence
IMAGENET = (199, 1250, 2171, 2641, 3049, 3599, 3412, 3627, 4748, 23507)
DOGS = (3, 57, 136, 232, 409, 507, 514, 526, 736, 2690)


def answers_of(pairs):
    return pd.DataFrame(list(pairs), columns=["confidence", "ai_right"]).astype(
        {"confidence": "float64", "ai_right": "boolean"}
    )


@pytest.mark.parametrize(
    ("counts", "whole", "in_bands"), [(IMAGENET, 48_203, 38_523), (DOGS, 5_810, 4_538)]
)
def test_the_published_histograms_and_their_share_in_the_bands(counts, whole, in_bands):
    middles = np.repeat((np.arange(10) + 0.5) / 10, counts)
    table = histogram(answers_of((c, True) for c in middles), PAPER)
    assert tuple(table["n_images"]) == counts
    assert table["n_images"].sum() == whole
    assert table.loc[table["band"] != "", "n_images"].sum() == in_bands
    assert table["images_percent"].sum() == pytest.approx(100)


def test_right_and_wrong_answers_by_hand_with_edges_above_and_certainty_in_the_last_tenth():
    answers = [(0.0, False), (0.3, True), (0.55, True), (0.59, False), (0.6, True), (1.0, True)]
    table = histogram(answers_of([*answers, (0.95, False), (0.999, True)]), PAPER)
    assert table["n_right"].tolist() == [0, 0, 0, 1, 0, 1, 1, 0, 0, 2]
    assert table["n_wrong"].tolist() == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert table["right_percent"].tolist()[-1] == 25
    assert table["images_percent"].tolist()[-1] == 37.5


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60))
def test_the_tenths_are_those_of_the_authors_and_hold_every_answer(answers):
    table = histogram(answers_of(answers), PAPER)
    tenths = [min(int(confidence * 10), 9) for confidence, _ in answers]
    assert table["n_images"].tolist() == [tenths.count(tenth) for tenth in range(10)]
    assert table["n_right"].sum() == sum(right for _, right in answers)


def test_a_tenth_that_an_edge_cuts_is_in_no_band():
    bands = histogram(answers_of([]), BinsTable(low_below=0.25, medium=(0.4, 0.7), high_from=0.9))
    expected = ["low"] * 2 + [""] * 2 + ["medium"] * 3 + [""] * 2 + ["high"]
    assert bands["band"].tolist() == expected
    assert bands["images_percent"].isna().all()


def test_a_classifier_without_a_pool_has_its_natural_stimuli_each_once(tmp_path):
    participants = [someone("confidence", 4, n=9), someone("gradcam", 3, n=6)]
    read = analysed(read_export(write_export(tmp_path / "e", participants, pool=[])))
    table = per_classifier(read.export.pool, read.trials, ["tiny"], PAPER)
    assert set(table["basis"]) == {"stimuli shown"}
    # natural stimuli at .9, .58, .2 (AI right) and .1, .45, .85 (wrong)
    assert table["n_right"].tolist() == [0, 0, 1, 0, 0, 1, 0, 0, 0, 1]
    assert table["n_wrong"].tolist() == [0, 1, 0, 0, 1, 0, 0, 0, 1, 0]


def test_a_pool_is_taken_before_the_stimuli_and_its_val_split_is_not(tmp_path):
    pool = pool_of({("easy", True): 3}, outside_wrong=1)
    pool += [{**pool[0], "split": "val", "source": "another"}]
    export = write_export(tmp_path / "e", [someone("confidence", 4)], pool=pool)
    read = analysed(read_export(export))
    table = per_classifier(read.export.pool, read.trials, ["tiny"], PAPER)
    assert set(table["basis"]) == {"whole pool"}
    assert table["n_right"].tolist()[-1] == 3
    assert table["n_wrong"].tolist()[7] == 1
    assert table["n_images"].sum() == 4
