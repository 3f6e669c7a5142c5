"""Addresses of participants: the landing page, a link, and what a script is replied."""

import re

from tests.study_app.asking import GOOD, RIGHT
from tests.study_app.visiting import verdict

PROLIFIC = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=sss222&SESSION_ID=eee333"


def test_opening_the_landing_page_creates_nothing(app, visitor, tools):
    visitor.open(f"/{PROLIFIC}")
    assert "Is the butterfly expert right?" in visitor.response.text
    assert visitor.page.form.fields["PROLIFIC_PID"] == "5f9b2c1e0a7d4e3b8c6f1a20"
    assert tools.participants(app) == []


def test_the_finished_link_shows_the_debrief_again(visitor):
    visitor.start().walk()
    first = visitor.response.text
    assert visitor.open(visitor.url).response.text == first


def test_an_answer_to_an_unknown_link_is_refused(visitor):
    visitor.start()
    fields = visitor.page.form.fields
    reply = visitor.client.post("/p/unknown/answer", data={**fields, "answer": "agree"})
    assert reply.status_code == 404


def test_an_answer_says_what_became_of_it_and_brings_the_next_screen(visitor, post):
    visitor.start()
    first = post("answer", screen="consent", answer="agree")
    assert (first.status_code, verdict(first)) == (200, "stored")
    assert 'name="screen" value="check"' in first.text
    again = post("answer", screen="consent", answer="agree")
    assert (verdict(again), again.text.split("<main>")[1][:600]) == (
        "already",
        first.text.split("<main>")[1][:600],
    )
    assert verdict(post("answer", screen="judge", trial="nobody", answer="yes")) == "refused"
    malformed = post("answer", screen="consent", answer="perhaps")
    assert (malformed.status_code, verdict(malformed)) == (400, "refused")


def test_a_screen_that_came_with_a_reply_counts_as_shown(app, visitor, post, tools):
    visitor.start().walk(until="instructions")
    assert tools.trials(app)[0].shown_at is None
    post("answer", screen="instructions", answer="continue")
    assert tools.trials(app)[0].shown_at is not None


BAR = re.compile(r'class="bar" value="(\d+)" max="(\d+)"\s+aria-label="([^"]*)"')


def test_the_bar_counts_trials_and_stands_at_none_before_them_and_at_all_after(respondent):
    bars = {}
    while respondent.screen != "debrief":
        screen = respondent.screen, respondent.page.form.fields.get("trial") or ""
        bars[screen] = [
            (int(n), int(of), say) for n, of, say in BAR.findall(respondent.response.text)
        ]
        fields = {"questions": GOOD, "attention": RIGHT}.get(respondent.screen, {})
        respondent.press(respondent.page.form.choices[0], **fields)
    assert bars.pop(("consent", "")) == bars.pop(("check", "")) == []
    before = [bars.pop(("questions", "before")), bars.pop(("instructions", ""))]
    assert before == [[(0, 8, "Before you begin")]] * 2
    after = [bars.pop(("attention", "walls")), bars.pop(("questions", "after"))]
    assert [*after, bars.pop(("comments", ""))] == [[(8, 8, "Almost done")]] * 3
    assert bars.pop(("attention", "pink")) == [(4, 8, "Main questions: 3 of 6")]
    assert [n for [(n, _, _)] in bars.values()] == sorted(n for [(n, _, _)] in bars.values())
    assert all(re.search(r"\d of \d", say) for [(_, _, say)] in bars.values())


def test_the_header_says_where_people_are_beside_the_trials(respondent):
    where = re.compile(r'class="where"><strong>([^<]*)</strong></span>')
    assert not where.search(respondent.response.text)
    respondent.press("agree").press("continue")
    assert where.findall(respondent.response.text) == ["Before you begin"]
    while respondent.screen != "comments":
        fields = {"questions": GOOD, "attention": RIGHT}.get(respondent.screen, {})
        respondent.press(respondent.page.form.choices[0], **fields)
    assert where.findall(respondent.response.text) == ["Almost done"]
