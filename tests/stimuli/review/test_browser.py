"""The contact sheet in a real Chromium: filters, the large view, keys, verdicts, accessibility."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from stimuli.bundle import Bundle, Kind, Ruling, read_bundle
from stimuli.bundle.verdicts import add_verdict, verdicts_of
from stimuli.review.contact_sheet import write_review
from stimuli.review.serving import serving
from stimuli.study.online import Phase

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STATUS = ".filters [role=status]"
NOTED = ".desk [role=status]:text('Noted.')"


@pytest.fixture
def bundle(colour_bundle: Bundle, tmp_path: Path) -> Bundle:
    """A bundle with nothing beside it."""
    return read_bundle(Path(shutil.copytree(colour_bundle.path, tmp_path / "mine")))


@contextmanager
def opened(chromium: Browser, url: str) -> Iterator[Page]:
    """A page that has asked for nothing from elsewhere, and has complained of nothing."""
    context = chromium.new_context(viewport=DESKTOP)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    place = url.rpartition("/")[0] if url.startswith("file:") else url
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    yield page
    context.close()
    assert [address for address in asked if not address.startswith((place, "data:"))] == []
    assert problems == []


@pytest.fixture
def sheet(bundle: Bundle, chromium: Browser) -> Iterator[Page]:
    """The page as a file."""
    with opened(chromium, write_review(bundle.path).as_uri()) as page:
        yield page


@contextmanager
def served(bundle: Bundle) -> Iterator[str]:
    """The address of the page where it takes verdicts."""
    with serving(bundle.path, 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.slow
def test_on_paper_every_stimulus_is_drawn_and_whole_33(sheet: Page) -> None:
    sheet.emulate_media(media="print")
    sheet.evaluate("dispatchEvent(new Event('beforeprint'))")
    styles = (
        "all => all.map(one => getComputedStyle(one)).map(s => s.contentVisibility + s.breakInside)"
    )
    assert set(sheet.eval_on_selector_all(".cards > li", styles)) == {"visibleavoid"}
    pictures = "[...document.querySelectorAll('.card > .pictures img')]"
    sheet.wait_for_function(f"{pictures}.every((picture) => picture.complete)")
    assert not sheet.is_visible(".filters")


def shown_ids(page: Page) -> list[str]:
    """The stimuli that are on the sheet."""
    script = "all => all.filter(c => c.checkVisibility()).map(c => c.dataset.id)"
    return list(page.eval_on_selector_all(".card", script))


def test_filters_say_how_many_they_leave_and_a_link_reproduces_them(
    sheet: Page, bundle: Bundle
) -> None:
    wanted = {p.stimulus_id for p in bundle.predictions if p.bin == "hard" and not p.right}
    total = len(bundle.stimuli)
    assert sheet.inner_text(STATUS) == f"{total} of {total} stimuli"
    sheet.select_option("[name=bin]", "hard")
    sheet.select_option("[name=ai]", "wrong")
    assert sheet.inner_text(STATUS) == f"{len(wanted)} of {total} stimuli"
    assert set(shown_ids(sheet)) == wanted
    sheet.reload()
    assert sheet.url.endswith("#bin=hard&ai=wrong")
    assert set(shown_ids(sheet)) == wanted
    sheet.click("text=Show all")
    assert len(shown_ids(sheet)) == total
    sheet.wait_for_url(lambda url: "#" not in url)


@pytest.mark.slow
def test_kind_phase_verdict_and_words_filter_too(bundle: Bundle, chromium: Browser) -> None:
    vetoed, marked = bundle.stimuli[0], bundle.stimuli[1]
    add_verdict(bundle, vetoed.stimulus_id, Ruling.VETO, reason="odd", reviewer="Ada")
    add_verdict(bundle, marked.stimulus_id, Ruling.DEBATABLE, reason="odd", reviewer="Ada")
    stimuli = {s.stimulus_id: s for s in bundle.stimuli}
    expected = {
        "kind=adversarial": {i for i, s in stimuli.items() if s.kind is Kind.ADVERSARIAL},
        "phase=practice": {i for i, s in stimuli.items() if s.phase is Phase.PRACTICE},
        "verdict=veto": {vetoed.stimulus_id},
        "verdict=debatable": {marked.stimulus_id},
        "verdict=none": stimuli.keys() - {vetoed.stimulus_id, marked.stimulus_id},
        f"q={vetoed.stimulus_id}": {vetoed.stimulus_id},
        f"q={vetoed.source.upper()}": {vetoed.stimulus_id},
    }
    with opened(chromium, write_review(bundle.path).as_uri()) as page:
        for address, wanted in expected.items():
            page.evaluate("hash => { location.hash = hash }", address)
            page.wait_for_function(
                "n => document.querySelector('.filters [role=status]').innerText"
                ".startsWith(`${n} of `)",
                arg=len(wanted),
            )
            assert set(shown_ids(page)) == wanted, address
            assert page.is_visible(".nothing") == (not wanted)


@pytest.mark.slow
@pytest.mark.parametrize("condition", ["confidence", "gradcam", "neighbours"])
def test_a_condition_shows_its_panels_and_no_others(sheet: Page, condition: str) -> None:
    sheet.select_option("[name=condition]", condition)
    panels = (
        "all => [...new Set(all.filter(p => p.checkVisibility()).map(p => p.dataset.explainer))]"
    )
    expected = [] if condition == "confidence" else [condition]
    assert sheet.eval_on_selector_all(".card .panel", panels) == expected
    sheet.click(".card >> nth=0")
    assert sheet.eval_on_selector_all("dialog .panel", panels) == expected


@pytest.mark.slow
def test_keys_go_through_what_the_filters_leave(sheet: Page, bundle: Bundle) -> None:
    sheet.select_option("[name=phase]", "validation")
    ids = shown_ids(sheet)
    name = "dialog .name code"
    sheet.locator("h1").click()
    sheet.keyboard.press("j")  # the first card
    sheet.keyboard.press("Enter")
    assert sheet.inner_text(name) == ids[0]
    assert sheet.inner_text(".where") == f"1 of {len(ids)}"
    for key, place in (("ArrowRight", 1), ("j", 2), ("k", 1), ("ArrowLeft", 0), ("k", 0)):
        sheet.keyboard.press(key)
        assert sheet.inner_text(name) == ids[place]
    sheet.click("text=Next →")
    sheet.wait_for_url(f"**#phase=validation&id={ids[1]}")
    stimulus = bundle.stimulus_by_id[ids[1]]
    words = sheet.inner_text("dialog")
    assert all(word in words for word in (stimulus.true_label, stimulus.source, "Card of"))
    assert f"--veto {ids[1]} " in words
    sheet.reload()
    assert sheet.inner_text(name) == ids[1]
    sheet.keyboard.press("Escape")
    assert not sheet.is_visible("dialog")
    focused = "document.activeElement.closest('.card')?.dataset.id"
    sheet.wait_for_function(f"{focused} === '{ids[1]}'")


def test_a_verdict_is_given_by_key_and_taken_back_by_a_click(
    bundle: Bundle, chromium: Browser
) -> None:
    with served(bundle) as url, opened(chromium, url) as page:
        page.click(".card >> nth=0")
        first = page.inner_text("dialog .name code")
        page.keyboard.press("v")
        page.keyboard.type("two birds")
        page.keyboard.press("Tab")
        page.keyboard.type("Ada")
        page.keyboard.press("Enter")
        page.wait_for_selector(NOTED)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("d")
        assert page.input_value("[name=reviewer]") == "Ada"
        page.keyboard.type("or a moth")
        page.keyboard.press("Enter")
        page.wait_for_selector(NOTED)
        assert "Debatable for the next build: or a moth (Ada)" in page.inner_text("dialog")
        rows = verdicts_of(bundle)
        assert [(v.ruling, v.reason) for v in rows] == [
            (Ruling.VETO, "two birds"),
            (Ruling.DEBATABLE, "or a moth"),
        ]
        page.click("dialog .take-back")
        page.wait_for_selector("text=Taken back.")
        assert verdicts_of(bundle) == rows[:1]
        page.keyboard.press("Escape")
        page.select_option("[name=verdict]", "veto")
        assert shown_ids(page) == [first]
        assert page.inner_text("[data-count=veto]") == "1"


@pytest.mark.slow
def test_a_refused_verdict_says_why_and_escape_leaves_the_question_first(
    bundle: Bundle, chromium: Browser
) -> None:
    """Chromium itself notes a refusal on its console, which is not looked at here."""
    page = chromium.new_page()
    with served(bundle) as url:
        page.goto(url)
        page.click(".card >> nth=0")
        page.click("[data-rule=veto]")
        page.click("text=Save")
        assert page.is_visible("[name=reason]:invalid")
        page.fill("[name=reason]", "  ")
        page.fill("[name=reviewer]", "Ada")
        page.keyboard.press("Enter")
        page.wait_for_selector(".problem:has-text('must be one line that says something')")
        assert page.input_value("[name=reviewer]") == "Ada"
        page.keyboard.press("Escape")
        assert page.is_visible("dialog")
        assert not page.is_visible("[name=reason]")
        page.keyboard.press("Escape")
        assert not page.is_visible("dialog")
    assert verdicts_of(bundle) == ()
    page.close()


@pytest.mark.slow
def test_two_tabs_lose_nothing_and_see_what_the_other_did(
    bundle: Bundle, chromium: Browser
) -> None:
    with served(bundle) as url, opened(chromium, url) as one, opened(chromium, url) as two:
        for page, who in ((one, "Ada"), (two, "Bo")):
            page.click(".card >> nth=0")
            page.keyboard.press("v")
            page.fill("[name=reason]", "odd")
            page.fill("[name=reviewer]", who)
        for page in (one, two):
            page.dblclick("text=Save", no_wait_after=True)
            page.wait_for_selector(NOTED)
        assert [v.reviewer for v in verdicts_of(bundle)] == ["Ada", "Bo"]
        assert "(Bo)" not in one.inner_text("dialog")
        one.evaluate("window.dispatchEvent(new Event('focus'))")
        one.wait_for_selector("dialog .verdicts:has-text('(Bo)')")


@pytest.mark.slow
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_overflows(
    bundle: Bundle, chromium: Browser, scheme: str, size: dict[str, int]
) -> None:
    for stimulus, ruling in zip(bundle.stimuli, Ruling, strict=False):
        add_verdict(bundle, stimulus.stimulus_id, ruling, reason="odd", reviewer="Ada")
    with served(bundle) as url, opened(chromium, url) as page:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        for summary in page.locator("summary:visible").all():
            summary.click()
        look_at(page)
        page.click(f".card[data-id='{bundle.stimuli[0].stimulus_id}']")
        look_at(page)
        page.keyboard.press("v")
        look_at(page)


def look_at(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate(OVERFLOW) <= 0
