"""The study file: what it accepts, and that everything wrong with it is in one message."""

from pathlib import Path

import pytest

from stimuli.study import ONLINE_TABLES, Study, StudyError, parse_study, read_study
from stimuli.study.online import Phase

STUDIES = sorted(Path("stimuli/studies").glob("*.toml"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_the_studies_of_the_project_are_valid(path: Path) -> None:
    study = read_study(path)
    named = study.study.name, study.study.language
    assert path.stem in (named[0], "_".join(named))
    assert study.has_phase(Phase.TEST)


WRONG = """
[study]
name = "Has Spaces"
title = ""
seed = "five"

[dataset]
adaptor = "species"
crop_px = 300

[[classifiers]]
name = "tiny"
backbone = "vgg"
weights = "none"

[[conditions]]
name = "confidence"
panels = []
colour = "red"
"""


def test_every_problem_of_a_table_is_reported_at_once() -> None:
    with pytest.raises(StudyError) as error:
        parse_study(WRONG, subject="wrong.toml")
    message = str(error.value)
    for place in (
        "study.name",
        "study.title",
        "study.seed",
        "crop_px (300)",
        "classifiers.0.backbone",
        "conditions.0.colour",
        "phases: is missing",
    ):
        assert place in message
    assert message.startswith("wrong.toml: ")


def changed(study: Study, **tables: object) -> str:
    """What is wrong with a valid study once some tables are replaced."""
    with pytest.raises(ValueError, match="problem|error") as error:
        Study.model_validate(study.model_dump() | tables)
    return str(error.value)


def test_every_disagreement_between_tables_is_reported_at_once(colour_study: Study) -> None:
    message = changed(
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
    message = changed(colour_study, **tables, gate={"min_correct": 99})
    first = colour_study.classifiers[0].name
    reason = "so that a difference would be one of AI and explanation together"
    advice = 'remove the pair, or set pairing = "matched" in [bins]'
    for a, b, said in (("a", "c", (first, "second")), ("c", "b", ("second", first))):
        assert (
            f"analysis.pairs: {a!r} and {b!r} judge different classifiers ({said[0]!r} and "
            f"{said[1]!r}), {reason}; {advice}" in message
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
    assert "cannot be reached" in changed(colour_study, gate={"min_correct": 5})


def test_an_interleaved_validation_that_cannot_be_is_explained(colour_study: Study) -> None:
    said = changed(colour_study, gate={"min_correct": 3, "live": True, "interleaved": True})
    assert "gate: " in said or "gate\n" in said
    assert "a live gate ends the session after the last validation trial" in said
    assert "set one to false" in said
    phases = [{"name": name} for name in ("consent", "instructions", "debrief")]
    phases.insert(2, {"name": "test", "trials": 1})
    said = changed(
        colour_study,
        phases=phases,
        gate={"interleaved": True},
    )
    for problem in (
        "gate.interleaved: there are no validation trials to mix",
        'add [[phases]] name = "validation" before the test',
        "phases.test.trials: 1, but interleaved validation trials stand between two",
    ):
        assert problem in said


def test_a_sum_for_a_validation_that_ends_no_session_is_refused(colour_study: Study) -> None:
    pay = {"reward": 1.0, "partial": {"failed_validation": 0.5}}
    for gate in ({"min_correct": 3}, {"min_correct": 3, "interleaved": True}):
        said = changed(colour_study, gate=gate, pay=pay)
        assert "pay.partial.failed_validation: no session ends so" in said
        assert "say `live = true` in [gate]" in said
    live = {"gate": {"min_correct": 3, "live": True}, "pay": pay}
    assert Study.model_validate(colour_study.model_dump() | live).pay.partial == pay["partial"]


def test_an_interleaved_validation_needs_no_new_bundle(colour_study: Study) -> None:
    gate = {"min_correct": 3, "interleaved": True}
    study = Study.model_validate(colour_study.model_dump() | {"gate": gate})
    assert study.offline() == colour_study.offline()
    assert [study.counted_in(phase) for phase in (Phase.PRACTICE, Phase.VALIDATION)] == [
        Phase.PRACTICE,
        Phase.TEST,
    ]
    assert colour_study.counted_in(Phase.VALIDATION) is Phase.VALIDATION
    assert (study.counted_trials, colour_study.counted_trials) == (6 + 4, 6)


def test_checks_among_interleaved_trials_are_counted_with_both_kinds(colour_study: Study) -> None:
    tables = {"gate": {"min_correct": 3, "interleaved": True}, "pay": {"minutes": 4}}
    last = Study.model_validate(
        colour_study.model_dump() | tables | {"attention": [check_after(10)]}
    )
    assert last.attention[0].after_trial == 10
    said = changed(colour_study, **tables, attention=[check_after(11)])
    assert "after_trial: 11, but there are 10 test and validation trials" in said


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "no such file"), (b"[study", "is not TOML"), (b"\xff\xfe", "is not UTF-8")],
)
def test_a_file_that_is_no_study_is_explained(
    tmp_path: Path, content: bytes | None, expected: str
) -> None:
    path = tmp_path / "study.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StudyError, match=expected):
        read_study(path)


def test_changing_an_online_table_leaves_the_offline_part_as_it_is(colour_study: Study) -> None:
    other = colour_study.model_copy(
        update={"texts": colour_study.texts.model_copy(update={"lab": "x"})}
    )
    assert other != colour_study
    assert other.offline() == colour_study.offline()
    assert set(colour_study.offline()).isdisjoint(ONLINE_TABLES)


def test_partial_pay_and_codes_that_prolific_would_not_take_are_reported(
    colour_study: Study,
) -> None:
    said = changed(
        colour_study,
        pay={"reward": 1.0, "partial": {"declined": 0.2, "failed_validation": 1.0}},
        prolific={"codes": {"completed": "ABC", "declined": "ABC"}},
    )
    assert "partial.declined: nobody is paid in part for this" in said
    assert "partial.failed_validation: 1.0 must be below the reward of 1.0" in said
    assert "['ABC'] stand for more than one outcome" in said
    assert "prolific.codes.finished" in changed(
        colour_study, prolific={"codes": {"finished": "ABC"}}
    )
    assert "no reward to pay a part of" in changed(colour_study, pay={"partial": {"error": 1.0}})


def test_every_problem_of_questions_and_checks_is_reported_at_once(colour_study: Study) -> None:
    scale = ["Agree", "Rather agree", "Rather disagree", "Disagree"]
    walls = {"kind": "nonsensical", "text": "I walk through walls.", "after_trial": 1}
    said = changed(
        colour_study,
        questions=[
            {"name": "age", "text": "Age?", "kind": "number", "options": ["1", "2"]},
            {"name": "sex", "text": "Sex?", "kind": "choice", "options": ["one"], "low": 1},
            {"name": "years", "text": "Years?", "kind": "number", "low": 9, "high": 3},
        ],
        attention=[
            walls | {"name": "side", "options": scale, "expected": ["Agree", "Disagree"]},
            walls | {"name": "odd", "options": scale[:3], "expected": ["Agree"]},
            walls
            | {
                "name": "mid",
                "options": ["Yes", "Neither of them"],
                "expected": ["Neither of them"],
            },
            {
                "kind": "instructed",
                "name": "capital",
                "text": "What is the capital of France?",
                "options": ["Rome", "Paris"],
                "expected": "Paris",
                "after_trial": 1,
            },
            walls | {"name": "knowledge", "kind": "knowledge", "options": scale, "expected": scale},
        ],
    )
    for problem in (
        "age.options: a number has none",
        "sex.options: there must be two at least",
        "sex.low, high: only a number has them",
        "years.low: 9 must be below high",
        "side.expected: must be the first or the second half",
        "odd.options: their number must be even",
        "mid.options: 'Neither of them' is on neither side",
        "capital.text: does not say 'Paris'",
        "'instructed', 'nonsensical'",
    ):
        assert problem in said


def check_after(trial: int, name: str = "blue") -> dict[str, object]:
    """An attention check."""
    options = ["Blue", "Red"]
    text = "Please choose Blue here."
    facts = {"kind": "instructed", "text": text, "options": options, "expected": "Blue"}
    return facts | {"name": name, "after_trial": trial}


def test_questions_and_checks_that_do_not_fit_the_study_are_reported(colour_study: Study) -> None:
    again = {"name": "comments", "text": "?", "kind": "text"}
    said = changed(
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
        assert problem in said


@pytest.mark.parametrize(("minutes", "least"), [(1, 1), (4, 1), (5, 2), (60, 2)])
def test_prolifics_rule_says_how_many_failed_checks_count(
    colour_study: Study, minutes: int, least: int
) -> None:
    checks = [check_after(1), check_after(2, "red")]
    tables = {"pay": {"minutes": minutes}, "attention": checks}
    assert Study.model_validate(colour_study.model_dump() | tables).least_failed == least


def test_a_panel_that_nobody_could_come_from_or_go_back_to_is_reported(colour_study: Study) -> None:
    said = changed(
        colour_study,
        provider={
            "person": "id",
            "study": "id",
            "session": "csrf_token",
            "return_url": "http://panel.example/?cc={code}&again={code}&who={name}",
        },
    )
    for problem in (
        "'id' is the name of two parameters",
        "'csrf_token' is a field of the first page",
        "is no https address",
        "must say {code} exactly once",
        "{name} means nothing",
    ):
        assert problem in said
    assert "provider.person" in changed(colour_study, provider={"person": "my id"})
