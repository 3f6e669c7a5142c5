"""The page as people read it: in a browser, on a phone, on paper, copied into a paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from analysis.export.read import read_export
from analysis.report.command import write_report
from analysis.report.page import page, sections_of
from analysis.statistics.analysed import analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import someone

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """Twenty people per condition, so that little is warned of."""
    folder = tmp_path_factory.mktemp("read")
    people = [
        someone(name, 4 + n % 5, n=9) for name in ("confidence", "gradcam") for n in range(20)
    ]
    return write_report(write_export(folder / "export", people), folder / "report")


@pytest.fixture
def desk(report: Path, chromium: Browser) -> Iterator[Page]:
    """The page in a wide window, with a clipboard that can be read."""
    context = chromium.new_context(viewport=DESK, permissions=["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.goto(report.as_uri())
    yield opened
    context.close()


def folded(opened: Page) -> list[str]:
    """The sections that show their headings only."""
    script = "[...document.querySelectorAll('section:has(> .body[hidden])')].map(s => s.id)"
    return opened.evaluate(script)


def test_the_contents_list_every_section_with_its_number(tmp_path):
    sample = analysed(read_export(write_export(tmp_path / "e", [someone("confidence", 4)] * 2)))
    sections = sections_of(sample)
    html = page(sample, sections, {})
    links = re.findall(r'<li><a href="#(\w+)">(?:<span>(\d+)</span> )?([^<]+)</a></li>', html)
    headings = r'<section id="(\w+)".*>\n<h2>(?:<span>(\d+)</span> )?([^<]+)</h2>'
    answer, *others = sections
    numbered = [(s.name, str(number), s.title) for number, s in enumerate(others, start=1)]
    assert links == re.findall(headings, html) == [("answer", "", "The answer"), *numbered]
    # Few people are warned of in the second section; nothing is to be said of the last.
    assert re.search(r'<section id="accuracy" class="folds">', html)
    assert re.search(r'<section id="how" class="folds" data-folded>', html)


@pytest.mark.slow
def test_sections_fold_by_mouse_and_keyboard_and_a_link_opens_what_it_leads_to(desk):
    assert {"who", "accuracy"}.isdisjoint(folded(desk))
    assert "team" in folded(desk)
    heading = desk.get_by_role("heading", name="Who is in").get_by_role("button")
    heading.click()
    assert "who" in folded(desk)
    heading.press("Enter")
    assert "who" not in folded(desk)
    desk.evaluate("location.hash = 'table-ai_only'")
    desk.wait_for_selector("#table-ai_only", state="visible")
    desk.evaluate("location.hash = 'table-knowledge_first'")
    desk.wait_for_selector("#table-knowledge_first", state="visible")
    assert {"team", "viewing"}.isdisjoint(folded(desk))


@pytest.mark.slow
def test_the_contents_stay_in_view_and_mark_the_section_that_is_read(desk, report):
    desk.get_by_role("link", name="How these numbers were made").click()
    current = desk.locator(".contents a[aria-current=true]")
    current.get_by_text("How these numbers were made").wait_for()
    assert current.count() == 1
    assert desk.locator(".contents").bounding_box()["y"] >= 0
    desk.set_viewport_size(PHONE)
    bar = desk.locator(".contents").bounding_box()
    assert bar["y"] == 0
    assert bar["height"] < 60
    desk.locator(".contents summary").click()
    desk.get_by_role("link", name="Who is in").click()
    assert desk.locator(".contents").bounding_box()["height"] < 60
    assert 0 <= desk.locator("#who h2").bounding_box()["y"] < 200


@pytest.mark.slow
def test_without_scripts_everything_is_open(report, chromium):
    context = chromium.new_context(java_script_enabled=False, viewport=DESK)
    opened = context.new_page()
    opened.goto(report.as_uri())
    assert opened.locator("section > .body:visible").count() == opened.locator("section").count()
    assert opened.locator(".contents li:visible").count() == opened.locator("section").count()
    context.close()


LATEX = r"""
% \usepackage{booktabs}
\begin{table}
\caption{Per-user accuracy}
\label{tab:accuracy}
\begin{tabular}{lrrrr}
\toprule
Condition & Participants & Mean, \% & Std, points & 95 \% interval \\
\midrule
confidence & 20 & 66.67 & 16.12 & 59.1 to 74.2 \\
gradcam & 20 & 66.67 & 16.12 & 59.1 to 74.2 \\
\bottomrule
\end{tabular}
\end{table}
"""
MARKDOWN = """
| Condition | Participants | Mean, % | Std, points | 95 % interval |
| :-- | --: | --: | --: | --: |
| confidence | 20 | 66.67 | 16.12 | 59.1 to 74.2 |
| gradcam | 20 | 66.67 | 16.12 | 59.1 to 74.2 |
"""


def copied(opened: Page, table: str, name: str) -> str:
    """What a button puts into the clipboard."""
    opened.locator(f"#table-{table} button[title$={name}]").click()
    opened.locator(f"#table-{table} button[title$={name}]", has_text="copied").wait_for()
    return str(opened.evaluate("navigator.clipboard.readText()"))


@pytest.mark.slow
@pytest.mark.parametrize("clipboard", ["writes", "refuses"])
def test_a_table_is_copied_for_latex_and_as_markdown(desk, clipboard):
    if clipboard == "refuses":
        desk.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(Error()); }")
    assert copied(desk, "accuracy", "LaTeX") == LATEX.lstrip()
    assert copied(desk, "accuracy", "Markdown") == MARKDOWN.lstrip()


@pytest.mark.slow
def test_cells_that_span_rows_are_copied_once_and_signs_are_escaped(desk):
    desk.evaluate("location.hash = 'table-acceptance'")
    text = copied(desk, "acceptance", "LaTeX")
    rows = [line.split(" & ")[:2] for line in text.splitlines() if " & " in line]
    assert rows[1:4] == [["confidence", "right"], ["", "wrong"], ["", "either"]]
    assert text.count("\\addlinespace") == 1
    first = "#table-acceptance tbody td"
    desk.evaluate(f"document.querySelector('{first}').textContent = '50 % of a_b & −1 \\\\ {{ρ}}'")
    assert r"50 \% of a\_b \& $-$1 \textbackslash{} \{$\rho$\}" in copied(
        desk, "acceptance", "LaTeX"
    )


@pytest.mark.slow
def test_on_paper_all_is_open_and_light(report, chromium):
    opened = chromium.new_page(color_scheme="dark")
    opened.goto(report.as_uri())
    opened.emulate_media(media="print", color_scheme="dark")
    bodies = opened.locator("section > .body")
    assert all(body.bounding_box()["height"] > 50 for body in bodies.all())
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.locator("main details:not([open])").count() == 0
    ink = opened.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(31, 42, 48)"
    opened.close()
