"""How often somebody who guesses is right, by design."""

from collections.abc import Collection, Mapping

from analysis.export.step_facts import StepFacts


def options_offered(
    step: StepFacts, labels: Collection[str], offered: Mapping[str, int]
) -> int | None:
    """How many answers a step has to choose from.

    None where people write or set one, and where nobody said how many labels were offered.

    Args:
        step: as export.json tells it.
        labels: all that occur in the stimuli, or that the AI gave.
        offered: how many labels the study file asks for, by name of the step.
    """
    if step.kind == "decision":
        return 2
    if step.kind != "choice":
        return None
    if step.options == "classes":
        return min(offered[step.name], len(labels)) if step.name in offered else None
    return len(step.options) if step.options else None
