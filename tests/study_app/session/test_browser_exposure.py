"""What was in view before a decision, measured in a real browser; and answers that wait for it."""

import pytest

from tests.web import FORM, go_to, press, screen_of, start, walk_unseen

pytestmark = pytest.mark.slow

PAPER = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'
ONCE = PAPER + 'ask_seen = "never"\nshow_card = "first"\n'
LOCKED = ONCE + "unlock = true\ndwell_ms = 700\n"
WIDE, TINY = {"width": 1280, "height": 800}, {"width": 420, "height": 180}
YES = f"{FORM} button[value=yes]"


@pytest.fixture(scope="module", params=[ONCE], ids=["open"])
def screens(request):
    """The tables of a study's screens."""
    return request.param


@pytest.fixture(scope="module")
def looking(tmp_path_factory, tools, screens):
    """A server with such a study."""
    folder = tmp_path_factory.mktemp("looking")
    text = tools.study_text(practice=1, validation=6, test=3).replace(PAPER, screens)
    with tools.open_loaded(folder, tools.build_bundle(folder / "b", text).path) as opened:
        yield opened


@pytest.fixture
def page(looking, chromium):
    """Somebody at the decision of the practice, with a heat map beside the photo."""
    contexts = [chromium.new_context(viewport=WIDE) for _ in range(3)]
    pages = [go_to(start(context.new_page(), looking.url), "judge") for context in contexts]
    yield next(page for page in pages if page.query_selector(".heatmap"))
    for context in contexts:
        context.close()


def first_trial(looking, page):
    """What is stored of the practice's decision."""
    return looking.trials(page)[0]


def scroll_down(page):
    """Go through all of a page."""
    for _ in range(12):
        page.mouse.wheel(0, 60)
        page.wait_for_timeout(50)


def test_all_of_a_whole_screen_is_in_view_until_the_answer_28(looking, page):
    page.wait_for_timeout(300)
    press(page, "yes")
    trial = first_trial(looking, page)
    assert (trial.photo_seen, trial.panels_seen) == (1, [1])
    for time in (trial.photo_seen_ms, *trial.panels_seen_ms):
        assert time == pytest.approx(trial.decision_rt_ms, abs=1)
    assert (trial.window_w, trial.window_h, trial.zoom) == (1280, 800, 1)
    assert (trial.enlarged_count, trial.enlarged_ms) == (0, 0)
    assert (trial.card_opened_count, trial.card_opened_ms) == (None, None)


def test_what_is_below_the_window_or_under_the_buttons_was_not_seen_28(looking, page):
    page.set_viewport_size(TINY)
    page.reload()
    page.wait_for_selector(f"[data-pictures=shown] {YES}:not([disabled])")
    page.keyboard.press("y")  # scrolls nothing
    page.wait_for_selector("[name=screen][value=feedback]", state="attached")
    trial = first_trial(looking, page)
    assert min(trial.photo_seen, *trial.panels_seen) < 1
    assert (trial.window_w, trial.window_h) == (420, 180)


def test_scrolling_past_a_picture_is_seeing_it_for_a_while_28(looking, page):
    page.set_viewport_size(TINY)
    page.reload()
    page.wait_for_selector(f"[data-pictures=shown] {YES}:not([disabled])")
    before = page.evaluate("document.querySelector('.heatmap').getBoundingClientRect().top")
    assert before > 0
    scroll_down(page)
    page.click(YES)
    page.wait_for_selector("[name=screen][value=feedback]", state="attached")
    trial = first_trial(looking, page)
    assert trial.panels_seen == [1]
    assert 0 < trial.panels_seen_ms[0] < trial.decision_rt_ms - 50


def test_a_tap_or_z_enlarges_a_picture_and_that_is_noted_28(looking, page):
    page.click(".heatmap .frame")
    large = page.locator("[data-enlarging] img")
    assert large.bounding_box()["width"] > 600
    page.wait_for_timeout(200)
    page.keyboard.press("Escape")
    assert not large.is_visible()
    for key in ("photo", "heat map", "none"):
        page.keyboard.press("z")
        assert large.is_visible() == (key != "none")
    press(page, "yes")
    trial = first_trial(looking, page)
    assert trial.enlarged_count == 2
    assert 200 <= trial.enlarged_ms < trial.decision_rt_ms
    assert (trial.photo_seen, trial.panels_seen) == (1, [1])


def test_z_right_after_escape_enlarges_the_first_picture_again_28(looking, page):
    """The dialog says that it was closed in a task of its own, which a key may overtake."""
    page.click(".heatmap .frame")
    page.evaluate(
        "document.querySelector('[data-enlarging]').close();"
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'z', bubbles: true}))"
    )
    page.wait_for_timeout(50)
    assert page.get_attribute(".photo .frame", "data-enlarged") == "now"
    assert page.is_visible("[data-enlarging] img")


def test_a_card_that_is_opened_again_is_counted_and_covers_the_evidence_28(looking, page):
    walk_unseen(page, lambda html: "card-opener" in html)
    shown = len([t for t in looking.trials(page) if t.decision])
    page.click(".card-opener")
    assert page.is_visible("[data-card] h2")
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    press(page, "yes")
    trial = looking.trials(page)[shown]
    assert (trial.card_shown, trial.card_opened_count) == (False, 1)
    assert 250 <= trial.card_opened_ms < trial.decision_rt_ms
    assert trial.photo_seen_ms < trial.decision_rt_ms - 200


@pytest.mark.parametrize("screens", [LOCKED], ids=["locked"], indirect=True)
def test_with_unlock_nobody_answers_before_all_was_in_view_and_a_time_was_over_28(looking, page):
    page.set_viewport_size(TINY)
    page.reload()
    page.wait_for_selector("[data-pictures=shown]")
    page.wait_for_timeout(1000)
    assert page.is_disabled(YES)
    page.keyboard.press("y")
    assert screen_of(page) == "judge"
    scroll_down(page)
    page.wait_for_selector(f"{YES}:not([disabled])")
    press(page, "yes")
    trial = first_trial(looking, page)
    assert trial.decision_rt_ms > 1000
    assert (trial.photo_seen, trial.panels_seen) == (1, [1])
    press(page, "continue")
    page.set_viewport_size(WIDE)
    go_to(page, "judge")
    press(page, "yes")
    assert looking.trials(page)[1].decision_rt_ms >= 700
