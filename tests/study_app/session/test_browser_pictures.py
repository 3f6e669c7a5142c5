"""Pictures in a real browser: they come late, broken, or never. No trial is shown without them."""

import pytest

from tests.web import FORM, go_to, press, screen_of, start, wait_until_timed

pytestmark = pytest.mark.slow

MISSING = "A picture did not arrive"


@pytest.fixture
def page(chromium, site):
    """Somebody at the first card, whose service worker is off so that requests can be changed."""
    with chromium.new_context(service_workers="block") as context:
        yield go_to(start(context.new_page(), site.url), "card")


def enabled(page):
    """Whether the screen takes an answer."""
    return page.is_enabled(f"{FORM} button[name=answer]")


def reload_with_pictures(page, answer):
    """Load the page again, and let `answer` treat each request for a picture."""
    page.route("**/media/**", answer)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.reload()


def test_a_picture_that_fails_twice_and_then_arrives_is_shown(page):
    failed = {}

    def fail_twice(route):
        name = route.request.url.split("?")[0]
        failed[name] = failed.get(name, 0) + 1
        route.abort() if failed[name] <= 2 else route.continue_()

    reload_with_pictures(page, fail_twice)
    page.wait_for_selector("text=Loading pictures")
    assert not enabled(page)
    wait_until_timed(page)
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
    press(page, "continue")
    assert screen_of(page) == "judge"


def test_a_picture_that_never_arrives_stops_the_trial_until_it_does(page):
    reload_with_pictures(page, lambda route: route.abort())
    page.wait_for_selector(f"text={MISSING}")
    assert not enabled(page)
    page.keyboard.press("Enter")
    assert screen_of(page) == "card"
    page.unroute("**/media/**")
    page.click("[data-again]")
    wait_until_timed(page)
    assert not page.is_visible("[data-again]")
    press(page, "continue")
    assert screen_of(page) == "judge"


@pytest.mark.parametrize("change", [lambda body: body[:-40], lambda body: body[:-1] + b"\0"])
def test_a_picture_that_is_not_whole_is_fetched_again(page, change):
    spoilt = []

    def spoil(route):
        response = route.fetch()
        body = response.body()
        if "?try=" not in route.request.url:
            spoilt.append(route.request.url)
            body = change(body)
        route.fulfill(status=200, body=body, content_type="image/jpeg")

    reload_with_pictures(page, spoil)
    wait_until_timed(page)
    assert spoilt
    sources = page.eval_on_selector_all("main img", "all => all.map((image) => image.src)")
    assert all("?try=" in source for source in sources)


TRANSFERS = """performance.getEntriesByType("resource")
    .filter((entry) => entry.transferSize > 0).map((entry) => new URL(entry.name).pathname)"""


def test_the_pictures_of_the_coming_screens_are_there_before_them(page):
    coming = page.get_attribute(FORM, "data-coming").split()
    page.wait_for_timeout(300)
    before = page.evaluate(TRANSFERS)
    assert set(coming) <= set(before)
    press(page, "continue")
    pictures = page.eval_on_selector_all("main img", "all => all.map((i) => i.getAttribute('src'))")
    assert pictures == coming
    for picture in pictures:
        assert page.evaluate(TRANSFERS).count(picture) == before.count(picture)
