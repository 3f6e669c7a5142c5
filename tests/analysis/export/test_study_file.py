from analysis.export.study_file import ConditionTable, QuestionTable, StudyFile, read_study


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


def test_scales_without_questions_of_their_kind_are_reported_together(tmp_path):
    item = '[[questions]]\nname = "{}"\nkind = "scale"\noptions = {}\n'
    (tmp_path / "study.toml").write_text(
        item.format("rely", ["No", "Yes"])
        + item.format("wary", ["No", "Rather", "Yes"])
        + '[[questions]]\nname = "age"\nkind = "number"\n'
        + '[[scales]]\nname = "trust"\nitems = ["rely", "wary", "age"]\nreversed = ["weary"]\n'
    )
    study, (problem,) = read_study(tmp_path / "study.toml")
    assert study is None
    assert "scales.trust: 'age' is no question of the kind scale" in problem
    assert "scales.trust: 'weary' is no question" in problem
    assert "its items have different numbers of options" in problem


def test_a_question_without_its_text_is_called_by_its_name():
    assert QuestionTable(name="age", text="How old are you?").label == "How old are you?"
    assert QuestionTable(name="age").label == "age"
