"""Which screens a trial has, as `[trial]` and `[practice]` say, and what they show then."""

from collections import Counter
from itertools import pairwise

import pytest

from study_app.session.screens import TRIAL_SCREENS
from tests.study_app.visiting import read_csv

PAPER = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'
TRIAL = {screen.name for screen in TRIAL_SCREENS}


@pytest.fixture
def visit(empty_app, tools, tmp_path):
    """Loads the invented study with such tables of its screens; somebody who came to it."""

    def come(screens, **sizes):
        text = tools.study_text(**sizes).replace(PAPER, screens)
        bundle = tools.build_bundle(tmp_path / "bundle", text)
        tools.load(empty_app, bundle.path)
        return tools.visitor(empty_app.test_client()).start()

    return come


def whole_way(visitor):
    """Every screen on the way, and the page of each."""
    screens, pages = [visitor.screen], [visitor.response.text]
    while visitor.screen != "debrief":
        visitor.answer(visitor.page.form.choices[0])
        screens.append(visitor.screen)
        pages.append(visitor.response.text)
    return screens, pages


def trials_of(screens):
    """The screens of each trial, in order."""
    trials, trial = [], []
    for screen, following in pairwise([*screens, ""]):
        if screen in TRIAL:
            trial.append(screen)
        if screen in ("judge", "feedback") and following != "feedback":
            trials.append(trial)
            trial = []
    return trials


def test_practice_has_the_screens_of_a_trial_28(visit):
    trials = trials_of(whole_way(visit("", practice=2))[0])
    assert trials[:2] == [["seen", "card", "judge", "feedback"]] * 2
    assert trials[2:] == [["seen", "card", "judge"]] * 16


def test_the_papers_practice_asks_for_the_decision_alone_28(visit):
    assert trials_of(whole_way(visit(PAPER, practice=2))[0])[:2] == [["judge", "feedback"]] * 2


@pytest.mark.parametrize(("ask", "show"), [("first", "first"), ("never", "first"), ("never",) * 2])
def test_a_screen_comes_once_for_each_label_or_never_28(visit, empty_app, tools, ask, show, bundle):
    visitor = visit(f'[trial]\nask_seen = "{ask}"\nshow_card = "{show}"\npause = false\n')
    screens = Counter(whole_way(visitor)[0])
    labels = {
        bundle.prediction(trial.stimulus_id, bundle.study.conditions[0]).label
        for trial in tools.trials(empty_app)
    }
    counts = {"first": len(labels), "never": 0}
    assert (screens["seen"], screens["card"]) == (counts[ask], counts[show])
    assert screens["judge"] == 21
    asked = [trial.seen_asked for trial in tools.trials(empty_app)]
    assert asked == [trial.seen_before is not None for trial in tools.trials(empty_app)]


def test_an_answer_is_carried_to_later_trials_with_the_label_and_flagged_28(
    visit, empty_app, tools, study, tmp_path
):
    study_of = empty_app.test_cli_runner()
    visitor = visit('[trial]\nask_seen = "first"\npause = false\n')
    visitor.walk(choose=lambda page: "no" if page.screen == "seen" else page.form.choices[0])
    result = study_of.invoke(args=["study", "export", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    rows = read_csv(tmp_path / "out" / "responses.csv")
    assert {row["seen_before"] for row in rows} == {"0"}
    asked = [row for row in rows if row["seen_asked"] == "1"]
    assert len(asked) == len({row["label"] for row in rows})
    assert all(row["seen_rt_ms"] for row in asked)
    assert not any(row["seen_rt_ms"] for row in rows if row["seen_asked"] == "0")


def test_where_nobody_is_asked_nothing_is_carried_28(visit, empty_app, tmp_path):
    visit('[trial]\nask_seen = "never"\npause = false\n').walk()
    result = empty_app.test_cli_runner().invoke(args=["study", "export", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    rows = read_csv(tmp_path / "out" / "responses.csv")
    assert {(row["seen_before"], row["seen_asked"]) for row in rows} == {("", "0")}


def test_a_card_stays_one_click_away_where_it_is_shown_once_28(visit):
    visitor = visit('[trial]\nask_seen = "never"\nshow_card = "first"\npause = false\n')
    screens, pages = whole_way(visitor)
    has_card = [
        (before == "card", "data-card" in page)
        for before, screen, page in zip(screens, screens[1:], pages[1:], strict=False)
        if screen == "judge"
    ]
    assert set(has_card) == {(True, False), (False, True)}


def test_steps_are_counted_as_the_trial_has_them_28(visit):
    visitor = visit('[trial]\nask_seen = "first"\nshow_card = "never"\npause = false\n')
    visitor.walk(until="seen")
    assert "Step 1 of 2" in visitor.response.text
    assert "Step" not in visitor.answer("yes").response.text.split("<article")[1].split("<h1")[0]


def test_the_first_item_of_the_practice_explains_each_part_28(visit):
    visitor = visit("[trial]\npause = false\n")
    texts = [page for screen, page in zip(*whole_way(visitor), strict=True) if screen == "judge"]
    assert ["What you see here" in text for text in texts] == [True] + [False] * 20
    marks = texts[0].count('class="mark"')
    assert marks == texts[0].split('class="steps"')[1].split("</ol>")[0].count("<li>")


def test_feedback_shows_the_evidence_again_beside_the_card_of_the_true_class_28(
    visit, empty_app, tools, bundle
):
    visitor = visit("[trial]\npause = false\n").walk(until="judge")
    evidence = [picture for picture in visitor.page.pictures if "/media/" in picture]
    visitor.answer("yes")
    [trial] = [trial for trial in tools.trials(empty_app) if trial.decision]
    stimulus = bundle.stimulus_by_id[trial.stimulus_id]
    assert [picture for picture in evidence if picture not in visitor.page.pictures] == []
    assert f'Examples of <strong translate="no">{stimulus.true_label}' in visitor.response.text
    assert stimulus.rationale in visitor.response.text


def test_the_last_feedback_says_that_practice_is_over_28(visit):
    screens, pages = whole_way(visit("[trial]\npause = false\n", practice=3))
    over = ["practice is over" in page for page in pages]
    assert [i for i, is_over in enumerate(over) if is_over] == [
        max(i for i, screen in enumerate(screens) if screen == "feedback")
    ]


@pytest.mark.parametrize("wording", ["paper", "answer"])
def test_the_confidence_is_on_no_page_where_it_is_not_shown_28(visit, wording):
    visitor = visit(f'[trial]\nshow_confidence = false\nwording = "{wording}"\n')
    pages = whole_way(visitor)[1]
    assert not any("%" in page for page in pages)
    assert not any("confidence" in page for page in pages)


def test_an_answer_can_be_put_as_an_answer_28(visit):
    visitor = visit('[trial]\nwording = "answer"\n').walk(until="judge")
    heading = " ".join(visitor.response.text.split("<h1")[1].split("</h1>")[0].split())
    assert 'Sam’s answer: <strong translate="no">' in heading
    assert "confidence <strong>" in heading
    assert "guessed" not in " ".join(visitor.texts)
    assert "guessed" not in visitor.answer("yes").response.text


def test_a_pause_is_offered_once_half_way_28(visit, empty_app, tools):
    screens, pages = whole_way(visit('steps = "paper"\n'))
    assert screens.count("pause") == 1
    pause = screens.index("pause")
    after_practice = [screen for screen in screens[:pause] if screen == "judge"][5:]
    assert len(after_practice) == 8  # of ten validation and six test trials
    assert "answered 8 questions" in pages[pause]
    [participant] = tools.participants(empty_app)
    assert participant.paused_at is not None


def test_the_pause_times_nothing_28(visit, empty_app, tools):
    visitor = visit('steps = "paper"\n').walk(until="pause")
    shown = [trial.shown_at is not None for trial in tools.trials(empty_app)]
    assert shown == [True] * 13 + [False] * 8
    visitor.answer("continue")
    assert tools.trials(empty_app)[13].shown_at is not None
