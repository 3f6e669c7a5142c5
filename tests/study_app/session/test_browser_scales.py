"""Scales of the same options in a real browser: one table, or a card for each on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from study_app import create_app
from study_app.answer_models import QuestionnaireAnswer
from study_app.simulation.server import serving
from tests.every_page import in_language, tables_of
from tests.web import click_away, go_to, leave, selector_of, start, wait_until_timed

pytestmark = pytest.mark.slow

OPTIONS = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
STATEMENTS = {
    "systems": "I trust automatic systems.",
    "decides": "I would let a program make a decision that matters, even if nobody explains it.",
    "reliable": "Most technology is reliable.",
}
TABLES = "".join(
    f'[[questions]]\nname = "{name}"\ntext = "{text}"\nkind = "scale"\n'
    f"options = {OPTIONS}\nrequired = true\n"
    for name, text in STATEMENTS.items()
)
PHONES, LARGE = ((360, 640), (390, 844)), ((768, 1024), (1280, 800))
# Of each row, the boxes of its statement and of its options; those of the headings that are shown.
PLACES = """() => {
  const box = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { middle: left + width / 2, left, top, width, height };
  };
  const rows = [...document.querySelectorAll("[role=radiogroup]")];
  return {
    headings: [...document.querySelectorAll(".columns > span:not(:empty)")]
      .filter((span) => span.getClientRects().length).map(box),
    rows: rows.map((row) => ({
      statement: box(row.querySelector(".statement")),
      options: [...row.querySelectorAll("label")].map(box),
      words: [...row.querySelectorAll("label > span")].map(box),
    })),
    overflow: document.documentElement.scrollWidth - innerWidth,
  };
}"""


@pytest.fixture(scope="module", params=["en", "ar"])
def served(request, tmp_path_factory, tools):
    """The address of a server that asks these, in a language that runs from either side."""
    folder = tmp_path_factory.mktemp("scales")
    app = create_app({"TESTING": True}, instance_path=str(folder / "instance"))
    text = tools.study_text(practice=1, validation=1, test=1) + TABLES
    bundle = tools.build_bundle(folder / "bundle", text)
    if request.param == "ar":
        text = in_language(text, "ar", title="Title") + tables_of(bundle)
    (folder / "study.toml").write_text(text, "utf-8")
    tools.load(app, bundle.path, "--study", folder / "study.toml")
    with serving(app) as url:
        yield url, app
    tools.close(app)


@pytest.fixture(params=["light", "dark"])
def page(request, chromium, served):
    """Somebody who is asked."""
    with chromium.new_context(color_scheme=request.param) as context:
        yield go_to(start(context.new_page(), served[0]), "questions")


def in_window(page, window):
    """Give the page a window; where everything is then."""
    page.set_viewport_size({"width": window[0], "height": window[1]})
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return page.evaluate(PLACES)


def violations(page):
    """What axe-core finds wrong with a page."""
    return [found["id"] for found in Axe().run(page).response["violations"]]


def is_from_the_right(page):
    """Whether the language runs so."""
    return page.get_attribute("html", "dir") == "rtl"


def test_scales_are_one_table_where_there_is_room(page):
    for window in LARGE:
        places = in_window(page, window)
        assert places["overflow"] <= 0
        middles = [heading["middle"] for heading in places["headings"]]
        assert len(middles) == len(OPTIONS)
        assert middles == sorted(middles, reverse=is_from_the_right(page))
        for row in places["rows"]:
            assert [o["middle"] for o in row["options"]] == pytest.approx(middles, abs=1)
            assert len({round(option["top"]) for option in row["options"]}) == 1
            assert min(min(o["width"], o["height"]) for o in row["options"]) >= 44
            widths = [option["width"] for option in row["options"]]
            assert max(widths) - min(widths) <= 1
        tops = [row["statement"]["top"] for row in places["rows"]]
        assert tops == sorted(tops)
        assert violations(page) == []


def test_on_a_phone_each_scale_is_a_card_with_options_to_read_and_to_touch(page):
    for window in PHONES:
        places = in_window(page, window)
        assert places["overflow"] <= 0
        assert places["headings"] == []
        for row in places["rows"]:
            tops = [row["statement"]["top"], *(option["top"] for option in row["options"])]
            assert tops == sorted(set(tops))
            assert min(option["height"] for option in row["options"]) >= 44
            assert min(words["width"] for words in row["words"]) > 30
        assert violations(page) == []


@pytest.mark.parametrize("window", [PHONES[0], LARGE[1]])
def test_a_row_is_named_by_its_statement_and_says_what_is_wrong_with_it(page, window):
    in_window(page, window)
    for text in STATEMENTS.values():
        row = page.get_by_role("radiogroup", name=text)
        assert [row.get_by_role("radio", name=o, exact=True).count() for o in OPTIONS] == [1] * 5
    page.check("[name=question-decides] >> nth=1")
    page.click("button.go")
    page.wait_for_selector(".problem")
    wait_until_timed(page)
    rows = page.get_by_role("radiogroup").all()
    described = [row.get_attribute("aria-describedby") for row in rows]
    assert described == ["question-systems-problem", None, "question-reliable-problem"]
    assert all(page.is_visible(f"#{name}") for name in described if name)
    assert page.is_checked("[name=question-decides] >> nth=1")
    assert violations(page) == []


def test_arrows_choose_within_a_row_and_tab_goes_to_the_next(page, served, tools):
    in_window(page, LARGE[1])
    page.focus("[name=question-systems] >> nth=0")
    back = "ArrowRight" if is_from_the_right(page) else "ArrowLeft"
    for key in ("ArrowDown", "ArrowDown", "Tab", "Space", "Tab", back):
        page.keyboard.press(key)
    this = selector_of(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    leave(page, this)
    answers = {a.name: a.value for a in tools.rows(served[1], QuestionnaireAnswer)[-3:]}
    chosen = {"systems": OPTIONS[2], "decides": OPTIONS[0], "reliable": OPTIONS[-1]}
    assert answers == chosen


def test_without_a_script_a_table_is_answered_all_the_same(served, chromium):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(served[0])
        for _ in range(3):
            click_away(page, "button.go")
        for name in STATEMENTS:
            page.locator(f"label:has([name=question-{name}])").nth(3).click()
        click_away(page, "button.go")
        assert page.input_value("[name=screen]") == "instructions"
