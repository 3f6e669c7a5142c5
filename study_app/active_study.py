"""The study in force: the database names it, its bundle is read once per process."""

import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from flask import current_app
from sqlalchemy import String, inspect, literal_column, select, table
from sqlalchemy.exc import DBAPIError

from stimuli.bundle import Bin, Bundle, BundleError, Kind, Prediction, Stimulus, read_bundle
from stimuli.study import AttentionCheck, Condition, Phase, Step, Study
from study_app.database import NEWEST_REVISION, db
from study_app.errors import RefusalError, UnavailableError
from study_app.models import LoadedStudy, StudyVersion
from study_app.randomisation import Group, fixed_order

EXTENSION = "lorikeet_running_study"  # where a process caches what it read
ASK_EVERY_S = 1.0  # another process may load a study; whoever starts always asks
REVISION = select(literal_column("version_num", String)).select_from(table("alembic_version"))
DIGESTS = select(
    LoadedStudy.id,
    LoadedStudy.bundle_digest,
    LoadedStudy.version,
    REVISION.scalar_subquery().label("revision"),
)

BINS = (Bin.EASY, Bin.MEDIUM, Bin.HARD, None)  # None: outside of all bins
HOW_TO_LOAD = "load one with `flask --app study_app study load BUNDLE`"


@dataclass(frozen=True, kw_only=True)
class ActiveStudy:
    """A loaded study, in one version of its study file.

    Attributes:
        bundle: its `study` is that version, its `study_text` the one it was built from.
        study_text: the study file of the version.
        others: further versions that this process has read, by number.
    """

    bundle: Bundle
    study_text: str
    study_digest: str
    version: int
    others: dict[int, "ActiveStudy"] = field(default_factory=dict, compare=False, repr=False)

    @property
    def study(self) -> Study:
        """The study file of this version."""
        return self.bundle.study

    @property
    def identity(self) -> tuple[str, int]:
        """The digest of the bundle, and the version: it is the same study where both are."""
        return self.bundle.digest, self.version

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """Conditions by name."""
        return {condition.name: condition for condition in self.study.conditions}

    @cached_property
    def checks(self) -> dict[str, AttentionCheck]:
        """Attention checks by name."""
        return {check.name: check for check in self.study.attention}

    @cached_property
    def outcomes(self) -> dict[str, Step | None]:
        """The step that decides about a trial, by condition; None where that is the paper's."""
        return {name: self.study.outcome_of(c) for name, c in self.conditions.items()}

    @cached_property
    def outcome_names(self) -> tuple[str, ...]:
        """The names of all of them that ask for something else than a decision."""
        asked = (step for step in self.outcomes.values() if step)
        return tuple({step.name: 0 for step in asked if step.response.kind != "decision"})

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Every class that a picture of the bundle is, or is said to be."""
        said = {prediction.label for prediction in self.bundle.predictions}
        return tuple(sorted(said | {stimulus.true_label for stimulus in self.bundle.stimuli}))

    @cached_property
    def class_names(self) -> frozenset[str]:
        """All of them as pages say them."""
        return frozenset(map(self.named, self.labels))

    @cached_property
    def describes_classes(self) -> bool:
        """Whether class cards say something beside their photos."""
        return any(prediction.card.description for prediction in self.bundle.predictions)

    def prediction(self, stimulus_id: str, condition: str) -> Prediction:
        """What the AI of a condition said of a stimulus."""
        return self.bundle.prediction(stimulus_id, self.conditions[condition])

    def named(self, name: str) -> str:
        """The name or the description of a class in the study's language."""
        return self.study.names.get(name) or name

    def rationale(self, stimulus: Stimulus) -> str:
        """The rationale of a practice item in the study's language; empty where there is none."""
        translation = self.study.names.get(stimulus.rationale)
        return translation or (stimulus.rationale if self.words_fit else "")

    @cached_property
    def words_fit(self) -> bool:
        """Whether the bundle was written in the study's language and names the AI as it does."""
        old, new = self.bundle.built_from.study, self.study.study
        return (old.base_language, old.ai_name) == (new.base_language, new.ai_name)

    @cached_property
    def trial_counts(self) -> dict[Phase, int]:
        """How many trials each phase has, in the order in which they are met."""
        counts = {
            Phase.PRACTICE: self.study.practice.items,
            Phase.VALIDATION: self.study.validation.items,
            Phase.TEST: self.study.test_trials,
        }
        return {phase: n for phase, n in counts.items() if self.study.has_phase(phase)}

    @cached_property
    def counted(self) -> Mapping[Phase, int]:
        """How many trials pages count in each phase, in the order in which they are met."""
        counts = Counter[Phase]()
        for phase, n in self.trial_counts.items():
            counts[self.study.counted_in(phase)] += n
        return counts

    @cached_property
    def groups(self) -> dict[str, tuple[Group, ...]]:
        """The test stimuli of each condition, by bin and whether the AI is right.

        As the first classifier sees them, by whose bins natural pictures were selected: another may
        leave some outside. Pictures made against another one are binned as that sees them.
        """
        return {name: self._groups(condition) for name, condition in self.conditions.items()}

    def _groups(self, condition: Condition) -> tuple[Group, ...]:
        first = self.study.classifiers[0].name
        seen = {(p.stimulus_id, p.classifier): p for p in self.bundle.predictions}
        trials = self.study.assignment.groups
        cells: dict[str, dict[tuple[int, int, bool], list[str]]] = {}
        for stimulus in self.bundle.of_phase(Phase.TEST):
            if not self.bundle.shows(stimulus, condition):
                continue
            by = stimulus.attacked[0] if stimulus.attacked else first
            prediction = seen[stimulus.stimulus_id, by]
            name = group_name(stimulus, prediction) if trials else ""
            cell = (tuple(Kind).index(stimulus.kind), BINS.index(prediction.bin), prediction.right)
            cells.setdefault(name, {}).setdefault(cell, []).append(stimulus.stimulus_id)
        groups = []
        for name, n in (trials or {"": self.study.test_trials}).items():
            of_group = cells.get(name, {})
            ordered = tuple(tuple(of_group[cell]) for cell in sorted(of_group))
            groups.append(Group(trials=n, cells=ordered))
        return tuple(groups)

    def items(self, phase: Phase) -> list[str]:
        """The practice or validation items, in the order that all get; a draw interleaves anew."""
        stimuli = [stimulus.stimulus_id for stimulus in self.bundle.of_phase(phase)]
        order = fixed_order(stimuli, seed=f"{self.study.study.seed}:{phase}")
        return order[: self.trial_counts.get(phase)]

    @cached_property
    def images(self) -> dict[str, str]:
        """The digest of every picture of the bundle, by file name."""
        sums = self.bundle.checksums.items()
        return {Path(path).name: digest for path, digest in sums if path.startswith("images/")}

    def rng(self, *what: object) -> random.Random:
        """A generator that depends on the study's seed and on what it is for."""
        return random.Random(":".join(map(str, (self.study.study.seed, *what))))


def group_name(stimulus: Stimulus, prediction: Prediction) -> str:
    """As `[assignment]` calls it."""
    if stimulus.kind is not Kind.NATURAL:
        return stimulus.kind
    return "right" if prediction.right else "wrong"


@dataclass(frozen=True, kw_only=True)
class CachedStudy:
    """What a process knows of the study in force, and until when it need not ask again."""

    active: ActiveStudy
    good_until: float


def active_study(*, fresh: bool = False) -> ActiveStudy:
    """The study in force, as whoever starts now meets it.

    Args:
        fresh: asks the database even if it was asked a moment ago.

    Raises:
        RefusalError: if none is loaded.
        UnavailableError: if the tables are those of another version of Lorikeet.
        BundleError: if the bundle on disk is not the one that was loaded.
    """
    cached: CachedStudy | None = current_app.extensions.get(EXTENSION)
    if cached and not fresh and time.monotonic() < cached.good_until:
        return cached.active
    row = _loaded_row()
    if cached and cached.active.identity == row[1:]:
        active = cached.active
    else:
        active = _read(db.session.get_one(LoadedStudy, row[0]))
    until = time.monotonic() + ASK_EVERY_S
    current_app.extensions[EXTENSION] = CachedStudy(active=active, good_until=until)
    return active


def in_version(active: ActiveStudy, number: int) -> ActiveStudy:
    """The study in another version of its study file, such as the one that a participant meets."""
    if number == active.version:
        return active
    if number not in active.others:
        row = db.session.get_one(StudyVersion, number)
        active.others[number] = _in_force(active.bundle, row)
    return active.others[number]


def last_read() -> ActiveStudy | None:
    """The study that this process read last, without asking the database."""
    cached: CachedStudy | None = current_app.extensions.get(EXTENSION)
    return cached.active if cached else None


def _loaded_row() -> tuple[int, str, int]:
    try:
        row = db.session.execute(DIGESTS).first()
    except DBAPIError:
        db.session.rollback()
        if inspect(db.engine).has_table(LoadedStudy.__tablename__):
            _check_tables(db.session.scalar(REVISION))
            raise
        row = None  # a database without tables: nothing was ever loaded
    if row is None:
        raise RefusalError("study", [f"no study is loaded; {HOW_TO_LOAD}"])
    _check_tables(row.revision)
    return row.id, row.bundle_digest, row.version


def _check_tables(revision: str | None) -> None:
    if revision != NEWEST_REVISION:
        problem = (
            f"has the tables of another version of Lorikeet ({revision}; this one has "
            f"{NEWEST_REVISION}); stop every server, run `flask --app study_app study load` with "
            "the bundle that is in force, which brings older tables up to date, and start them anew"
        )
        raise UnavailableError("the database", [problem])


def _read(loaded: LoadedStudy) -> ActiveStudy:
    bundle = read_bundle(Path(loaded.bundle_path))
    if bundle.digest != loaded.bundle_digest:
        problem = "is not the bundle that was loaded; put that one back"
        raise BundleError(loaded.bundle_path, [problem])
    return _in_force(bundle, db.session.get_one(StudyVersion, loaded.version))


def _in_force(bundle: Bundle, version: StudyVersion) -> ActiveStudy:
    study = bundle.study_of(version.study_text, subject=f"version {version.number} of the study")
    return ActiveStudy(
        bundle=replace(bundle, study=study),
        study_text=version.study_text,
        study_digest=version.study_digest,
        version=version.number,
    )
