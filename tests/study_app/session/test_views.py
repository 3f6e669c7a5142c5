"""Addresses of participants: the landing page, a link, and what a script is replied."""

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
