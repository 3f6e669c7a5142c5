import pytest
from matplotlib.colors import to_rgb

from analysis.report.drawing import COLOURS
from analysis.report.figures.score_ranks import beside_people, explanation_names, places
from analysis.statistics.measures.score_ranks import agreement, ranks
from tests.analysis.statistics.measures.test_score_correlations import scored
from tests.analysis.statistics.measures.test_score_ranks import ACCURACY, flat, shown

CONDITIONS = shown(
    a={"iou": 0.2, "dice": 0.1, "deletion": 0.3},
    b={"iou": 0.5, "dice": 0.2, "deletion": 0.1},
    c={"iou": 0.4, "deletion": 0.2},
)


def test_every_rank_stands_in_its_row_and_column_and_families_are_apart():
    table = ranks(CONDITIONS, ACCURACY)
    above, below = beside_people(table, agreement(table)).axes
    assert [label.get_text() for label in above.get_yticklabels()] == ["a", "b", "c"]
    labels = [label.get_text() for label in above.get_xticklabels()]
    assert labels == ["iou", "dice", "deletion", "accuracy"]
    columns = places(table)
    assert columns == {"iou": 0, "dice": 1, "deletion": 2.4, "people": 3.8}
    drawn = {(patch.get_x(), patch.get_y()): patch for patch in above.patches}
    assert len(drawn) == len(table) == 11
    best = drawn[columns["deletion"], 1].get_facecolor()[:3]
    assert best == pytest.approx(to_rgb(COLOURS[0]))
    texts = [text.get_text() for text in above.texts]
    assert texts[:3] == ["3", "1", "2"]
    assert texts[-3:] == ["localisation", "faithfulness", "people"]
    assert [label.get_text() for label in below.get_xticklabels()] == texts[-3:-1]


@pytest.mark.slow
def test_any_number_of_explanations_can_be_drawn():
    for n in range(2, 13):
        means = {f"e{k}": {"iou": k, "deletion": k % 3} for k in range(n)}
        table = ranks(shown(**means), dict.fromkeys(means, 70.0))
        above, _ = beside_people(table, agreement(table)).axes
        assert len(above.get_yticklabels()) == n


def test_agreement_is_blue_disagreement_red_and_what_is_not_known_a_dash():
    table = ranks(CONDITIONS, {"a": 80.0, "b": 60.0, "c": 70.0})
    _, below = beside_people(table, agreement(table)).axes
    assert [text.get_text() for text in below.texts] == ["1.00", "1.00", "–", "−1.00", "−1.00"]
    red = below.patches[-1].get_facecolor()[:3]
    assert red == pytest.approx(to_rgb(COLOURS[1]))


def test_an_explanation_is_called_by_its_condition_unless_that_shows_several():
    both = {("cam", "iou"): flat(1), ("rise", "iou"): flat(2)}
    conditions = [scored(both, condition="two"), scored({("cam", "iou"): flat(3)}, condition="b1")]
    names = explanation_names(ranks(conditions, {}))
    assert names == ["two: cam", "two: rise", "b1"]
