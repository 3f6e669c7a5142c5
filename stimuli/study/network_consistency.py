"""What a study file asks of classifiers of which there are answers and no network."""

from collections.abc import Iterator

from stimuli.study.definition import StudyTables
from stimuli.study.explainer_settings import ImportedSettings

NEED_NO_NETWORK = ("salient",)
"""Of our explainers, those that look at the picture alone."""
MAY_BE_GIVEN = ("neighbours",)
"""Those whose part of the network a lab can give."""


def network_problems(study: StudyTables) -> Iterator[str]:
    """Everything that only a network of ours could do."""
    for classifier in study.classifiers:
        if classifier.has_network:
            continue
        name, shown = classifier.name, study.explainers_of(classifier.name)
        lacks = f"{name} has no network of ours"
        for condition in study.conditions:
            if study.classifier_of(condition) == name:
                yield from (
                    f"conditions.{condition.name}.panels: {lacks}: {panel} needs one; remove it, "
                    "or give explanations that were made elsewhere (kind = 'imported')"
                    for panel in condition.panels
                    if needs_network(panel, study)
                )
        if study.adversarial:
            yield (
                f"adversarial: {lacks}: attacks follow the gradient of one, and whatever they make "
                "has to be answered; remove [adversarial]"
            )
        yield from (
            f"scores.randomisation: {lacks} whose weights could be made random; remove {explainer}"
            for explainer in study.scores.randomisation
            if explainer in shown
        )


def needs_network(explainer: str, study: StudyTables) -> bool:
    """Whether an explainer that has a table looks into the classifier."""
    if explainer not in study.explainers.names or explainer in (*NEED_NO_NETWORK, *MAY_BE_GIVEN):
        return False
    return not isinstance(study.explainers.own.get(explainer), ImportedSettings)
