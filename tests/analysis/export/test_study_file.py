from analysis.export.study_file import ConditionTable, StudyFile


def test_a_study_file_without_panels_shows_the_explainer_that_is_named_like_the_condition():
    names = ["confidence", "cam"]
    assert StudyFile().panels_of(names) == {"confidence": ("confidence",), "cam": ("cam",)}
    table = ConditionTable(name="cam", panels=("cam", "knn"))
    study = StudyFile(conditions=(ConditionTable(name="confidence"), table))
    assert study.panels_of([*names, "new"]) == {
        "confidence": (),
        "cam": ("cam", "knn"),
        "new": (),
    }
