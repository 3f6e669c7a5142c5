"""A real browser for simulated people: Chromium without a window, driven by Playwright."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from stimuli.study import BETWEEN_RANKS
from study_app.errors import RefusalError
from study_app.simulation.html import Page, read_page
from study_app.simulation.profiles import Mishap

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator

# The first draws no window of its own around the page: a session takes two thirds of the work.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NOT_THERE = (
    "needs Playwright and a Chromium, which a server does not have: "
    "run `pip install playwright && playwright install chromium`"
)
OFFLINE_MS = 500
AWAY_MS = 200
# People's browsers say of themselves that no program steers them; so does that of a careful agent.
ARGUMENTS = ("--no-sandbox", "--disable-blink-features=AutomationControlled")


class Tab:
    """One person's window in Chromium.

    Attributes:
        page: the page that is open.
        path: its address on the server.
        requests: how many requests were sent.
    """

    def __init__(self, context: "BrowserContext", url: str) -> None:
        self._context = context
        self._tab = context.new_page()
        self._tab.on("request", self._count)
        self._url = url
        self.page = Page()
        self.path = "/"
        self.requests = 0

    def open(self, path: str) -> None:
        """Open a page."""
        self._tab.goto(self._url + path)
        self._look()

    def submit(self, fields: Mapping[str, str], *, mishap: Mishap | None = None) -> None:
        """Fill in the page's form, press the button, and see what comes."""
        if mishap is Mishap.RELOADED:
            self._tab.reload()
        form, selector = self.page.form, "form"
        for name in {"screen", "trial", "start_key"} & form.fields.keys():
            selector += f':has(input[name="{name}"][value="{form.fields[name]}"])'
        old_form = self._tab.locator(selector)  # the next page has none with these fields
        for name in form.radios:
            self._tab.check(f'[name="{name}"][value="{fields[name]}"]')
        for name in form.blanks:
            self._write(name, fields.get(name, ""), is_pasted="pasted_chars" in fields)
        for name in form.marks:
            self._mark(name, fields[name])
        for part in fields.get("revealed", "").split():
            self._reveal(part.partition(":")[0])
        if fields.get("away_count", "0") != "0":
            self._look_away()
        self._press(fields.get("answer"), mishap)
        if mishap in (Mishap.CUT_BEFORE, Mishap.CUT_AFTER):
            self._come_back()
        old_form.wait_for(state="detached")
        self._look()

    def rest(self) -> None:
        """Nothing: Chromium closes idle connections itself."""

    def _write(self, name: str, text: str, *, is_pasted: bool) -> None:
        """Type a text into an empty field; one that is pasted, once more from the clipboard."""
        field = self._tab.locator(f'[name="{name}"]')
        field.press_sequentially(text)
        if text and is_pasted:
            for keys in ("ControlOrMeta+A", "ControlOrMeta+X", "ControlOrMeta+V"):
                field.press(keys)

    def _mark(self, name: str, place: str) -> None:
        """Set a line, mark the photo, or put things in order.

        Args:
            place: a number, two shares of the photo, or the words in that order.
        """
        rank = self._tab.locator(f'[data-rank]:has([name="{name}"])')
        if rank.count():
            self._move(rank, place.split(BETWEEN_RANKS))
            return
        line = self._tab.locator(f'[id="{name}"]')
        if line.count():
            line.fill(place)
            return
        for axis, share in zip(self._tab.locator("[data-axis]").all(), place.split(), strict=True):
            axis.fill(str(round(100 * float(share))))

    def _move(self, rank: "Locator", order: Sequence[str]) -> None:
        """Move each row up to its place; the first is pressed once even where it stands right."""
        for place, words in enumerate(order):
            standing = rank.locator("li > span").all_text_contents()
            up = (
                rank.locator("li")
                .nth(standing.index(words))
                .locator('[data-by="-1"]')
                .element_handle()
            )
            for _ in range(max(standing.index(words) - place, int(place == 0))):
                up.click()

    def _reveal(self, part: str) -> None:
        """Ask for what comes on demand, or wait for what comes by itself."""
        ask = self._tab.locator(f'[data-ask="{part}"]')
        if self._tab.locator(f'button[data-ask="{part}"]').count():
            ask.click()
        ask.wait_for(state="detached")

    def _look_away(self) -> None:
        """Another window comes to the front and goes: a browser without windows has none."""
        for event, has_focus in (("blur", "false"), ("focus", "true")):
            self._tab.evaluate(f"document.hasFocus = () => {has_focus}")
            self._tab.evaluate(f"window.dispatchEvent(new Event('{event}'))")
            self._tab.wait_for_timeout(AWAY_MS)

    def _come_back(self) -> None:
        """End the outage: a session's page goes on by itself, any other has to be opened again."""
        self._tab.wait_for_timeout(OFFLINE_MS)
        self._context.set_offline(False)
        if not self.page.screen:
            self.open(self.path)
            self._press(None, None)

    def _count(self, _request: object) -> None:
        self.requests += 1

    def _look(self) -> None:
        self._tab.wait_for_load_state()
        self._tab.wait_for_selector("[data-check]", state="detached")  # goes on by itself
        self.page, self.path = read_page(self._tab.content()), urlsplit(self._tab.url).path

    def _press(self, answer: str | None, mishap: Mishap | None) -> None:
        selector = f'button[name="answer"][value="{answer}"]' if answer else "main form button"
        button = self._tab.locator(selector).first
        if mishap in (Mishap.CUT_BEFORE, Mishap.CUT_AFTER):
            button.click(trial=True)  # waits until it can be pressed
            self._context.set_offline(True)
            button.click(no_wait_after=True)
        elif mishap is Mishap.TWICE:
            button.dblclick()
        else:
            button.click()


class Chromium:
    """A running Chromium, for a `with` block."""

    def __enter__(self) -> Self:
        try:
            from playwright.sync_api import sync_playwright
        except ImportError:
            raise RefusalError("--browser", [NOT_THERE]) from None
        self._playwright = sync_playwright().start()
        try:
            self._browser: Browser = self._playwright.chromium.launch(
                executable_path=next(filter(None, map(shutil.which, CHROMIUMS)), None),
                args=list(ARGUMENTS),
            )
        except Exception as error:
            self._playwright.stop()
            raise RefusalError("--browser", [f"{NOT_THERE} ({error})"]) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()

    @contextmanager
    def tab(self, url: str, headers: Mapping[str, str]) -> Iterator[Tab]:
        """A window with cookies of its own.

        Args:
            headers: are sent with each request.
        """
        context = self._browser.new_context(extra_http_headers=dict(headers))
        yield Tab(context, url)
        context.close()
