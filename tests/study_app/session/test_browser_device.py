"""The look at the device, and what is recorded of it and of the time that people are away."""

import pytest

from tests.web import go_to, press, screen_of, start, wait_until_timed

pytestmark = pytest.mark.slow

PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)
DEVICE = """
[device]
phones = false
min_width_px = 800
min_height_px = 500
"""


@pytest.fixture(scope="module")
def strict_site(tools, tmp_path_factory):
    """A study that takes no phones and no small windows."""
    with tools.open_site(tmp_path_factory.mktemp("strict"), DEVICE) as opened:
        yield opened


def test_a_device_that_fits_is_noted_without_a_click(site, chromium):
    with chromium.new_context(
        viewport={"width": 1000, "height": 700},
        screen={"width": 1600, "height": 900},
        device_scale_factor=2,
    ) as context:
        page = start(context.new_page(), site.url)
        press(page, "agree")
        assert screen_of(page) == "instructions"
        device = site.device(page)
    assert (device.screen_w, device.screen_h) == (1600, 900)
    assert (device.viewport_w, device.viewport_h, device.pixel_ratio) == (1000, 700, 2)
    assert 10 < device.refresh_hz < 500
    assert (device.browser, device.os) == ("Chrome", "Linux")
    assert device.browser_version > 100


def test_a_window_that_is_too_small_can_be_made_larger(strict_site, chromium):
    with chromium.new_context(viewport={"width": 700, "height": 600}) as context:
        page = start(context.new_page(), strict_site.url)
        page.click("button[value=agree]")
        page.wait_for_selector("text=a little too small")
        assert page.is_visible("text=It does not work, end here")
        page.set_viewport_size({"width": 900, "height": 600})
        page.wait_for_selector("[name=screen][value=instructions]", state="attached")
        assert strict_site.device(page).viewport_w == 900


def test_somebody_who_cannot_make_it_larger_ends_as_incompatible(strict_site, chromium):
    with chromium.new_context(viewport={"width": 700, "height": 600}) as context:
        page = start(context.new_page(), strict_site.url)
        page.click("button[value=agree]")
        page.click("button[value=incompatible]")
        page.wait_for_selector(".code")
        assert "does not fit" in page.inner_text("h1")
        assert "What the study is about" not in page.inner_text("main")
        assert page.inner_text(".code-letters") != "CDONE123"
        assert strict_site.participant(page).outcome == "incompatible"
        assert strict_site.device(page).viewport_w == 700


@pytest.mark.parametrize("script", [True, False])
def test_a_phone_is_told_where_phones_are_not_welcome(strict_site, chromium, script):
    with chromium.new_context(user_agent=PHONE, java_script_enabled=script) as context:
        page = context.new_page()
        page.goto(strict_site.url)
        assert "computer or tablet, no phone" in page.inner_text("main")
        page.click("button.go")
        page.click("button[value=agree]")
        page.wait_for_selector("text=needs a larger screen")
        assert page.query_selector("button[value=continue]") is None
        page.click("button[value=incompatible]")
        page.wait_for_selector(".code")
        assert strict_site.participant(page).outcome == "incompatible"
        assert strict_site.device(page).os == "Android"


def test_time_away_from_the_page_is_kept_apart(site, chromium):
    with chromium.new_context() as context:
        page = go_to(start(context.new_page(), site.url), "judge")
        for seconds in (0.3, 0.2):
            pretend_focus(page, False)
            page.wait_for_timeout(1000 * seconds)
            pretend_focus(page, True)
            page.wait_for_timeout(200)
        press(page, "yes")
        trial = site.trials(page)[0]
    assert trial.away_count == 2
    assert 480 < trial.away_ms < trial.decision_rt_ms - 350


def pretend_focus(page, focused):
    """Another window comes to the front, or goes: a headless browser has none."""
    event = "focus" if focused else "blur"
    page.evaluate(f"document.hasFocus = () => {str(focused).lower()}")
    page.evaluate(f"window.dispatchEvent(new Event('{event}'))")


def is_claim(response):
    """Whether a page said that it is the one that answers, from when on it gives signs."""
    return response.url.endswith("/here") and "claim" in response.request.post_data


def is_sign(response):
    """Whether a page said that it is there, after it had said so when it opened."""
    return response.url.endswith("/here") and not is_claim(response)


def test_an_open_page_says_that_it_is_there(site, chromium):
    with chromium.new_context() as context:
        page = context.new_page()
        page.clock.install()
        page.goto(site.url)
        with page.expect_response(is_claim):
            page.click("button.go")
        with page.expect_response(is_sign) as sign:
            page.clock.run_for(31_000)
        assert sign.value.status == 204


def test_a_page_that_waits_for_its_pictures_takes_no_key(site, chromium):
    with chromium.new_context(service_workers="block") as context:
        page = go_to(start(context.new_page(), site.url), "judge")
        held = []
        page.route("**/media/**", lambda route: held.append(route))
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.reload(wait_until="commit")
        page.wait_for_selector("text=Loading pictures")
        page.keyboard.press("y")
        for route in held:
            route.continue_()
        page.unroute("**/media/**")
        wait_until_timed(page)
        assert (screen_of(page), site.trials(page)[0].decision) == ("judge", None)
