import pytest
from pydantic import ValidationError

from analysis.export.facts import Analysis as ExportedAnalysis
from stimuli.study.analysis_settings import Analysis

WHY = "Labs of the field call five points the least that is worth an explanation."


@pytest.mark.parametrize("model", [Analysis, ExportedAnalysis])
def test_a_study_of_before_names_its_measure_as_outcome(model):
    assert model.model_validate({"outcome": "accuracy"}).measure == "accuracy"
    with pytest.raises(ValidationError, match="outcome"):
        model.model_validate({"outcome": "speed"})


@pytest.mark.parametrize("model", [Analysis, ExportedAnalysis])
def test_a_margin_comes_with_its_reason_and_is_of_a_share(model):
    whole = {"equivalence_points": 5, "equivalence_because": WHY}
    assert model.model_validate(whole).equivalence_points == 5
    for half in ({"equivalence_points": 5}, {"equivalence_because": WHY}):
        with pytest.raises(ValidationError, match="belong together"):
            model.model_validate(half)
    with pytest.raises(ValidationError, match="accuracy, over_reliance, under_reliance"):
        model.model_validate({"measure": "time", **whole})
    with pytest.raises(ValidationError, match="greater than 0"):
        model.model_validate({"equivalence_points": 0, "equivalence_because": WHY})


def test_no_measure_is_there_twice():
    Analysis.model_validate({"secondary": ["over_reliance", "time"]})
    for secondary in (["accuracy"], ["time", "time"]):
        with pytest.raises(ValidationError, match="twice"):
            Analysis.model_validate({"secondary": secondary})


@pytest.mark.parametrize("model", [Analysis, ExportedAnalysis])
def test_looks_increase_up_to_the_last_which_is_the_whole(model):
    assert model.model_validate({}).looks == ()
    assert model.model_validate({"looks": [0.5, 1]}).looks == (0.5, 1)
    for looks in ([0.5], [0.6, 0.5, 1], [0.5, 0.5, 1], [0, 1], [0.5, 1.5]):
        with pytest.raises(ValidationError, match="looks"):
            model.model_validate({"looks": looks})


def test_what_a_study_says_is_what_its_export_says():
    settings = {
        "measure": "over_reliance",
        "secondary": ["accuracy", "d_prime"],
        "pairs": [["a", "b"]],
        "alternative": "less",
        "equivalence_points": 4.5,
        "equivalence_because": WHY,
        "looks": [0.25, 1.0],
    }
    written = Analysis.model_validate(settings).model_dump(mode="json")
    assert ExportedAnalysis.model_validate(written).model_dump(mode="json") == written
