"""What the tables of a study owe each other: everything that does not fit is in one message."""

from stimuli.study import Study
from tests.stimuli.study.conftest import check_after, problems_with


def test_every_disagreement_between_tables_is_reported_at_once(colour_study: Study) -> None:
    message = problems_with(
        colour_study,
        conditions=[
            {"name": "a", "panels": ["magic"]},
            {"name": "a", "classifier": "nobody"},
        ],
        gate={"min_correct": 99},
        analysis={"pairs": [("a", "z")]},
        phases=[{"name": "test"}, {"name": "consent", "trials": 3}],
    )
    for problem in (
        "'magic' has no table [explainers.magic]",
        "'nobody' is none of",
        "the name 'a' is used more than once",
        "phases: must follow the order",
        "'instructions' is missing",
        "'debrief' is missing",
        "phases.test.trials: is missing",
        "phases.consent.trials: only the test phase",
        "'z' is none of the conditions",
    ):
        assert problem in message


def two_classifiers(study: Study, pairing: str, pairs: list[tuple[str, str]]) -> dict[str, object]:
    """Tables of a study whose conditions a and b judge the first classifier, and c another."""
    first = study.classifiers[0].model_dump()
    return {
        "classifiers": [first, first | {"name": "second"}],
        "bins": study.bins.model_dump() | {"pairing": pairing},
        "conditions": [{"name": "a"}, {"name": "b"}, {"name": "c", "classifier": "second"}],
        "analysis": {"pairs": pairs},
    }


def test_pairs_that_judge_different_classifiers_are_reported_with_all_else(
    colour_study: Study,
) -> None:
    tables = two_classifiers(colour_study, "system", [("a", "b"), ("a", "c"), ("c", "b")])
    message = problems_with(colour_study, **tables, gate={"min_correct": 99})
    first = colour_study.classifiers[0].name
    reason = "so that a difference would be one of AI and explanation together"
    advice = 'remove the pair, or set pairing = "matched" in [bins]'
    for a, b, classifiers in (("a", "c", (first, "second")), ("c", "b", ("second", first))):
        assert (
            f"analysis.pairs: {a!r} and {b!r} judge different classifiers ({classifiers[0]!r} and "
            f"{classifiers[1]!r}), {reason}; {advice}" in message
        )
    assert "analysis.pairs: 'a' and 'b'" not in message
    assert "gate.min_correct: 99" in message


def test_any_pair_may_be_tested_where_classifiers_match_or_none_is_named(
    colour_study: Study,
) -> None:
    for tables in (
        two_classifiers(colour_study, "matched", [("a", "c")]),
        two_classifiers(colour_study, "system", []),
    ):
        assert Study.model_validate(colour_study.model_dump() | tables).conditions[2].name == "c"


def test_a_gate_above_the_number_of_items_is_reported(colour_study: Study) -> None:
    assert "cannot be reached" in problems_with(colour_study, gate={"min_correct": 5})


def test_an_interleaved_validation_that_cannot_be_is_explained(colour_study: Study) -> None:
    message = problems_with(
        colour_study, gate={"min_correct": 3, "live": True, "interleaved": True}
    )
    assert "gate: " in message or "gate\n" in message
    assert "a live gate ends the session after the last validation trial" in message
    assert "set one to false" in message
    phases = [{"name": name} for name in ("consent", "instructions", "debrief")]
    phases.insert(2, {"name": "test", "trials": 1})
    message = problems_with(
        colour_study,
        phases=phases,
        gate={"interleaved": True},
    )
    for problem in (
        "gate.interleaved: there are no validation trials to mix",
        'add [[phases]] name = "validation" before the test',
        "phases.test.trials: 1, but interleaved validation trials stand between two",
    ):
        assert problem in message


def test_a_sum_for_a_validation_that_ends_no_session_is_refused(colour_study: Study) -> None:
    pay = {"reward": 1.0, "partial": {"failed_validation": 0.5}}
    for gate in ({"min_correct": 3}, {"min_correct": 3, "interleaved": True}):
        message = problems_with(colour_study, gate=gate, pay=pay)
        assert "pay.partial.failed_validation: no session ends so" in message
        assert "say `live = true` in [gate]" in message
    live = {"gate": {"min_correct": 3, "live": True}, "pay": pay}
    assert Study.model_validate(colour_study.model_dump() | live).pay.partial == pay["partial"]


def test_checks_among_interleaved_trials_are_counted_with_both_kinds(colour_study: Study) -> None:
    tables = {"gate": {"min_correct": 3, "interleaved": True}, "pay": {"minutes": 4}}
    last = Study.model_validate(
        colour_study.model_dump() | tables | {"attention": [check_after(10)]}
    )
    assert last.attention[0].after_trial == 10
    message = problems_with(colour_study, **tables, attention=[check_after(11)])
    assert "after_trial: 11, but there are 10 test and validation trials" in message


def test_questions_and_checks_that_do_not_fit_the_study_are_reported(colour_study: Study) -> None:
    again = {"name": "comments", "text": "?", "kind": "text"}
    message = problems_with(
        colour_study,
        attention=[check_after(999)],
        questions=[again, again],
        pay={"minutes": 5},
    )
    for problem in (
        "attention.blue.after_trial: 999, but there are",
        "attention: a study of 5 minutes needs 2 checks",
        "questions: the name 'comments' is used more than once",
        "questions.comments: is what the last screen is called",
    ):
        assert problem in message


def test_people_may_not_be_shown_less_than_the_ai_sees(colour_study: Study) -> None:
    message = problems_with(colour_study, rendering={"display_px": 31})
    assert "rendering.display_px: 31 is below dataset.crop_px (32)" in message
    for display_px, side in ((None, 32), (32, 32), (64, 64)):
        tables = colour_study.model_dump() | {"rendering": {"display_px": display_px}}
        assert Study.model_validate(tables).display_px == side


def test_a_score_that_would_mean_nothing_is_refused_with_the_reason(colour_study: Study) -> None:
    explainers = colour_study.explainers.model_dump() | {"salient": {}}
    wanted = ("gradcam", "salient", "neighbours", "lime")
    message = problems_with(
        colour_study,
        explainers=explainers,
        scores={"robustness": wanted, "randomisation": wanted},
    )
    for problem in (
        "scores.robustness: 'neighbours' draws no heat map; remove the name",
        "scores.robustness: 'lime' has no table [explainers.lime]; add it, or remove the name",
        "scores.randomisation: 'salient' knows no classifier, so that its maps are always the same",
        "scores.randomisation: 'neighbours' draws no heat map",
    ):
        assert problem in message
    assert "'gradcam'" not in message
    assert "scores.robustness: 'salient'" not in message


def item(name: str, n_options: int = 5, **facts: object) -> dict[str, object]:
    """A question of the kind scale."""
    options = [f"{k}" for k in range(n_options)]
    return {"name": name, "text": "?", "kind": "scale", "options": options, **facts}


def test_a_scale_sums_up_questions_that_are_alike(colour_study: Study) -> None:
    questions = [item("calm"), item("tense"), {"name": "age", "text": "?", "kind": "number"}]
    scale = {"name": "mood", "items": ["calm", "tense"], "reversed": ["tense"]}
    tables = {"questions": questions, "scales": [scale]}
    study = Study.model_validate(colour_study.model_dump() | tables)
    assert study.scales[0].reversed == ("tense",)
    assert study.offline() == colour_study.offline()
    message = problems_with(
        colour_study,
        questions=[*questions, item("tired", 4, when="after")],
        scales=[
            scale | {"items": ["calm", "age", "nobody"], "reversed": []},
            scale | {"name": "calm", "items": ["calm", "tired"], "reversed": []},
        ],
    )
    for problem in (
        "scales.mood.items: 'age' is no question of the kind scale",
        "scales.mood.items: 'nobody' is no question",
        "scales.calm: is what a question is called",
        "scales.calm.items: have different numbers of options",
        "scales.calm.items: some are asked before the trials, some after",
    ):
        assert problem in message


def test_a_scale_reverses_none_but_its_own_items_and_has_each_once(colour_study: Study) -> None:
    scale = {"name": "mood", "items": ["calm", "calm"], "reversed": ["tense"]}
    message = problems_with(colour_study, questions=[item("calm")], scales=[scale])
    assert "scales.mood.items: one is there more than once" in message
    assert "scales.mood.reversed: 'tense' is none of the items" in message


def test_looks_are_shares_of_a_quota_which_must_be_there(colour_study: Study) -> None:
    looks = {"analysis": {"looks": [0.5, 1]}}
    message = problems_with(colour_study, **looks, assignment={})
    assert "analysis.looks: are shares of the people that are planned" in message
    Study.model_validate(colour_study.model_dump() | looks | {"assignment": {"quota": 40}})
