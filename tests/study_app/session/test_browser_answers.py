"""Answers in a real browser: networks drop, replies get lost, people click twice and go back."""

from urllib.parse import urlsplit

import pytest

from tests.web import (
    FORM,
    answer_through_an_outage,
    click_away,
    first_choice,
    go_to,
    leave,
    pass_check,
    press,
    screen_of,
    selector_of,
    start,
    wait_until_timed,
)

OUTAGE_S = 6


@pytest.fixture
def context(chromium):
    """A browser of somebody new."""
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context


@pytest.fixture
def page(context, site):
    """Somebody who pressed Start."""
    return start(context.new_page(), site.url)


def assert_complete(site, page):
    """Every trial has its one answer, and the person is through."""
    assert page.inner_text(".code-letters") == "CDONE123"
    assert site.participant(page).outcome == "completed"
    trials = site.trials(page)
    assert len(trials) == 6
    assert all(trial.decision and trial.decision_rt_ms is not None for trial in trials)


@pytest.mark.slow
def test_an_outage_in_the_test_phase_with_a_reload_loses_and_doubles_nothing(site, page):
    while screen_of(page) != "judge" or sum(bool(t.decision) for t in site.trials(page)) < 4:
        press(page, first_choice(page))
    before = [trial.decision for trial in site.trials(page)]
    answer_through_an_outage(page, "no", seconds=OUTAGE_S)
    open_one = before.index(None)
    expected = [*before[:open_one], "reject", *before[open_one + 1 :]]
    assert [trial.decision for trial in site.trials(page)] == expected
    while screen_of(page) != "debrief":
        press(page, first_choice(page))
    assert_complete(site, page)
    assert page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.slow
def test_the_service_worker_keeps_one_page_and_nothing_else(page):
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    cached_pages = "caches.keys().then((names) => Promise.all(names.map((n) => caches.open(n))))"
    cached_pages += ".then((all) => Promise.all(all.map((cache) => cache.keys())))"
    cached_pages += ".then((lists) => lists.flat().map((request) => new URL(request.url).pathname))"
    assert page.evaluate(cached_pages) == ["/no-connection"]


@pytest.mark.slow
def test_an_answer_whose_reply_was_lost_is_sent_again_and_stored_once(site, page):
    go_to(page, "judge")
    lost = []

    def lose_first_reply(route):
        response = route.fetch()
        lost.append(response.headers["x-lorikeet-answer"])
        if len(lost) == 1:
            route.abort()
        else:
            route.fulfill(response=response)

    page.route("**/answer", lose_first_reply)
    press(page, "no")
    assert lost == ["stored", "already"]
    assert site.trials(page)[0].decision == "reject"
    assert screen_of(page) == "feedback"


@pytest.mark.slow
def test_nobody_with_a_network_is_told_of_the_connection(page):
    go_to(page, "instructions")
    page.wait_for_timeout(2500)
    assert page.inner_text("[data-waiting]") == ""


@pytest.mark.slow
def test_a_server_that_is_down_for_a_moment_gets_the_answer_later(site, page):
    go_to(page, "judge")
    failures = [503, 502]
    page.route(
        "**/answer",
        lambda route: route.fulfill(status=failures.pop()) if failures else route.continue_(),
    )
    press(page, "yes")
    assert failures == []
    assert site.trials(page)[0].decision == "accept"


@pytest.mark.slow
def test_a_kept_answer_survives_a_lost_form_token(site, context, page):
    go_to(page, "judge")
    context.clear_cookies()
    press(page, "no")
    assert site.trials(page)[0].decision == "reject"


@pytest.mark.slow
def test_a_double_click_answers_one_screen(site, page):
    go_to(page, "seen")
    page.dblclick("button[value=yes]")
    page.wait_for_timeout(600)
    assert (screen_of(page), site.trials(page)[1].card_read_at) == ("card", None)
    this = selector_of(page)
    page.dblclick("button[value=continue]")
    leave(page, this)
    page.wait_for_timeout(600)
    assert (screen_of(page), site.trials(page)[1].decision) == ("judge", None)


# The second click comes as soon as the next screen takes one; resolves with the time between.
CLICK_TWICE = """async () => {
  const button = () => document.querySelector("form[data-answer] button[name=answer]");
  const click = (detail) => button().dispatchEvent(
    new MouseEvent("click", { detail, bubbles: true, cancelable: true }));
  const [first, begin] = [button(), performance.now()];
  click(1);
  while (button() === first || button().disabled) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  click(2);
  return performance.now() - begin;
}"""


@pytest.mark.slow
def test_the_second_half_of_a_double_click_does_not_answer_the_screen_that_came(site, page):
    go_to(page, "seen")
    while page.evaluate(CLICK_TWICE) > 400:  # a busy computer: no double click any more
        wait_until_timed(page)
    this = selector_of(page)
    page.wait_for_timeout(600)
    assert selector_of(page) == this


@pytest.mark.slow
def test_keys_pressed_twice_answer_one_screen(site, page):
    go_to(page, "seen")
    go_to(page, "card")
    press(page, "continue", by_key=True)
    this = selector_of(page)
    page.keyboard.press("y")
    leave(page, this)
    page.keyboard.press("y")
    page.wait_for_timeout(600)
    assert (screen_of(page), site.trials(page)[2].seen_before) == ("seen", None)
    page.keyboard.press("1")  # other keys than those of the decision
    leave(page, "[name=screen][value=seen]")
    assert screen_of(page) == "card"


@pytest.mark.slow
def test_the_back_button_leaves_the_session_and_forward_returns_to_it(site, page):
    go_to(page, "seen")
    key = page.input_value("[name=trial]")
    page.go_back()
    assert page.query_selector("[name=start_key]")
    page.go_forward()
    wait_until_timed(page)
    assert (screen_of(page), page.input_value("[name=trial]")) == ("seen", key)
    assert len([t for t in site.trials(page) if t.decision]) == 1


@pytest.mark.slow
def test_a_reload_at_every_screen_changes_nothing(site, page):
    while screen_of(page) != "debrief":
        before = page.inner_text("main")
        page.reload()
        wait_until_timed(page)
        assert page.inner_text("main") == before
        press(page, first_choice(page))
        if len([t for t in site.trials(page) if t.decision]) == 2:
            break
    page.reload()
    go_to(page, "judge")


@pytest.mark.slow
def test_a_second_tab_is_told_and_can_take_over(site, context, page):
    go_to(page, "judge")
    second = context.new_page()
    second.goto(page.url)
    second.wait_for_selector("text=open in another tab")
    second.wait_for_url("**/elsewhere")
    second.click("text=Use this tab")
    second.wait_for_selector(FORM)
    wait_until_timed(second)
    page.wait_for_url("**/elsewhere")
    assert "open in another tab" in page.inner_text("h1")
    press(second, "yes")
    assert site.trials(second)[0].decision == "accept"


@pytest.mark.slow
def test_a_page_waits_two_seconds_for_the_lock_of_the_page_before_it(site, context, page):
    url = go_to(page, "judge").url
    page.goto(site.url)
    page.evaluate(
        "(name) => { navigator.locks.request(name, () => new Promise((go) => "
        "setTimeout(go, 2000))); }",
        f"lorikeet:{urlsplit(url).path}",
    )
    second = context.new_page()
    second.goto(url)
    second.wait_for_selector(f"{FORM} button[name=answer][disabled]")
    wait_until_timed(second)
    assert second.url == url
    press(second, "yes")
    assert site.trials(second)[0].decision == "accept"


@pytest.mark.slow
def test_a_window_on_another_device_takes_over_and_the_old_one_is_told(site, chromium, page):
    go_to(page, "judge")
    with chromium.new_context() as other:
        phone = other.new_page()
        with phone.expect_response("**/here"):
            phone.goto(page.url)
        page.click("button[value=yes]")
        page.wait_for_url("**/elsewhere")
        assert site.trials(page)[0].decision is None
        page.click("text=Use this tab")  # which sends the answer that is still kept
        page.wait_for_selector("[name=screen][value=feedback]", state="attached")
        assert site.trials(page)[0].decision == "accept"


@pytest.mark.slow
def test_without_a_script_the_study_works_as_before(site, chromium):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url)
        click_away(page, "button.go")
        while page.query_selector(f"{FORM} button[name=answer]"):
            click_away(page, f"{FORM} button[name=answer] >> nth=0")
        assert page.inner_text(".code-letters") == "CDONE123"
        assert all(trial.decision_rt_ms is None for trial in site.trials(page))


@pytest.mark.slow
def test_the_end_is_reached_by_the_keyboard_alone(site, context):
    page = context.new_page()
    page.goto(site.url)
    while not page.evaluate("document.activeElement.matches('button.go')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(FORM)
    wait_until_timed(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    leave(page, "[name=screen][value=consent]")
    pass_check(page)
    while (screen := screen_of(page)) != "debrief":
        wait_until_timed(page)
        page.wait_for_timeout(450)  # a key again within a moment is taken for a double press
        press(page, "yes" if screen in ("seen", "judge") else "continue", by_key=True)
    assert_complete(site, page)
    assert {trial.input for trial in site.trials(page)} == {"keyboard"}
