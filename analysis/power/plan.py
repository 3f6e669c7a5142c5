"""What is planned, as it is read: the study file, its bundle, a pilot, what is assumed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.export.read import read_export
from analysis.power.assumptions import Assumptions
from analysis.power.bundle_cells import bundle_cells, digest_of_bundle
from analysis.power.design import Design, design_of, planned_cells, without_ai
from analysis.power.pilot import read_pilot
from analysis.problems import ExportError
from analysis.report.phrasing.words import listed
from stimuli.study import Study, StudyError, digest_of, parse_study, read_study_text


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A study before anybody takes part.

    Attributes:
        design: of the study, with the stimuli of its bundle where one is given.
        assumed: of people and stimuli; of a pilot its best estimates, then others as likely.
        cautions: what the numbers do not allow for, a sentence for each.
        study_digest: of the text of the study file.
        bundle_digest: empty without one.
        pilot: the name of its folder; empty without one.
    """

    study: Study
    design: Design
    assumed: tuple[Assumptions, ...]
    cautions: tuple[str, ...]
    study_digest: str
    bundle_digest: str = ""
    pilot: str = ""


def read_plan(
    path: Path, bundle: Path | None, pilot: Path | None, given: Assumptions, *, seed: int
) -> Plan:
    """Read a plan.

    Args:
        path: of the study file.
        bundle: a folder, or None where nothing is built yet.
        pilot: an export, or None.
        given: what is assumed without a pilot.
        seed: of the draws of the pilot's people and stimuli.

    Raises:
        ExportError: with everything that is wrong with one of them.
    """
    try:
        text = read_study_text(path)
        study = parse_study(text, subject=str(path))
    except StudyError as error:
        raise ExportError(error.subject, error.problems) from None
    first = study.classifiers[0].name
    design = design_of(study, bundle_cells(bundle, first) if bundle else planned_cells(study))
    if pilot is None and (chance := chance_of(study)) >= min(given.right, given.wrong):
        raise ExportError("--accuracy", [BELOW_CHANCE.format(chance=100 * chance)])
    told = read_pilot(read_export(pilot), np.random.default_rng(seed)) if pilot else None
    own = told.cautions if told else (ASSUMED,)
    return Plan(
        study=study,
        design=design,
        assumed=(told.best, *told.draws) if told else (given,),
        cautions=(*own, *(() if bundle else (UNBUILT,)), *cautions_of(study, design)),
        study_digest=digest_of(text),
        bundle_digest=digest_of_bundle(bundle) if bundle else "",
        pilot=pilot.resolve().name if pilot else "",
    )


BELOW_CHANCE = (
    "is not above {chance:.3g} %, which is chance where people choose one of so many names; assume "
    "more, or offer more names"
)
ASSUMED = "How much people and stimuli differ is assumed, not known. A pilot tells it (--pilot)."
UNBUILT = "The stimuli are those that the study file asks for; a bundle may have fewer (--bundle)."


def assumptions_of(given: Mapping[str, float]) -> Assumptions:
    """Assumptions from the options of the command line, whose shares are in per cent."""
    shares = {name: given[name] / 100 for name in ("dropout", "below_gate") if name in given}
    if "accuracy" in given:
        shares |= dict.fromkeys(("right", "wrong"), given["accuracy"] / 100)
    sds = {name: value for name, value in given.items() if name.endswith("_sd")}
    return Assumptions(**sds, **shares)


def chance_of(study: Study) -> float:
    """The share that is right by chance where names of classes are offered, the largest; else 0."""
    outcomes = (study.outcome_of(condition) for condition in study.conditions)
    offered = [getattr(step.response, "n", None) for step in outcomes if step]
    return max((1 / n for n in offered if n), default=0.0)


def cautions_of_steps(study: Study, design: Design) -> Iterator[str]:
    """What accuracy is in a study with steps of its own, and in groups that do not meet the AI."""
    asked = {c.name: study.outcome_of(c) for c in study.conditions if c.name in design.conditions}
    outcomes = quoted(dict.fromkeys(step.name for step in asked.values() if step))
    if chance := chance_of(study):
        yield (
            f"Right answers are those of {listed(outcomes)}, where one of several names is chosen: "
            f"{100 * chance:.3g} % are right by chance. --accuracy is the share of all that are."
        )
    if any(step and step.response.kind in ("number", "slider") for step in asked.values()):
        yield (
            f"{listed(outcomes)}: a number is right only where it is exact, which few are; take "
            "--accuracy from a pilot."
        )
    if names := quoted(name for name in design.conditions if name in without_ai(study)):
        follows = "nothing of them follows it" if design.unadvised else "they accept names, not it"
        yield (
            f"People of {listed(names)} do not meet the AI: {follows}. They are assumed to be "
            "right as often as the others."
        )


def quoted(names: Iterable[str]) -> list[str]:
    """Names in quotation marks."""
    return [f"“{name}”" for name in names]


def cautions_of(study: Study, design: Design) -> list[str]:
    """What the numbers of such a study do not allow for."""
    texts = []
    judged = {study.classifier_of(condition) for condition in study.conditions}
    if study.adversarial and study.adversarial.deceives == "each" and len(judged) > 1:
        texts.append(
            "People of different AIs judge adversarial pictures of their own, which is not allowed "
            "for: between them, power is lower."
        )
    if looks := study.analysis.looks:
        texts.append(
            f"Power is that of one test at the end: that it is made {len(looks)} times takes a "
            "little of it."
        )
    if len(design.pairs) > 1:
        texts.append(
            f"Power is that of one pair after Holm’s adjustment over {len(design.pairs)}, where "
            f"“{design.conditions[0]}” differs from all other conditions and these are alike."
        )
    return [*texts, *cautions_of_steps(study, design)]
