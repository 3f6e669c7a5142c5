"""Small and strange studies give a page that says what cannot be computed; never a traceback."""

import html
import re

import pytest

from analysis.analysed import analysed
from analysis.export import read_export
from analysis.page import draw, page, sections_of


def people_in(builder, case):
    """The people and the facts of each strange study."""
    one, someone, person = builder.someone, builder.someone, builder.person
    natural = builder.natural
    odd = [
        builder.stimulus(bin=s.bin, ai_right=s.ai_right, label=label)
        for s, label in zip(natural, ["NA", "null", "Ä ñ 蝶 🦋", "nan", "None", "<b>"], strict=True)
    ]
    return {
        "nobody": ([], {}),
        "one person": ([one("confidence", 4)], {}),
        "one person in each of two conditions": ([one("confidence", 4), one("gradcam", 5)], {}),
        "one condition": (
            [one("confidence", k) for k in (3, 4, 5)],
            {"conditions": ["confidence"]},
        ),
        "one person in the only condition": (
            [one("confidence", 3)],
            {"conditions": ["confidence"]},
        ),
        "everybody right": ([someone(c, 6) for c in ("confidence", "gradcam")] * 3, {}),
        "everybody wrong": ([someone(c, 0) for c in ("confidence", "gradcam")] * 3, {}),
        "everybody accepts everything": (
            [
                person(condition=c, right=(True,) * 3 + (False,) * 3)
                for c in ("confidence", "gradcam")
            ]
            * 2,
            {},
        ),
        "a bin without trials": (
            [
                person(condition=c, shown=(0, 1, 3), right=(True,) * 3)
                for c in ("confidence", "gradcam")
            ]
            * 2,
            {},
        ),
        "one trial each": (
            [person(condition=c, shown=(0,), right=(True,)) for c in ("confidence", "gradcam")],
            {},
        ),
        "only adversarial trials": (
            [person(condition="gradcam", shown=(6, 7, 8), right=(True, False, True))] * 3,
            {},
        ),
        "only under way": ([person(outcome="", right=(True, None))] * 2, {}),
        "nobody passes": ([one("confidence", 4, validation_right=1)] * 3, {}),
        "no validation": ([one("confidence", 4)] * 2, {"validation": False}),
        "no pool": ([one("confidence", 4), one("gradcam", 2)] * 2, {"pool": []}),
        "strange labels": ([one("confidence", 4), one("gradcam", 2)] * 2, {"stimuli": odd}),
        "one-sided, chosen pairs": (
            [one("confidence", 4), one("gradcam", 2)] * 2,
            {"pairs": [("gradcam", "confidence")], "alternative": "greater"},
        ),
    }[case]


CASES = [
    "nobody",
    "one person",
    "one person in each of two conditions",
    "one condition",
    "one person in the only condition",
    "everybody right",
    "everybody wrong",
    "everybody accepts everything",
    "a bin without trials",
    "one trial each",
    "only adversarial trials",
    "only under way",
    "nobody passes",
    "no validation",
    "no pool",
    "strange labels",
    "one-sided, chosen pairs",
]


@pytest.mark.parametrize("case", CASES)
def test_a_strange_study_gives_a_page_without_a_nan(builder, tmp_path, case):
    people, facts = people_in(builder, case)
    read = analysed(
        read_export(builder.write(tmp_path / "e", people, **facts)), reproduce_paper=True
    )
    sections = sections_of(read)
    text = html.unescape(
        re.sub(r"<(style|svg).*?</\1>|<[^>]+>", " ", page(read, sections, {}), flags=re.S)
    )
    assert re.findall(r".{40}\b(?:nan|NaN|inf|None|NaT)\b|<NA>", text) == []
    for section in sections:
        for table in section.listings:
            assert not re.search(r"\b(nan|inf|NaT)\b", table.csv), table.name


@pytest.mark.parametrize("case", ["one trial each", "everybody right", "only adversarial trials"])
def test_figures_of_a_strange_study_can_be_drawn(builder, tmp_path, case):
    people, facts = people_in(builder, case)
    read = analysed(read_export(builder.write(tmp_path / "e", people, **facts)))
    assert draw(read, sections_of(read))
