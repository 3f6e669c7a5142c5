"""What is planned: the study file, and what was computed of it beforehand."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.export.bundle_pictures import CHECKSUMS
from analysis.export.digest import sha256_of
from analysis.export.facts import ExportFacts
from analysis.power.design import told_of, without_ai
from analysis.power.power_file import PowerFile
from analysis.preregister.planning_files import Ceiling, read_ceiling, read_power_of
from analysis.problems import ExportError
from analysis.statistics.pairs import Pair, pairs_of
from stimuli.study import Phase, Study, StudyError, digest_of, parse_study, read_study_text

STUDY = "study.toml"
NOT_GIVEN = "not given"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A study before anybody takes part.

    Attributes:
        file: the name of the study file.
        study: as it was read.
        text: of its file.
        facts: those that an export of it will have, as far as they are known, for the words that
            the report has for them.
        bundle_digest: empty where none was given.
        power: None where none was given.
        ceiling: None where none was given.
    """

    file: str
    study: Study
    text: str
    facts: ExportFacts
    bundle_digest: str
    power: PowerFile | None
    ceiling: Ceiling | None

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The family of the primary test: of those tested, what its measure tells of."""
        pairs, measure = pairs_of(self.facts).tested, self.facts.analysis.measure
        return told_of(measure, pairs, without_ai(self.study))

    @property
    def quota(self) -> int | None:
        """People of each condition whose data are to count."""
        return self.study.assignment.quota


def read_plan(path: Path, *, bundle: Path | None, power: Path | None, ceiling: Path | None) -> Plan:
    """Read a plan.

    Args:
        path: of the study file.
        bundle: the folder of its bundle.
        power: the folder of power.json.
        ceiling: the folder of ceiling.csv and ceiling.json.

    Raises:
        ExportError: with every problem, if one of them cannot be used, or is of another study.
    """
    study, text = _read_study(path)
    digest = digest_of(text)
    bundle_digest = digest_of_bundle(bundle, study) if bundle else ""
    return Plan(
        file=path.name,
        study=study,
        text=text,
        facts=planned_facts(study, digest, bundle_digest),
        bundle_digest=bundle_digest,
        power=read_power_of(digest, power) if power else None,
        ceiling=read_ceiling(ceiling, bundle_digest=bundle_digest) if ceiling else None,
    )


def planned_facts(study: Study, digest: str, bundle_digest: str) -> ExportFacts:
    """The facts of an export of a study that nobody has taken part in."""
    practises = study.has_phase(Phase.PRACTICE)
    return ExportFacts.model_validate(
        {
            "schema_version": 2,
            "study": study.study.name,
            "language": study.study.language,
            "created_at": datetime.now(UTC),
            "bundle_digest": bundle_digest or NOT_GIVEN,
            "bundle_study_digest": digest,
            "study_digest": digest,
            "wave": "main",
            "conditions": [
                {"name": c.name, "classifier": study.classifier_of(c), "shows_ai": c.shows_ai}
                for c in study.conditions
            ],
            "steps": [step.facts for step in study.trial.steps],
            "pairing": study.bins.pairing,
            "trial": study.trial.model_dump(mode="json", exclude={"steps", "best"}),
            "practice": study.practice.model_dump(mode="json") if practises else None,
            "gate": study.gate.model_dump(mode="json"),
            "analysis": study.analysis.model_dump(mode="json"),
            "ai_only": [],
            "bins": [],
            "rows": {},
        }
    )


def _read_study(path: Path) -> tuple[Study, str]:
    try:
        text = read_study_text(path)
        return parse_study(text, subject=str(path)), text
    except StudyError as error:
        raise ExportError(error.subject, error.problems) from None


def digest_of_bundle(folder: Path, study: Study) -> str:
    """The digest that exports of it will have, of a bundle that fits the study."""
    built, _ = _read_study(folder / STUDY)
    own, others = study.offline(), built.offline()
    if changed := [f"[{name}]" for name in own if own[name] != others[name]]:
        problem = (
            f"was built from other {', '.join(changed)}; build the study anew, or give its own"
        )
        raise ExportError(str(folder), [problem])
    if not (folder / CHECKSUMS).is_file():
        raise ExportError(str(folder), [f"has no {CHECKSUMS}; give the folder of a bundle"])
    return sha256_of(folder / CHECKSUMS)
