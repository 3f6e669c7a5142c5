"""What tests do in a real browser: open pages of participants, answer, look."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, sync_playwright

from study_app.simulation.chromium import CHROMIUMS
from study_app.simulation.html import read_page

CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
FORM = "form[data-answer]"
RADIOS = f"{FORM} [type=radio]"


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """An installed Chromium, else Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


def screen_of(page: Page) -> str:
    """Which screen the server sent: what its form says, or the debrief, which has none."""
    script = f"document.querySelector('{FORM} [name=screen]')?.value ?? 'debrief'"
    return str(page.evaluate(script))


def selector_of(page: Page) -> str:
    """Finds the form that is on the screen, and no later one."""
    fields = page.evaluate(
        f"[...document.querySelectorAll('{FORM} :is([name=screen], [name=trial])')]"
        ".map((field) => [field.name, field.value])"
    )
    return FORM + "".join(f":has([name={name}][value='{value}'])" for name, value in fields)


def wait_until_timed(page: Page) -> None:
    """Until the script has painted the pictures: before it runs, buttons work without a time."""
    timed = f"[data-pictures=shown] {FORM} button[name=answer]:not([disabled])"
    page.wait_for_selector(f"{timed}, .sheet:not(:has({FORM}))")


def start(page: Page, url: str, query: str = "") -> Page:
    """Come in by the landing page and press Start."""
    page.goto(f"{url}/{query}")
    with page.expect_response("**/here"):  # a claim that is late would take over from a reload
        page.click("button.go")
    page.wait_for_selector(f"{FORM} [name=screen][value=consent]", state="attached")
    wait_until_timed(page)
    return page


def click_away(page: Page, selector: str) -> None:
    """Click what leads to another page, and wait for that: a click alone may return before."""
    with page.expect_navigation():
        page.click(selector)


def press(page: Page, answer: str, *, by_key: bool = False) -> None:
    """Answer with a click or with a key, and wait for the screen that follows."""
    this = selector_of(page)
    for name in page.eval_on_selector_all(RADIOS, "all => [...new Set(all.map((r) => r.name))]"):
        page.check(f"[name='{name}'] >> nth=0")
    if by_key:
        page.keyboard.press(key_of(page, answer))
    else:
        page.click(f"button[name=answer][value='{answer}']")
    leave(page, this)


def key_of(page: Page, answer: str) -> str:
    """The key that gives an answer."""
    key = page.get_attribute(f"button[name=answer][value='{answer}']", "data-key")
    assert key
    return key.capitalize() if len(key) > 1 else key


def leave(page: Page, this: str) -> None:
    """Wait until a form is gone and the next screen takes answers."""
    page.wait_for_selector(this, state="detached")
    pass_check(page)
    wait_until_timed(page)


def pass_check(page: Page) -> None:
    """Wait for the look at the device, which goes on by itself."""
    if screen_of(page) == "check":
        page.wait_for_selector("[name=screen][value=check]", state="detached")


def go_to(page: Page, screen: str) -> Page:
    """Answer with the first button until a screen comes."""
    return walk_unseen(page, lambda html: f'name="screen" value="{screen}"' in html)


def walk_unseen(page: Page, is_there: Callable[[str], bool]) -> Page:
    """Answer with the first button until a page is there, and only then show it.

    The answers are sent with the page's cookies, as without a script, in a tenth of the time; the
    look at the device is the page's own.
    """
    html = page.request.get(page.url).text()
    while not is_there(html):
        shown = read_page(html)
        if shown.screen == "check":
            page.reload()
            pass_check(page)
            html = page.request.get(page.url).text()
        else:
            first = {name: values[0] for name, values in shown.form.radios.items()}
            form = shown.form.fields | first | {"answer": shown.form.choices[0]}
            reply = page.request.post(urljoin(page.url, shown.form.action), form=form)
            assert reply.text() != html, f"the first button changes nothing: {html}"
            html = reply.text()
    page.reload()
    wait_until_timed(page)
    return page


def first_choice(page: Page) -> str:
    """The value of the first button."""
    value = page.get_attribute(f"{FORM} button[name=answer]", "value")
    assert value
    return value


def choices_of(page: Page) -> list[str]:
    """The values of all buttons that answer."""
    buttons = page.query_selector_all(f"{FORM} button[name=answer]")
    return [button.get_attribute("value") or "" for button in buttons]


def answer_through_an_outage(page: Page, answer: str, *, seconds: float) -> None:
    """Answer without network, load the page again half-way, and see the next screen come after."""
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    this = selector_of(page)
    page.context.set_offline(True)
    page.click(f"button[name=answer][value='{answer}']")
    page.wait_for_selector("text=Your answer is kept")
    page.wait_for_timeout(1000 * seconds / 2)
    assert page.query_selector(this)
    page.reload()
    assert "There is no connection" in page.inner_text("h1")
    page.wait_for_timeout(1000 * seconds / 2)
    page.context.set_offline(False)
    # The form may be there for a tenth of a second only: the last answer leads to a page without.
    page.wait_for_selector("text=There is no connection", state="detached")
    page.wait_for_load_state()
    leave(page, this)
