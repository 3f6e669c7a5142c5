"""Who sees what, of what people are told nothing, and which pictures there are."""

from collections.abc import Iterator

from analysis.preregister.markdown import table
from analysis.preregister.planned_study import Plan
from analysis.preregister.steps_in_words import groups_in_words, steps_in_words
from analysis.report.methods import screens_in_words
from analysis.report.phrasing.ais import different_ais, matched_ais
from stimuli.study import Condition, Phase, Study

DECIDES = "accepts or rejects the answers of an AI to"


def who_sees_what(plan: Plan) -> Iterator[str]:
    """Conditions, trials, assignment and pictures."""
    study = plan.study
    between = "one condition" if len(study.conditions) == 1 else "between subjects"
    does = "answers step after step, about" if study.trial.steps else DECIDES
    yield (
        f"An experiment, {between}: each person {does} {study.test_trials} pictures"
        f"{_groups(study)}, and sees beside each picture what the condition says."
    )
    yield table(
        ("condition", "whose answers", "beside the picture"),
        [(c.name, study.classifier_of(c), _shown(study, c)) for c in study.conditions],
    )
    yield from groups_in_words(study)
    if study.trial.steps:
        yield from steps_in_words(study)
    yield before_the_test(study)
    screens = "" if study.trial.steps else screens_in_words(plan.facts)
    if told := list(filter(None, (matched_ais(plan.facts), different_ais(plan.facts), screens))):
        yield f"The report will say: “{' '.join(told)}”"
    yield (
        "Whoever starts gets the condition with the fewest places taken, by lot where several have "
        f"as few (seed {study.study.seed}); who leaves gives the place back. Within a condition "
        "those pictures come first that the fewest people have judged. Participants learn "
        "only at the end that there are conditions, and never during the test whether the AI was "
        "right; the experimenter sees nothing of "
        "how well people judge unless asked for."
    )
    yield pictures(study)


def _groups(study: Study) -> str:
    groups = study.assignment.groups
    if groups is None:
        return ", as many from each bin"
    return " (" + ", ".join(f"{n} {name}" for name, n in groups.items()) + ")"


def _shown(study: Study, condition: Condition) -> str:
    if condition.shows_ai is not True:
        return "the AI’s answer alone" if condition.shows_ai else "nothing of the AI"
    confidence = ["the AI’s confidence"] if study.shows_confidence else []
    return ", ".join([*confidence, *condition.panels]) or "nothing"


def before_the_test(study: Study) -> str:
    """Practice and validation."""
    validates = study.has_phase(Phase.VALIDATION)
    mixed = ", mixed among the test trials" if study.gate.interleaved else ""
    told = "no validation trials"
    if validates:
        told = f"{study.validation.items} validation trials{mixed}"
    practice = f"{study.practice.items} practice trials with feedback and "
    return f"There are {practice if study.has_phase(Phase.PRACTICE) else ''}{told}."


def pictures(study: Study) -> str:
    """Where the pictures come from: bins, and attacks."""
    bins, attack = study.bins, study.adversarial
    short = ", fewer where the data set has no more" if bins.allow_short else ""
    text = (
        f"Natural pictures are drawn into six bins, {bins.per_bin} each{short}: the AI right or "
        f"wrong, and its confidence below {bins.low_below:g}, {bins.medium[0]:g} to "
        f"{bins.medium[1]:g}, or from {bins.high_from:g} on; pictures of other confidences "
        "are not shown. Easy is right and sure, or wrong and unsure; hard the reverse."
    )
    if attack is None:
        return text
    control = f"; control: {attack.control}" if attack.control else ""
    return (
        f"{text} Adversarial pictures are {attack.per_bin} of each bin, perturbed by at most "
        f"{attack.epsilon:.3g} of each channel’s range so that the AI errs (deceives: "
        f"{attack.deceives}{control})."
    )
