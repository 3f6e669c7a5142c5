"""On every window a decision shows all its evidence, and its buttons, without scrolling."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from stimuli.cli import _text as text_of
from study_app import create_app
from study_app.i18n.translations import names_of
from study_app.simulation.server import serving
from tests.every_page import in_language
from tests.languages import GERMAN, table
from tests.study_app.invented import LABELS
from tests.study_app.own_steps import ADVICE, FIELDS, ON_DEMAND, fill_in, step_of, with_steps
from tests.web import first_choice, go_to, press, screen_of, start, walk_unseen

pytestmark = pytest.mark.slow

LONGEST_NAME = "Dunkler Wiesenknopf-Ameisenbläuling"
PHONES = ((360, 640), (390, 664), (390, 844))
LARGE = ((1366, 625), (1280, 800), (1920, 969))  # where a photo beside one panel has 340 px
TINY = ((320, 480), (426, 266))  # the second is 1280 x 800 at a zoom of 300 %
WINDOWS = (*PHONES, (768, 1024), *LARGE)
PAPER = "[trial]\npause = false\n"
ONCE = '[trial]\npause = false\nshow_card = "first"\nwording = "answer"\n'
EXPLAINERS = "[explainers.extremal]\n[explainers.salient]\n[explainers.gradcam]\n"
BOTH = '[[conditions]]\nname = "both"\npanels = ["gradcam", "neighbours"]\n\n[[phases]]'
# Confidence, GradCAM, neighbours; what `build --all` adds, extremal and salient; and two at once.
CONDITIONS = (
    *((), ("heatmap",), ("neighbours",)),
    *(("heatmap",), ("heatmap",)),
    ("heatmap", "neighbours"),
)
# The share of each part of the screen that is in the window and covered by nothing.
SHARES = """() => {
  const steps = [...Array(21).keys()].map((step) => step / 20);
  const share = (part) => {
    const box = part.getBoundingClientRect();
    const seen = steps.flatMap((x) => steps.map((y) => {
      const there = [box.left + 1 + (box.width - 2) * x, box.top + 1 + (box.height - 2) * y];
      const top = document.elementFromPoint(...there);
      return top && (part.contains(top) || top.contains(part));
    }));
    return seen.filter(Boolean).length / seen.length;
  };
  const parts = ".photo .frame, .pictures > :is(.heatmap, .neighbours), button[name=answer]";
  return Object.fromEntries([...document.querySelectorAll(parts)].map(
    (part) => [part.value || part.closest("figure").className, share(part)]));
}"""
SIZES = """() => {
  const box = (element) => element.getBoundingClientRect();
  const texts = [...document.querySelectorAll("header *, main *")].filter((element) =>
    element.getClientRects().length
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const buttons = [...document.querySelectorAll("button[name=answer]")];
  return {
    photo: box(document.querySelector(".photo .frame") ?? document.body).width,
    text: Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize))),
    button: Math.min(...buttons.map((button) => box(button).height)),
    overflow: document.documentElement.scrollWidth - innerWidth,
  };
}"""
PLACES = """() => [...document.querySelectorAll("button[name=answer]")].map((button) => {
  const box = button.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
})"""


def german(text, bundle):
    """The study in German, with names as long as the longest of butterflies."""
    tables = GERMAN[GERMAN.index("[texts]") : GERMAN.index("[names]")]
    names = {
        name: f"{LONGEST_NAME} {LABELS.index(name) + 1}" if name in LABELS else "Ein Falter."
        for name in names_of(bundle)
    }
    return in_language(text, "de", title="Hat die KI recht?") + tables + table("names", names)


@pytest.fixture(scope="module", params=["English, with a mouse", "German, with fingers"])
def visits(request, tmp_path_factory, tools):
    """The address of a study of four conditions, one with two panels; how browsers come to it."""
    folder = tmp_path_factory.mktemp("fitting")
    text = tools.study_text(practice=1, validation=6, test=3).replace("[[phases]]", BOTH, 1)
    text = text.replace("[explainers.gradcam]\n", EXPLAINERS).replace(PAPER, ONCE)
    (folder / "before.toml").write_text(text)
    text = text_of(folder / "before.toml", all_explainers=True)
    is_german = request.param.startswith("German")
    app = create_app({"TESTING": True}, instance_path=str(folder / "instance"))
    bundle = tools.build_bundle(folder / "bundle", text)
    (folder / "study.toml").write_text(german(text, bundle) if is_german else text)
    tools.load(app, bundle.path, "--study", folder / "study.toml")
    with serving(app) as address:
        yield address, {"has_touch": True, "is_mobile": True} if is_german else {}
    tools.close(app)


@pytest.fixture(scope="module")
def people(visits, chromium):
    """The pages of people, one of each condition, at a decision that offers the card too."""
    url, how = visits
    contexts = [chromium.new_context(**how) for _ in CONDITIONS]
    newcomers = [start(context.new_page(), url) for context in contexts]
    yield [walk_unseen(page, lambda html: "card-opener" in html) for page in newcomers]
    for context in contexts:
        context.close()


@pytest.fixture
def newcomer(visits, people, chromium):
    """The page of somebody who comes after them, at the decision of the practice."""
    url, how = visits
    with chromium.new_context(**how) as context:
        yield go_to(start(context.new_page(), url), "judge")


def panels_of(page):
    """What stands beside the photo."""
    panels = ".pictures > :is(.heatmap, .neighbours)"
    return page.eval_on_selector_all(panels, "all => all.map((e) => e.className)")


def open_window(page, window):
    """Give the page a window, and let it fit itself, from the top."""
    page.evaluate("window.scrollTo(0, 0)")
    page.set_viewport_size({"width": window[0], "height": window[1]})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def what_is_wrong(page, window):
    """What is not whole, too small, or too wide on a decision's screen."""
    open_window(page, window)
    shares, sizes = page.evaluate(SHARES), page.evaluate(SIZES)
    largest = 340 if window in LARGE and len(panels_of(page)) < 2 else 150
    is_small = sizes["photo"] < largest or sizes["text"] < 14 or sizes["button"] < 44
    if min(shares.values()) < 1 or sizes["overflow"] > 0 or is_small:
        return {"shares": shares, "sizes": sizes}
    return None


def test_photo_panels_and_buttons_are_seen_whole_on_every_window_28(people):
    assert sorted(tuple(panels_of(page)) for page in people) == sorted(CONDITIONS)
    problems = {
        (place, tuple(panels_of(page)), window): what_is_wrong(page, window)
        for place, page in enumerate(people)
        for window in WINDOWS
    }
    assert {what: problem for what, problem in problems.items() if problem} == {}


@pytest.mark.parametrize("window", PHONES)
def test_the_photo_is_as_large_in_every_condition_on_a_phone_28(people, window):
    for page in people:
        open_window(page, window)
    widths = [page.evaluate(SIZES)["photo"] for page in people]
    assert max(widths) - min(widths) <= 2


@pytest.mark.parametrize("window", WINDOWS)
def test_the_buttons_of_a_trial_are_at_one_place_28(newcomer, window):
    page = newcomer
    open_window(page, window)
    press(page, "yes")
    [continue_there] = page.evaluate(PLACES)
    press(page, "continue")
    places = {}
    for screen in ("seen", "card", "judge"):
        assert screen_of(page) == screen
        places[screen] = page.evaluate(PLACES)
        press(page, first_choice(page))
    yes, no = places["seen"]
    assert np.abs(np.subtract(places["seen"], places["judge"])).max() <= 2
    middle = np.add(yes, no) / 2
    for one in (continue_there, places["card"][0]):
        assert np.abs(one - middle).max() <= 2
    assert 2 * np.hypot(*np.subtract(yes, middle)) < 250  # from Yes to Continue to No


@pytest.mark.parametrize("window", TINY)
def test_what_cannot_fit_scrolls_and_a_hint_says_so_28(people, window):
    [page] = [one for one in people if len(panels_of(one)) == 2]
    open_window(page, window)
    assert page.is_visible("[data-more]")
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_selector("[data-more]", state="hidden")
    shares = page.evaluate(SHARES)
    assert (shares["yes"], shares["no"]) == (1, 1)
    assert page.evaluate(SIZES)["overflow"] <= 0


# A study's own steps


STEPS = {"advice": ADVICE, "on demand": ON_DEMAND, "fields": FIELDS}
STEP_WINDOWS = (*PHONES, (768, 1024), (1366, 625), (1280, 800))
LOOKED_AT = ("neighbours", "both", "alone")
PLACE = """() => [".photo .frame", ".pictures > :last-child", ".question"].map((what) => {
  const box = document.querySelector(what).getBoundingClientRect();
  return [box.left, box.top, box.width, box.height];
})"""
QUESTION_SEEN = """() => {
  const box = document.querySelector(".question").getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}"""


@pytest.fixture(scope="module", params=STEPS)
def own_steps(request, tmp_path_factory, tools):
    """A server with a study of six groups with such a trial, in German."""
    folder = tmp_path_factory.mktemp("steps")
    text = with_steps(tools.study_text(practice=1, validation=1, test=1), STEPS[request.param])
    bundle = tools.build_bundle(folder / "bundle", text)
    shorter = german(text, bundle).replace(json.dumps(LONGEST_NAME)[1:-1], "Falter")
    (folder / "study.toml").write_text(shorter)
    with tools.open_loaded(folder, bundle.path, "--study", folder / "study.toml") as site:
        yield site


@dataclass(frozen=True, kw_only=True)
class Look:
    """A step in a window, as somebody of a group sees it.

    Attributes:
        was_asked: whether everything was asked for that comes on demand.
        problem: what is not whole, too small, or too wide.
        photo: its place and its size; None for none.
    """

    group: str
    step: str
    was_asked: bool
    window: tuple[int, int]
    problem: object
    photo: tuple[float, float, float] | None


def steps_after_practice(page):
    """Walk on, and stop at each step of the trial that comes after the practice."""
    while (screen := screen_of(page)) != "debrief":
        place = page.inner_text(".where") if screen == "step" else ""
        if screen == "step" and "Hauptfragen" in place:
            return
        if screen == "step" and "Übung" not in place:
            yield step_of(page)
        fill_in(page)
        press(page, first_choice(page))


def look(page, group, step, window, *, was_asked=False):
    """Open a window, and look."""
    open_window(page, window)
    shares, sizes = page.evaluate(SHARES), page.evaluate(SIZES)
    is_small = sizes["photo"] < 149 or sizes["text"] < 14 or sizes["button"] < 44
    is_whole = min(shares.values()) == 1 and page.evaluate(QUESTION_SEEN)
    is_good = is_whole and not is_small and sizes["overflow"] <= 0
    photo = page.query_selector(".photo .frame")
    return Look(
        group=group,
        step=step,
        was_asked=was_asked,
        window=window,
        problem=None if is_good else (shares, sizes),
        photo=tuple(page.evaluate(PLACE)[0][:3]) if photo else None,
    )


def look_at_all(page, group):
    """Look at each step in every window, before and after what is asked for is there."""
    for step in steps_after_practice(page):
        yield from [look(page, group, step, window) for window in STEP_WINDOWS]
        if asks := page.query_selector_all("button[data-ask]"):
            for ask in asks:
                ask.tap()
            page.wait_for_selector("[data-ask]", state="detached")
            yield from [look(page, group, step, w, was_asked=True) for w in STEP_WINDOWS]


@pytest.fixture(scope="module")
def looks(own_steps, chromium):
    """All steps as three groups see them: one panel, two, and nothing of the AI."""
    seen = []
    for _ in range(6):
        with chromium.new_context(has_touch=True, is_mobile=True) as context:
            page = start(context.new_page(), own_steps.url)
            group = own_steps.participant(page).condition
            if group in LOOKED_AT:
                seen += look_at_all(page, group)
    assert {one.group for one in seen} == {*LOOKED_AT}
    return seen


def test_steps_show_everything_on_every_window_32(looks):
    assert [one for one in looks if one.problem] == []


def test_the_photo_of_a_step_is_as_large_in_every_group_on_a_phone_32(looks):
    widths = {}
    for one in looks:
        if one.window in PHONES and one.photo:
            widths.setdefault((one.step, one.window), []).append(one.photo[2])
    assert {what: all_ for what, all_ in widths.items() if max(all_) - min(all_) > 2} == {}


def test_the_photo_stays_where_it_is_when_the_advice_comes_32(looks):
    places = {}
    for one in looks:
        if one.step in ("alone", "advised") or one.was_asked or one.step == "decide":
            places.setdefault((one.group, one.step == "decide", one.window), []).append(one.photo)
    moved = {what: np.ptp(all_, axis=0).max() for what, all_ in places.items()}
    assert {what: by for what, by in moved.items() if by > 0.5} == {}


def test_nothing_moves_when_a_part_of_a_step_comes_32(own_steps, chromium):
    with chromium.new_context() as context:
        page = start(context.new_page(), own_steps.url)
        for _ in steps_after_practice(page):
            before = page.evaluate(PLACE) if page.query_selector(".photo") else None
            for ask in page.query_selector_all("button[data-ask]"):
                ask.click()
            page.wait_for_selector("[data-ask]", state="detached")
            if before:
                assert np.abs(np.subtract(before, page.evaluate(PLACE))).max() < 0.5
