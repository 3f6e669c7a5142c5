"""A participant's way through the study, with the rows that it leaves."""

import pytest

PROLIFIC = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=sss222&SESSION_ID=eee333"


def test_opening_the_landing_page_creates_nothing(app, visitor, tools):
    visitor.open(f"/{PROLIFIC}")
    assert "Is the butterfly expert right?" in visitor.response.text
    assert visitor.page.form.fields["PROLIFIC_PID"] == "5f9b2c1e0a7d4e3b8c6f1a20"
    assert tools.participants(app) == []


def test_start_makes_one_person_with_all_trials(app, visitor, tools):
    visitor.start()
    [participant] = tools.participants(app)
    assert visitor.screen == "consent"
    assert visitor.token == participant.token
    phases = [trial.phase.value for trial in tools.trials(app)]
    assert phases == ["practice"] * 5 + ["validation"] * 10 + ["test"] * 6


def test_pressing_start_twice_makes_one_person(app, visitor, tools):
    visitor.open("/")
    form = visitor.page.form
    for _ in range(2):
        visitor.client.post(form.action, data=form.fields)
    assert len(tools.participants(app)) == 1


def test_the_screens_follow_each_other(visitor):
    screens = [visitor.start().screen]
    while screens[-1] != "debrief":
        screens.append(visitor.answer(visitor.page.form.choices[0]).screen)
    trial = ["seen", "card", "judge"]
    expected = [
        "consent",
        "check",
        "instructions",
        *["judge", "feedback"] * 5,
        *trial * 16,
        "debrief",
    ]
    assert screens == expected


def test_every_answer_is_stored(app, visitor, tools):
    visitor.start().walk(until="seen")
    visitor.press("no", rt_ms="812.25", input="touch")
    visitor.press("continue", rt_ms="1500.5", input="mouse")
    visitor.press("no", rt_ms="2345.75", input="keyboard")
    trial = tools.trials(app)[5]
    assert (trial.seen_before, trial.seen_rt_ms, trial.card_rt_ms) == (False, 812.25, 1500.5)
    assert (trial.decision, trial.decision_rt_ms, trial.input) == ("reject", 2345.75, "keyboard")
    assert trial.shown_at <= trial.card_read_at <= trial.answered_at


def test_a_finished_session_is_completed(app, visitor, tools):
    visitor.start().walk()
    [participant] = tools.participants(app)
    assert participant.outcome == "completed"
    assert (
        participant.started_at
        <= participant.consented_at
        <= participant.instructed_at
        <= participant.finished_at
    )
    assert all(trial.decision for trial in tools.trials(app))


def test_the_picture_on_the_screen_is_the_one_that_is_stored(app, visitor, tools, bundle):
    visitor.start().walk(until="judge")
    trial = tools.trials(app)[0]
    [photo] = [p for p in visitor.page.pictures if trial.image_sha256[:16] in p]
    assert (
        visitor.client.get(photo).data
        == (bundle.path / bundle.stimulus_by_id[trial.stimulus_id].image).read_bytes()
    )


@pytest.mark.parametrize(
    "screen", ["consent", "check", "instructions", "judge", "feedback", "seen", "card"]
)
def test_a_reload_returns_to_the_screen(visitor, screen):
    visitor.start().walk(until=screen)
    before = visitor.page.form.fields.get("trial")
    visitor.open(visitor.url)
    assert visitor.screen == screen
    assert visitor.page.form.fields.get("trial") == before


def test_the_finished_link_shows_the_debrief_again(visitor):
    visitor.start().walk()
    first = visitor.response.text
    assert visitor.open(visitor.url).response.text == first


def test_practice_says_the_truth_only_after_the_answer(visitor, bundle, app, tools):
    visitor.start().walk(until="judge")
    stimulus = bundle.stimulus_by_id[tools.trials(app)[0].stimulus_id]
    assert stimulus.rationale not in visitor.response.text
    visitor.answer("yes")
    assert stimulus.rationale in visitor.response.text
    assert ", and was " not in visitor.response.text  # the rationale says that
    assert f"<strong>{stimulus.true_label}</strong>" in visitor.response.text


def test_somebody_who_declines_ends_there(app, visitor, tools):
    visitor.start().press("decline")
    [participant] = tools.participants(app)
    assert (participant.outcome, participant.consented_at) == ("declined", None)
    assert "decided not to take part" in visitor.response.text
    assert "CDONE123" not in visitor.response.text
    assert all(trial.shown_at is None for trial in tools.trials(app))


def test_the_instructions_explain_the_panel_of_the_condition(app, another_visitor, tools):
    words = {
        "confidence": "its confidence",
        "heatmap": "The darker the red",
        "neighbours": "learned from",
    }
    texts = {}
    for _ in range(3):
        visitor = another_visitor().start().walk(until="instructions")
        texts[tools.participants(app)[-1].condition] = visitor.response.text
    assert texts.keys() == words.keys()
    for condition, word in words.items():
        assert [name for name, text in texts.items() if word in text] == (
            list(texts) if condition == "confidence" else [condition]
        )


def test_a_share_of_a_half_is_rounded_up_on_the_screen(visitor, app, tools, bundle):
    visitor.start().walk(until="judge")
    texts = "".join(visitor.walk().texts)
    assert "93&nbsp;%" in texts  # 0.925
    assert "92&nbsp;%" not in texts


def test_a_study_of_descriptions_promises_no_pictures_and_shows_none(empty_app, tools, tmp_path):
    text = tools.study_text() + "[cards]\nexamples = 0\n"
    tools.load(empty_app, tools.build_bundle(tmp_path / "words", text).path)
    visitor = tools.visitor(empty_app.test_client()).start().walk(until="instructions")
    assert "short description of the name, so" in " ".join(visitor.response.text.split())
    card = visitor.walk(until="card").response.text
    assert "A butterfly, number" in card
    assert 'alt="Example' not in card
    assert visitor.walk().screen == "debrief"


def test_a_study_with_card_pictures_promises_and_shows_them(visitor):
    instructions = visitor.start().walk(until="instructions").response.text
    assert "with example photos, so" in " ".join(instructions.split())
    assert visitor.walk(until="card").response.text.count('alt="Example') == 3
