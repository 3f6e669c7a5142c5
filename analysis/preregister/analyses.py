"""How the answers are analysed: primary and secondary tests, their families, what they speak of."""

from collections.abc import Iterator

from analysis.preregister.markdown import bullets
from analysis.preregister.planned_study import Plan
from analysis.report.phrasing.differences import comparison_in_words, margin_in_words
from analysis.statistics.measures.compared import MEASURES
from analysis.statistics.shares import MIN_PEOPLE, MIN_STIMULI


def analyses(plan: Plan) -> Iterator[str]:
    """Every test that is no exploration."""
    settings, n = plan.facts.analysis, len(plan.pairs)
    yield (
        f"**Primary.** {MEASURES[settings.measure].title} is {comparison_in_words(settings, n)}. "
        f"The family is {'the pair' if n == 1 else f'the {n} pairs'} above."
    )
    yield (
        "**Estimand.** The difference of the means over people, a − b, on the stimuli as the study "
        "shows them, for other people and other stimuli of the sort. With fewer than "
        f"{MIN_PEOPLE} people in a condition or {MIN_STIMULI} stimuli, or where a measure is one "
        "of a whole person, the difference is that for other people who judge these stimuli "
        "(Welch 1947), and the report says so."
    )
    yield "**What is concluded.**\n\n" + bullets(_conclusions(plan))
    if settings.secondary:
        names = ", ".join(MEASURES[measure].title.lower() for measure in settings.secondary)
        yield (
            f"**Secondary.** {names[0].upper()}{names[1:]}: the same comparison, two-sided, Holm’s "
            "adjustment over all pairs of all secondary measures together."
        )
    yield (
        "**Exploratory.** Everything else that the report has: where the AI is right and where it "
        "is wrong, bins, reliance, scores of explanations against people, devices, questionnaires."
    )


def _conclusions(plan: Plan) -> Iterator[str]:
    settings = plan.facts.analysis
    looked = " over looks" if settings.looks else ""
    yield f"A difference where Holm’s p{looked} is below .05."
    if settings.equivalence_points is not None:
        yield (
            f"No difference that matters where the 90 % interval{looked} is within the margin (two "
            "one-sided tests, Schuirmann 1987; Holm’s adjustment over the pairs). "
            f"{margin_in_words(settings)}"
        )
    yield "Nothing otherwise: that no difference is shown does not show that there is none."
