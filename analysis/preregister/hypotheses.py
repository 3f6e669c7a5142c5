"""What is asked, and what is measured."""

from collections.abc import Iterator

from analysis.export.facts import Measure
from analysis.power.design import OF_RELIANCE, without_ai
from analysis.preregister.markdown import bullets
from analysis.preregister.planned_study import Plan
from analysis.preregister.steps_in_words import outcome_in_words
from analysis.report.phrasing.ais import refused_in_words
from analysis.report.phrasing.differences import margin_in_words
from analysis.report.phrasing.words import listed
from analysis.statistics.measures.compared import MEASURES
from stimuli.study import Study

CLAIMS = {
    "two-sided": "differs between “{a}” and “{b}”",
    "greater": "is higher with “{a}” than with “{b}”",
    "less": "is lower with “{a}” than with “{b}”",
}
MEANINGS: dict[Measure, str] = {
    "accuracy": "of the test trials of a person, the share decided rightly: a right answer of the "
    "AI accepted, or a wrong one rejected",
    "over_reliance": "of the natural stimuli that the AI names wrongly, the share that a person "
    "accepted",
    "under_reliance": "of the natural stimuli that the AI names rightly, the share that a person "
    "rejected",
    "d_prime": "how well a person’s accepting tells right answers of the AI from wrong ones, d′, "
    "on natural stimuli (Hautus 1995)",
    "criterion": "how unwilling a person is to accept, criterion c, on natural stimuli (Macmillan "
    "and Creelman 2005)",
    "time": "the time of a person’s decisions in seconds, compared by geometric means",
}


def hypotheses(plan: Plan) -> Iterator[str]:
    """A hypothesis for each pair, and the claim of no difference where there is a margin."""
    settings = plan.facts.analysis
    title = MEASURES[settings.measure].title
    claim = CLAIMS[settings.alternative]
    yield bullets(
        f"**H{number}.** {title} {claim.format(a=a, b=b)}. (Against it: it does not.)"
        for number, (a, b) in enumerate(plan.pairs, start=1)
    )
    if settings.equivalence_points is not None:
        yield (
            "For each pair “no difference that matters” is a claim too, and is tested. "
            f"{margin_in_words(settings)}"
        )
    if refused := refused_in_words(plan.facts):
        yield refused


def measures(plan: Plan) -> Iterator[str]:
    """The primary measure and the secondary ones."""
    settings = plan.facts.analysis
    yield f"Primary: {_meaning(plan.study, settings.measure)}."
    others = [_meaning(plan.study, measure) for measure in settings.secondary]
    yield f"Secondary:\n\n{bullets(others)}" if others else "Secondary: none."
    silent = without_ai(plan.study)
    if silent and OF_RELIANCE & {settings.measure, *settings.secondary}:
        yield (
            f"Measures of reliance say nothing of {listed([f'“{name}”' for name in silent])}, "
            "where no AI is shown: pairs with it are not compared by them."
        )
    asked = [question.name for question in plan.study.questions]
    if asked:
        yield f"People also answer questions ({', '.join(asked)}); what follows is exploratory."


def _meaning(study: Study, measure: Measure) -> str:
    compared = MEASURES[measure]
    unit = f"; differences are in {compared.of_difference}" if compared.of_difference else ""
    meaning = accuracy_means(study) if measure == "accuracy" else MEANINGS[measure]
    return f"**{compared.title.lower()}**, {meaning}{unit}"


def accuracy_means(study: Study) -> str:
    """What accuracy is, of every group that has another answer to judge by."""
    groups: dict[str, list[str]] = {}
    for condition in study.conditions:
        groups.setdefault(outcome_in_words(study, condition), []).append(f"“{condition.name}”")
    if len(groups) == 1 and not study.trial.steps:
        return MEANINGS["accuracy"]
    told = [f"for {listed(names)}, {words}" for words, names in groups.items()]
    one = [*groups] if len(groups) == 1 else told
    return f"of the test trials of a person, the share answered rightly: {'; '.join(one)}"
