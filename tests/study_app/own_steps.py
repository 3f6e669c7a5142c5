"""Studies whose trials have steps of their own, one of each recipe; how browsers answer them."""

from playwright.sync_api import Page

from tests.web import FORM

PAPER = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'
CLASSES = 'response = { kind = "choice", options = "classes" }'
ADVICE = f"""[trial]
pause = false
[[trial.steps]]
name = "alone"
shows = ["photo"]
{CLASSES}
[[trial.steps]]
name = "advised"
shows = ["photo", "answer", "confidence", "panels", "own"]
{CLASSES}
"""
"""Two-stage advice: answered alone, then with the AI."""

SURE = f"""[trial]
pause = false
[[trial.steps]]
name = "alone"
shows = ["photo"]
{CLASSES}
[[trial.steps]]
name = "sure"
shows = ["photo", "own"]
response = {{ kind = "slider", ends = ["not at all", "completely"] }}
[[trial.steps]]
name = "advised"
shows = ["photo", "answer", "confidence", "panels", "own"]
{CLASSES}
[[trial.steps]]
name = "sure-then"
shows = ["photo", "answer", "own"]
response = {{ kind = "slider" }}
"""
"""The same, each answer with how sure somebody is."""

ON_DEMAND = """[trial]
pause = false
[[trial.steps]]
name = "decide"
shows = ["photo", "answer", "confidence", "panels"]
reveal = { panels = "on demand", answer = { after_ms = 500 } }
response = { kind = "decision" }
"""
"""The answer after a while, the explanation for who asks."""

BEST = f"""[trial]
pause = false
[[trial.steps]]
name = "described"
shows = ["card"]
show = "first"
response = {{ kind = "continue" }}
[[trial.steps]]
name = "pick"
shows = ["photo", "best", "panels", "card"]
reveal = {{ best = "on demand", card = "on demand" }}
{CLASSES}
"""
"""A card first, then the k best answers."""

FORWARD = f"""[trial]
pause = false
[[trial.steps]]
name = "foresee"
shows = ["photo", "panels"]
truth = "ai_answer"
{CLASSES}
[[trial.steps]]
name = "told"
shows = ["photo", "answer", "truth"]
phases = ["practice"]
response = {{ kind = "continue" }}
"""
"""Forward simulation, whose practice tells what the AI said."""

FIELDS = """[trial]
pause = false
[[trial.steps]]
name = "place"
shows = ["photo"]
response = { kind = "click" }
[[trial.steps]]
name = "count"
shows = ["photo", "panels"]
response = { kind = "number", text = "How many dots do its wings have?", low = 0, high = 40 }
[[trial.steps]]
name = "words"
shows = ["photo"]
response = { kind = "text" }
[[trial.steps]]
name = "hard"
shows = ["photo", "answer"]
[trial.steps.response]
kind = "scale"
text = "How hard is this photo?"
options = ["very easy", "easy", "neither easy nor hard", "hard", "very hard"]
[[trial.steps]]
name = "order"
shows = ["photo"]
[trial.steps.response]
kind = "rank"
text = "What tells you most? Begin with it."
options = ["wings", "colours", "background"]
[[trial.steps]]
name = "decide"
shows = ["photo", "answer", "panels"]
reveal = { panels = "on demand", answer = { after_ms = 300 } }
response = { kind = "decision" }
[[trial.steps]]
name = "sure"
shows = ["own"]
response = { kind = "slider" }
"""
"""A place, a number, words, a scale and an order before the decision, and a slider after it."""

RECIPES = {
    "advice": ADVICE,
    "sure": SURE,
    "on demand": ON_DEMAND,
    "best": BEST,
    "forward": FORWARD,
    "fields": FIELDS,
}
TRIAL = "[trial]\npause = false\n"
EVERY_KIND = TRIAL + "".join(one.removeprefix(TRIAL) for one in (BEST, FIELDS, FORWARD, ADVICE))
"""All of these in one trial."""

FILLED = {
    "question-place": "0.25 0.75",
    "question-count": "12",
    "question-words": "two dots",
    "question-sure": "40",
    "question-sure-then": "70",
    "question-order": "2 1 3",
}
"""What people fill in on the steps of these recipes, beside the buttons that they press."""

GROUPS = """[[conditions]]
name = "both"
panels = ["gradcam", "neighbours"]
[[conditions]]
name = "answer"
shows_ai = "answer"
[[conditions]]
name = "alone"
shows_ai = false
"""
"""Beside the usual conditions: two panels at once, the answer by itself, and none of the AI."""


def with_steps(text: str, recipe: str, *, groups: bool = True) -> str:
    """A study file whose trial is that of a recipe; `groups` adds `GROUPS`."""
    return text.replace(PAPER, (GROUPS if groups else "") + recipe)


def step_of(page: Page) -> str:
    """Which of a study's own steps a page shows; empty for any other screen."""
    fields = page.query_selector_all(f"{FORM} [name=trial]")
    return (fields[0].get_attribute("value") or "").partition(":")[2] if fields else ""


def fill_in(page: Page) -> None:
    """Answer what is typed or set on a page: 12, the middle of a line, a quarter of the photo.

    Of what is put in order, the first goes down by one.
    """
    for field in page.query_selector_all(f"{FORM} :is(.number input, textarea)"):
        field.fill("12")
    for line in page.query_selector_all(f"{FORM} [data-slider] .line"):
        line.press(" ")
    for first in page.query_selector_all(f"{FORM} [data-rank] li:first-child [data-by='1']"):
        first.click()
    if page.query_selector("[data-click]"):
        size = page.locator(".photo .frame").bounding_box()
        assert size
        there = {"x": size["width"] / 4, "y": size["height"] / 4}
        page.click(".photo .frame", position=there)
