"""`[[scales]]`: questions that measure one thing together, which the analysis sums up."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from stimuli.study.offline import Facts, Name
from stimuli.study.responses import Response


class ScaleSettings(Facts):
    """`[[scales]]`: what several questions of the kind `scale` measure. No page shows it.

    Attributes:
        items: names of the questions, which have as many options each.
        reversed: those of them whose first option means most.
    """

    name: Name
    items: Annotated[tuple[Name, ...], Field(min_length=2)]
    reversed: tuple[Name, ...] = ()


def scale_problems(scales: Sequence[ScaleSettings], questions: Sequence[Response]) -> list[str]:
    """What is wrong with scales, and what they and the questions of a study owe each other."""
    by_name = {question.name: question for question in questions}
    problems = []
    for scale in scales:
        where = f"scales.{scale.name}"
        if scale.name in by_name:
            problems.append(f"{where}: is what a question is called; rename the scale")
        if len(set(scale.items)) < len(scale.items):
            problems.append(f"{where}.items: one is there more than once; remove it")
        problems += [
            f"{where}.items: {name!r} is no question of the kind scale; correct it"
            for name in scale.items
            if name not in by_name or by_name[name].kind != "scale"
        ]
        problems += [
            f"{where}.reversed: {name!r} is none of the items; correct it"
            for name in scale.reversed
            if name not in scale.items
        ]
        items = [by_name[name] for name in scale.items if name in by_name]
        if len({len(item.columns) for item in items if item.columns}) > 1:
            problems.append(f"{where}.items: have different numbers of options; make them agree")
        if len({item.when for item in items}) > 1:
            problems.append(
                f"{where}.items: some are asked before the trials, some after; part them"
            )
    return problems
