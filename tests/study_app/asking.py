"""A study that asks everything, and answers to what it asks."""

import html
import re

QUESTIONS = """
[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
low = 18
high = 99
required = true

[[questions]]
name = "ai_use"
text = "How often do you use AI?"
kind = "scale"
options = ["Never", "Sometimes", "Daily"]
required = true

[[questions]]
name = "job"
text = "What is your work?"
kind = "text"

[[questions]]
name = "trust"
text = "Did you trust Sam?"
kind = "choice"
options = ["Yes", "No"]
when = "after"
"""
CHECKS = """
[[attention]]
name = "walls"
kind = "nonsensical"
text = "I can walk through walls."
options = ["Strongly agree", "Agree", "Disagree", "Strongly disagree"]
expected = ["Disagree", "Strongly disagree"]
after_trial = 6

[[attention]]
name = "pink"
kind = "instructed"
text = "This shows whether you read on. Please choose Pink."
options = ["Blue", "Pink", "Green"]
expected = "Pink"
after_trial = 2
"""
COMPREHENSION = """
[[comprehension]]
name = "who"
text = "Who is often wrong?"
options = ["Nobody", "Sam"]
expected = "Sam"

[[comprehension]]
name = "what"
text = "What do you look at?"
options = ["Photos", "Poems"]
expected = "Photos"
"""
PHASES = '[[phases]]\nname = "debrief"'
WITH_COMMENTS = f'[[phases]]\nname = "comments"\n{PHASES}'
RIGHT = {"question-pink": "Pink", "question-walls": "Disagree"}
WRONG = {"question-pink": "Blue", "question-walls": "Agree"}
UNDERSTOOD = {"question-who": "Sam", "question-what": "Photos"}
MISUNDERSTOOD = {"question-who": "Nobody", "question-what": "Photos"}
GOOD = {"question-age": "34", "question-ai_use": "Daily"}


def finish(visitor, answers):
    """Answer everything; `answers` are those to the attention checks."""
    screens = [visitor.screen]
    while visitor.screen != "debrief":
        fields = {"questions": GOOD, "attention": answers}.get(visitor.screen, {})
        visitor.press(visitor.page.form.choices[0], **fields)
        screens.append(visitor.screen)
    return screens


def visible_words(text):
    """The visible words of a piece of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", text)).split()
