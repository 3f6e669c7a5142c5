"""The plan of a study as text: what there is, what comes together, and what would work."""

from collections import Counter
from dataclasses import dataclass

from stimuli.build.context import BuildContext
from stimuli.build.eligibility import counted_reasons
from stimuli.build.pipeline import prepared
from stimuli.build.shortages.causes import stages, unfiltered
from stimuli.build.shortages.needs import Need, needs
from stimuli.datasets.base import Dataset, Split
from stimuli.models.classifiers import Machine
from stimuli.plan.proposals import Proposal, proposals
from stimuli.plan.remaining import class_table, filter_table
from stimuli.plan.variants import changed_text, toml_lines
from stimuli.study import Study

# Further ones differ in what is given up.
SHOWN = 3
# Above it an AI leaves hardly a mistake to find; below it hardly an answer to trust.
ACCURATE, POOR = 0.9, 0.4


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a study can have of its photos.

    Attributes:
        report: for people.
        works: whether it can be built as it is, as far as can be known before.
        study_text: the study file with the smallest change that works; None if nothing does.
    """

    report: str
    works: bool
    study_text: str | None


def plan(study: Study, text: str, dataset: Dataset, machine: Machine) -> Plan:
    """Train what is not trained yet, ask it once, and try settings on what it said.

    A build on this machine then reads all of it.

    Args:
        text: the study file.

    Raises:
        ProblemsError: as a build does, if the data set or a classifier cannot be used.
    """
    context, left_out = prepared(study, dataset, machine)
    found = proposals(context, text)
    works = bool(found) and not found[0].changes
    best = changed_text(text, found[0].changes) if found else None
    report = "\n\n".join([facts(context, left_out), verdict(context, found, works=works)])
    return Plan(report=report, works=works, study_text=best)


def facts(context: BuildContext, left_out: dict[Split, dict[str, int]]) -> str:
    """What there is, what each filter leaves of it, and what comes together."""
    after = stages(context, unfiltered(context))
    sizes = ", ".join(f"{split} {len(crops)}" for split, crops in context.crops.items())
    counts = Counter[str]()
    for reasons in left_out.values():
        counts.update(reasons)
    labels = {example.label for example in context.dataset.examples}
    lines = [f"photos of {len(labels)} classes: {sizes}; left out: {counted_reasons(counts)}"]
    for evaluated in context.evaluations:
        said = ", ".join(f"{s} {p.right.sum()}" for s, p in evaluated.predictions.items())
        cards = f"{len(evaluated.cards)} classes have a card"
        lines.append(f"{evaluated.name} names rightly: {said}; {cards}")
    together = [
        f"  {how_enough(need):<14}  {need.there:>3} there, {need.needed} asked for: {need.what}"
        for need in needs(context, after[-1].masks)
    ]
    return "\n".join(
        [
            *lines,
            *("", class_table(after, context), "", filter_table(after, context)),
            *("", "what comes together:", *together),
        ]
    )


def how_enough(need: Need) -> str:
    """Whether there are as many as the study file asks for, or fewer, which it may allow."""
    if need.there >= need.needed:
        return "enough"
    return "fewer, allowed" if need.met else "too few"


def verdict(context: BuildContext, found: list[Proposal], *, works: bool) -> str:
    """Whether the study can be built, and what would work otherwise."""
    attacks = "Adversarial stimuli are made, and counted, by the build alone."
    more = [attacks] if context.study.adversarial else []
    if works:
        return "\n".join(["The study can be built as it is.", *more])
    lines = ["The study cannot be built as it is.", *hints(context), *more]
    if not found:
        return "\n".join([*lines, "None of the settings that were tried would work."])
    for number, proposal in enumerate(found[:SHOWN], start=1):
        lines += ["", f"# This would work ({number}):", toml_lines(proposal.changes)]
    return "\n".join(lines)


def hints(context: BuildContext) -> list[str]:
    """What no setting of a build can mend: an AI that errs too seldom, or too often."""
    first, lines = context.evaluations[0], []
    (settings,) = [c for c in context.study.classifiers if c.name == first.name]
    accuracy = first.predictions[Split.VAL].accuracy
    unmet = [n for n in needs(context, unfiltered(context)) if not n.met]
    if not settings.training or not unmet:
        return []
    said = f"{first.name} names {accuracy:.0%} of val rightly"
    if accuracy > ACCURATE:
        lines.append(
            f"{said}, which leaves few mistakes to find: lower images_per_class or epochs in "
            "[classifiers.training]."
        )
    if accuracy < POOR:
        lines.append(
            f"{said}, which leaves few answers to trust: raise images_per_class or epochs in "
            "[classifiers.training]."
        )
    return lines
