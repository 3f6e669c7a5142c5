from analysis.statistics.measures.steps.chance_level import options_offered
from tests.analysis.step_tables import step

LABELS = ("monarch", "viceroy", "admiral", "comma", "peacock")


def test_a_guess_has_as_many_answers_to_choose_from_as_are_offered():
    decision, classes = step("d", "decision"), step("c", "choice", options="classes")
    assert options_offered(decision, LABELS, {}) == 2
    assert options_offered(step("c", "choice", options=["a", "b", "c"]), LABELS, {}) == 3
    assert options_offered(classes, LABELS, {"c": 3}) == 3
    assert options_offered(classes, LABELS, {}) is None
    assert options_offered(classes, LABELS[:2], {"c": 3}) == 2


def test_who_writes_or_sets_a_number_does_not_choose():
    for kind in ("number", "slider", "text"):
        assert options_offered(step("n", kind), LABELS, {}) is None
