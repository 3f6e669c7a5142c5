"""What is planned, as it is read: the study file, its bundle, a pilot, what is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.export.read import read_export
from analysis.power.assumptions import Assumptions
from analysis.power.bundle_cells import bundle_cells, digest_of_bundle
from analysis.power.design import Design, design_of, planned_cells
from analysis.power.pilot import read_pilot
from analysis.problems import ExportError
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


ASSUMED = "How much people and stimuli differ is assumed, not known. A pilot tells it (--pilot)."
UNBUILT = "The stimuli are those that the study file asks for; a bundle may have fewer (--bundle)."


def assumptions_of(given: Mapping[str, float]) -> Assumptions:
    """Assumptions from the options of the command line, whose shares are in per cent."""
    shares = {name: given[name] / 100 for name in ("dropout", "below_gate") if name in given}
    if "accuracy" in given:
        shares |= dict.fromkeys(("right", "wrong"), given["accuracy"] / 100)
    sds = {name: value for name, value in given.items() if name.endswith("_sd")}
    return Assumptions(**sds, **shares)


def cautions_of(study: Study, design: Design) -> list[str]:
    """What the numbers of such a study do not allow for."""
    texts = []
    judged = {study.classifier_of(condition) for condition in study.conditions}
    if study.adversarial and study.adversarial.deceives == "each" and len(judged) > 1:
        texts.append(
            "People of different AIs judge adversarial pictures of their own, which is not allowed "
            "for: between them, power is lower."
        )
    if len(design.pairs) > 1:
        texts.append(
            f"Power is that of one pair after Holm’s adjustment over {len(design.pairs)}, where "
            f"“{design.conditions[0]}” differs from all other conditions and these are alike."
        )
    return texts
