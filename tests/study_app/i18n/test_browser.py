"""A German study in a real browser: what people see, what scripts say, and the keys J and N."""

import pytest

from study_app.i18n.translations import names_of
from tests.languages import english_of, german_tables, read
from tests.web import (
    FORM,
    go_to,
    leave,
    pass_check,
    press,
    screen_of,
    selector_of,
    start,
    wait_until_timed,
)

pytestmark = pytest.mark.slow

DEVICE = "[device]\nmin_width_px = 340\n"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}


@pytest.fixture(scope="module")
def german_site(tools, tmp_path_factory):
    """A German study that asks something at the end, on an English bundle."""
    folder = tmp_path_factory.mktemp("german")
    english = tools.study_text(practice=1, validation=2, test=3)
    bundle = tools.build_bundle(folder / "short", english)
    german = english.replace("Is the butterfly expert right?", "Hat die Expertin recht?")
    german = german.replace("seed = 7", 'seed = 7\nlanguage = "de"')
    german = german.replace('name = "debrief"', 'name = "comments"\n[[phases]]\nname = "debrief"')
    file = folder / "study_de.toml"
    file.write_text(german + german_tables(names_of(bundle)) + DEVICE, "utf-8")
    with tools.open_loaded(folder, bundle.path, "--study", file) as opened:
        yield opened


@pytest.fixture(params=["desktop", "phone"])
def page(german_site, chromium, request):
    """A browser on a large screen and on a small one."""
    with chromium.new_context(viewport=SIZES[request.param], locale="de-DE") as context:
        yield context.new_page()


class Reading:
    """Notes each page that has English on it, or is wider than its window."""

    def __init__(self, page):
        self.page, self.faults = page, {}

    def look(self, what):
        """Read the page as it is now."""
        assert self.page.get_attribute("html", "lang") == "de"
        if english := english_of(read(self.page.content())):
            self.faults[what] = english
        if (pixels := self.page.evaluate(OVERFLOW)) > 0:
            self.faults[f"{what}, width"] = pixels


def test_everything_that_a_browser_shows_is_german(german_site, page):
    reading = Reading(page)
    page.goto(german_site.url)
    reading.look("landing")
    start(page, german_site.url)
    link = page.url
    look_at_device(page, reading)
    while (screen := screen_of(page)) != "debrief":
        reading.look(screen)
        press(page, page.get_attribute(f"{FORM} button[name=answer]", "value"))
    reading.look("debrief")
    assert page.inner_text("h1") == "Vielen Dank!"
    for path in ("/withdraw", "/elsewhere", "/nowhere"):
        page.goto(f"{link}{path}")
        reading.look(path)
    assert reading.faults == {}


def look_at_device(page, reading):
    """Agree in a window that is too small, and enlarge it."""
    size = page.viewport_size
    page.set_viewport_size({"width": 330, "height": 700})
    reading.look("consent")
    page.click("button[value=agree]")
    page.wait_for_selector("text=Dieses Fenster ist für die Bilder etwas zu klein")
    reading.look("check")
    page.set_viewport_size(size)
    leave(page, "[name=screen][value=check]")


def test_the_buttons_of_the_consent_are_equally_wide_in_german(german_site, page):
    start(page, german_site.url)
    agree, decline = (page.locator(f"button[value={one}]") for one in ("agree", "decline"))
    assert agree.inner_text() == "Ich stimme zu"
    assert agree.bounding_box()["width"] == pytest.approx(decline.bounding_box()["width"])


def test_the_keys_are_those_on_the_buttons(german_site, page):
    go_to(start(page, german_site.url), "judge")
    assert page.inner_text("button[value=yes]").split()[0] == "Ja"
    for key, screen in (("j", "feedback"), ("Enter", "seen"), ("1", "card"), ("Enter", "judge")):
        this = selector_of(page)
        page.wait_for_timeout(500)  # no second half of a double press
        page.keyboard.press("y")  # the English key does nothing
        page.keyboard.press(key)
        leave(page, this)
        assert screen_of(page) == screen
    this = selector_of(page)
    page.keyboard.press("n")
    leave(page, this)
    decisions = [trial.decision for trial in german_site.trials(page)]
    assert decisions[:2] == ["accept", "reject"]


def test_an_outage_is_told_in_german(german_site, page):
    go_to(start(page, german_site.url), "judge")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    this, reading = selector_of(page), Reading(page)
    page.context.set_offline(True)
    page.click("button[value=yes]")
    page.wait_for_selector("text=Ihre Antwort ist gesichert")
    reading.look("waiting")
    page.reload()
    assert page.inner_text("h1") == "Es besteht keine Verbindung"
    reading.look("no connection")
    page.context.set_offline(False)
    page.wait_for_selector(FORM, state="attached")
    leave(page, this)
    assert screen_of(page) == "feedback"
    assert reading.faults == {}


def test_a_second_tab_and_stopping_are_german(german_site, page):
    start(page, german_site.url)
    link = page.url
    other = page.context.new_page()
    other.goto(link)
    other.wait_for_selector("text=Die Studie ist in einem anderen Tab geöffnet")
    Reading(other).look("elsewhere")
    other.click("text=Diesen Tab verwenden")
    other.wait_for_selector("h1:text('Ihre Einwilligung')")
    wait_until_timed(other)
    other.click("text=Teilnahme abbrechen")
    other.wait_for_selector("text=Abbrechen und Antworten löschen")
    reading = Reading(other)
    reading.look("stopping")
    other.click("text=Abbrechen und Antworten löschen")
    other.wait_for_selector("text=Ihre Antworten sind gelöscht.")
    reading.look("stopped")
    assert reading.faults == {}


def test_a_picture_that_does_not_arrive_is_told_in_german(german_site, chromium):
    with chromium.new_context(service_workers="block") as context:
        page = start(context.new_page(), german_site.url)
        page.route("**/media/**", lambda route: route.abort())
        context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.click("button[value=agree]")
        page.wait_for_selector("text=Ein Bild ist nicht angekommen. Bitte prüfen Sie")
        page.unroute("**/media/**")
        pass_check(page)
        wait_until_timed(page)
        assert screen_of(page) == "instructions"
