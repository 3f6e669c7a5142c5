"""The preregistration as one Markdown file: what registries ask, answered from the study file.

The order is that of the common registries (OSF, AsPredicted): what was seen already, what is asked,
what is measured, the design, people, stopping, exclusions, analyses, anything else.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

import tomlkit

from analysis.export.registered import BLOCK, FENCE, OPEN, RegisteredFacts, registered_tables
from analysis.preregister.analyses import analyses
from analysis.preregister.findable import findable
from analysis.preregister.how_many import exclusions, sample, stopping
from analysis.preregister.hypotheses import hypotheses, measures
from analysis.preregister.markdown import bullets
from analysis.preregister.open_points import open_points
from analysis.preregister.planned_study import NOT_GIVEN, Plan
from analysis.preregister.who_sees_what import who_sees_what

QUESTIONS: tuple[tuple[str, Callable[[Plan], Iterator[str]]], ...] = (
    ("What is asked?", hypotheses),
    ("What is measured?", measures),
    ("Who sees what?", who_sees_what),
    ("How many people, and why?", sample),
    ("When does data collection stop?", stopping),
    ("Who is left out?", exclusions),
    ("How are the answers analysed?", analyses),
    ("What could be found at all?", findable),
)
UNKNOWN = (
    "This file cannot know. The report of the study compares the start of its first participant "
    "with the time at which this file was written."
)


def document(plan: Plan, created_at: datetime) -> str:
    """The whole file.

    Args:
        plan: as it was read.
        created_at: now.
    """
    written = (
        f"Study `{plan.study.study.name}`, written on {created_at.day} {created_at:%B %Y, %H:%M} "
        f"UTC from `{plan.file}` by `python -m analysis.preregister`."
    )
    files = [
        f"Study file, SHA-256 `{plan.facts.study_digest}`",
        f"Bundle of the stimuli, `{plan.bundle_digest or NOT_GIVEN}`",
    ]
    parts = [f"# Preregistration: {plan.study.study.title}", written]
    parts += [OPEN, bullets(open_points(plan))]
    parts += ["## Have data been collected?", UNKNOWN]
    for title, answers in QUESTIONS:
        parts += [f"## {title}", "\n\n".join(answers(plan)) or "**Open**: see the top."]
    parts += ["## Which files is this about?", bullets(files)]
    parts += ["## Facts", facts_at_its_end(plan, created_at)]
    return "\n\n".join(parts) + "\n"


def facts_at_its_end(plan: Plan, created_at: datetime) -> str:
    """The block that the report reads."""
    facts = RegisteredFacts(
        schema_version=1,
        created_at=created_at.replace(microsecond=0),
        study_digest=plan.facts.study_digest,
        bundle_digest=plan.bundle_digest,
        tables=registered_tables(plan.text),
    )
    told = (
        "For `python -m analysis.report EXPORT --preregistered FILE`, which lists every deviation "
        "from this file; leave them as they are."
    )
    return f"{told}\n\n{BLOCK}{tomlkit.dumps(facts.model_dump())}{FENCE}"
