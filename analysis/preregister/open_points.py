"""What a registration should say and the study does not. Nothing is invented in its place."""

from collections.abc import Iterator

from analysis.preregister.findable import areas_of
from analysis.preregister.planned_study import Plan
from analysis.statistics.shares import MIN_PEOPLE
from stimuli.study import default_text_warnings


def open_points(plan: Plan) -> list[str]:
    """A sentence for each: what is missing, and where to say it."""
    return [
        "What you expect, and why: a study file names tests, no reasons. Write it here.",
        *of_the_test(plan),
        *of_the_people(plan),
        *of_what_was_computed(plan),
        *default_text_warnings(plan.study),
    ]


def of_the_test(plan: Plan) -> Iterator[str]:
    """What `[analysis]` leaves open."""
    settings, n = plan.facts.analysis, len(plan.pairs)
    if not plan.pairs:
        yield "What is compared: no two conditions can be; a study of one group tests nothing here."
    elif not settings.pairs and n > 1:
        yield (
            f"Which pairs the question is about: [analysis] pairs is missing, so that all {n} are "
            "the family, and each p is adjusted for all of them."
        )
    if settings.equivalence_points is None:
        yield (
            "Which difference is too small to matter: [analysis] equivalence_points is missing, so "
            "that “no difference” cannot be concluded whatever comes out."
        )


def of_the_people(plan: Plan) -> Iterator[str]:
    """How many there are, when they are looked at, and what they are paid."""
    quota, looks = plan.quota, plan.facts.analysis.looks
    if quota is None:
        yield "How many people: [assignment] quota is missing; say how many of each condition."
        return
    if looks:
        yield (
            "What a look decides: [analysis] looks says when the test is made, not whether data "
            "collection stops where a difference is found, in one pair or in all."
        )
    if early := [look for look in looks if round(look * quota) < MIN_PEOPLE]:
        yield (
            f"Whether a look at {round(early[0] * quota)} people of each condition is worth it: "
            f"with fewer than {MIN_PEOPLE} it speaks of these stimuli only."
        )
    if plan.study.pay.reward is None:
        yield "What people are paid: [pay] reward is missing."


def of_what_was_computed(plan: Plan) -> Iterator[str]:
    """Power, pictures and ceiling that were not given."""
    if plan.power is None:
        yield (
            "Why so many people: no power is given; run `python -m analysis.power`, and name its "
            "folder by --power."
        )
    elif plan.quota not in {row.n_per_condition for row in plan.power.rows}:
        yield (
            "Why so many people: power.json has no row for the quota; run `python -m "
            "analysis.power` with `--people`."
        )
    if not plan.bundle_digest:
        yield "Which pictures: no bundle is given; build it, and name its folder by --bundle."
    if plan.ceiling is None:
        yield (
            "What could be found at all: no ceiling is given; run `python -m stimuli ceiling`, and "
            "name its folder by --ceiling."
        )
    elif not list(areas_of(plan.ceiling)):
        yield "What could be found at all: ceiling.csv has no row of all stimuli as shown."
