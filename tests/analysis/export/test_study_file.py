from analysis.export.study_file import (
    ConditionTable,
    QuestionTable,
    ScaleTable,
    StudyFile,
    read_study,
    with_versions,
)


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


def test_versions_of_a_study_keep_apart_what_they_asked_differently():
    """`rely` is the same in both, `wary` has another option, `old` and `new` are in one alone."""
    options, more = ("No", "Yes"), ("No", "Rather", "Yes")
    rely = QuestionTable(name="rely", kind="scale", options=options, when="after")
    first = StudyFile(
        questions=(
            rely,
            QuestionTable(name="wary", kind="scale", options=options, when="after"),
            QuestionTable(name="old", text="What then?"),
        ),
        scales=(ScaleTable(name="trust", items=("rely", "wary"), reversed=("wary",)),),
    )
    second = StudyFile(
        questions=(
            rely,
            QuestionTable(name="wary", kind="scale", options=more, when="after"),
            QuestionTable(name="new"),
        ),
        scales=(
            ScaleTable(name="trust", items=("wary",), reversed=("wary",)),
            ScaleTable(name="reliance", items=("rely",)),
        ),
    )
    both, renamed = with_versions(second, {1: first, 2: second})
    assert renamed == {1: {"wary": "wary (version 1)"}, 2: {}}
    assert {question.name: question.label for question in both.questions} == {
        "rely": "rely",
        "wary": "wary (version 2)",
        "new": "new (version 2)",
        "wary (version 1)": "wary (version 1)",
        "old": "What then? (version 1)",
    }
    assert {(s.name, s.items, s.reversed) for s in both.scales} == {
        ("trust", ("wary",), ("wary",)),
        ("reliance", ("rely",), ()),
        ("trust (version 1)", ("rely", "wary (version 1)"), ("wary (version 1)",)),
    }
    assert with_versions(second, {2: second}) == (second, {2: {}})
    assert with_versions(second, {}) == (second, {})
