"""A study's own steps: what each shows and asks, and what is left of the answers."""

import re
from collections import Counter

import pytest
from sqlalchemy import select

from study_app.answer_models import StepAnswer, Trial
from study_app.database import db
from tests.languages import read, translatable
from tests.study_app.invented import LABELS
from tests.study_app.own_steps import ADVICE, EVERY_KIND, FILLED, ON_DEMAND, PAPER
from tests.study_app.visiting import read_csv

WITHOUT = '[[conditions]]\nname = "alone"\nshows_ai = false\n'


@pytest.fixture
def visit(empty_app, tools, tmp_path):
    """Loads the invented study with such a trial; somebody of a condition who came to it."""

    def come(trial, condition="heatmap", **sizes):
        sizes = {"practice": 1, "validation": 2, "test": 3} | sizes
        text = tools.study_text(**sizes).replace(PAPER, trial)
        bundle = tools.build_bundle(tmp_path / "bundle", text)
        tools.load(empty_app, bundle.path)
        while True:
            visitor = tools.visitor(empty_app.test_client()).start()
            if tools.participants(empty_app)[-1].condition == condition:
                return visitor

    return come


def steps_of(visitor):
    """The screens from here to the end, each with its step and its page."""
    met = []
    while visitor.screen != "debrief":
        step = visitor.page.form.fields.get("trial", "").partition(":")[2]
        met.append((visitor.screen, step, visitor.response.text))
        visitor.answer(visitor.page.form.choices[0])
    return met


def answers(app):
    """Every answer to a step, in the order of the trials."""
    with app.app_context():
        return list(
            db.session.scalars(
                select(StepAnswer).order_by(StepAnswer.trial, StepAnswer.answered_at)
            )
        )


def test_a_trial_has_its_steps_in_their_order_and_practice_ends_with_feedback_32(visit):
    trial = [("step", "alone"), ("step", "advised")]
    met = [(screen, step) for screen, step, _ in steps_of(visit(ADVICE))]
    assert met[3:] == [*trial, ("feedback", ""), *trial * 5]


def test_the_first_step_shows_neither_answer_nor_explanation_32(visit):
    for _, step, page in steps_of(visit(ADVICE)):
        if step:
            assert ("guessed this is" in page) == (step == "advised")
            assert ('class="heatmap"' in page) == (step == "advised")
            assert ("Your answer before:" in page) == (step == "advised")


def test_every_answer_is_stored_with_what_was_carried_32(visit, empty_app):
    steps_of(visit(ADVICE))
    stored = answers(empty_app)
    assert Counter(answer.name for answer in stored) == {"alone": 6, "advised": 6}
    for alone, advised in zip(stored[::2], stored[1::2], strict=True):
        assert (alone.carried, advised.carried) == (None, alone.value)
        assert (advised.rt_ms, advised.input) == (1234.5, "mouse")


def test_names_are_offered_in_one_order_with_the_true_one_and_the_ais_32(visit, empty_app, bundle):
    for _, step, page in steps_of(visit(ADVICE)):
        if step:
            options = re.findall(r'name="answer" value="([^"]+)" data-key="\d"', page)
            assert options == sorted(options)
            assert len(options) == 4


def test_a_name_that_was_not_offered_is_refused_and_the_page_comes_again_32(visit, empty_app):
    visitor = visit(ADVICE).walk(until="step")
    visitor.press("Bald Eagle")
    assert visitor.response.status_code == 422
    assert "Please choose one of the answers." in visitor.response.text
    assert not answers(empty_app)


def test_a_step_that_is_sent_twice_is_stored_once_32(visit, empty_app):
    visitor = visit(ADVICE).walk(until="step")
    form, choice = visitor.page.form, visitor.page.form.choices[0]
    fields = {**form.fields, "answer": choice}
    for _ in range(2):
        visitor.client.post(form.action, data=fields)
    assert [answer.name for answer in answers(empty_app)] == ["alone"]


def test_a_decision_of_ones_own_steps_is_that_of_the_trial_32(visit, empty_app):
    visitor = visit(ON_DEMAND).walk(until="step")
    visitor.press("reject", revealed="answer:503 panels:2100", rt_ms="3000")
    with empty_app.app_context():
        trial = db.session.scalars(select(Trial).where(Trial.answered_at.is_not(None))).one()
    [answer] = answers(empty_app)
    assert (trial.decision, trial.decision_rt_ms) == ("reject", 3000)
    assert (answer.value, answer.revealed) == ("reject", "answer:503 panels:2100")


@pytest.mark.parametrize("revealed", ["truth:5", "answer:-1", "answer:5 answer:6", "answer"])
def test_nothing_is_kept_of_what_cannot_have_been_revealed_32(visit, empty_app, revealed):
    visit(ON_DEMAND).walk(until="step").press("accept", revealed=revealed)
    assert answers(empty_app)[0].revealed is None


def test_a_group_without_the_ai_answers_once_and_never_meets_it_32(visit, empty_app, tools):
    met = steps_of(visit(ADVICE.replace("[trial]", WITHOUT + "[trial]"), condition="alone"))
    assert [step for _, step, _ in met if step] == ["alone"] * 6
    trial_pages = [page for _, step, page in met if step]
    assert not any("guessed this is" in page for page in trial_pages)


def test_a_group_without_the_ai_accepts_or_rejects_a_name_32(visit):
    met = steps_of(visit(WITHOUT + "[trial]\npause = false\n", condition="alone"))
    judged = [page for screen, _, page in met if screen == "judge"]
    assert len(judged) == 6
    for page in judged:
        assert re.search(r'<h1[^>]*>Is this <strong translate="no">[\w ]+</strong>\?</h1>', page)
        assert "&nbsp;%" not in page
        assert "guessed" not in page


@pytest.mark.parametrize("trial", [PAPER, ADVICE], ids=["of the paper", "of two stages"])
def test_a_group_without_the_ai_reads_of_none_before_the_debrief_32(visit, trial):
    text = trial.replace("[trial]", WITHOUT + "[trial]", 1)
    visitor = visit(text, condition="alone")
    met = steps_of(visitor)
    pages = [visitor.client.get("/").text, *(page for _, _, page in met)]
    said = {one for page in pages for one in read(page) if re.search(r"\b(AI|Sam)\b", one)}
    assert said == set()
    assert met[0][0] == "consent"
    told = " ".join(read(visitor.response.text))
    assert "We compare how well people judge photos by themselves and with what an AI" in told
    assert "Other groups were told what an AI believes that the photos show." in told
    assert "Sam" not in told


def test_the_export_has_a_row_for_each_step_32(visit, empty_app, tools, tmp_path):
    steps_of(visit(ADVICE))
    tools_export = empty_app.test_cli_runner().invoke(
        args=["study", "export", str(tmp_path / "out")]
    )
    assert tools_export.exit_code == 0, tools_export.output
    rows, trials = read_csv(tmp_path / "out/steps.csv"), read_csv(tmp_path / "out/responses.csv")
    assert [row["step"] for row in rows] == ["alone", "advised"] * 6
    for row in rows:
        assert (row["right"] == "1") == (row["value"] == row["truth"])
    outcome = [row["right"] for row in rows if row["step"] == "advised"]
    assert [row["team_right"] for row in trials] == outcome
    assert {row["decision"] for row in trials} == {""}


def test_no_name_of_a_class_is_translated_on_any_page_of_a_study_with_steps(visit) -> None:
    pages = visit(EVERY_KIND).walk(until="feedback", filled=FILLED).texts
    shown = [page for page in pages if any(label in page for label in LABELS)]
    assert len(shown) == 9
    assert [name for name in LABELS if any(name in translatable(page) for page in shown)] == []
