"""`study load`: puts a bundle's study in force, and never under people who already met it.

Another study file for the same bundle is a version: whoever starts meets the newest, and whoever
started before goes on in their own.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from stimuli.bundle import Bundle, read_bundle
from stimuli.study import Part, Phase, Study, digest_of, parse_study, read_study_text
from study_app.active_study import ActiveStudy
from study_app.database import db, now, writing
from study_app.enrolment.recruiting import LOCKED_STUDY, places_in
from study_app.enums import Wave
from study_app.errors import RefusalError
from study_app.i18n.translations import translation_problems
from study_app.loading.changes import ANEW, Presence, change_problems, presence
from study_app.models import LoadedStudy, StudyVersion
from study_app.randomisation import Group, participants_needed


def load(folder: Path, study_file: Path | None) -> bool:
    """Put a bundle in force, with the online tables of `study_file` where one is given.

    Returns:
        False if it already was.

    Raises:
        RefusalError, BundleError, StudyError: with every problem; nothing is changed then.
    """
    bundle = read_bundle(folder.resolve())
    study_text = bundle.study_text
    if study_file:
        study_text = read_study_text(study_file)
    with writing():
        present = db.session.scalar(LOCKED_STUDY)
        if present and _is_in_force(present, bundle, study_text):
            present.bundle_path = str(bundle.path)  # the same bundle may have moved
            return False  # checked when it was put in force, perhaps by an earlier version
    _check(bundle, study_text, folder, study_file)
    with writing():
        present = db.session.scalar(LOCKED_STUDY)
        if present and (there := presence()).everybody:
            _change(present, bundle, study_text, there, subject=str(study_file or bundle.path))
        else:
            _begin(present or LoadedStudy(), bundle, study_text)
    return True


def _is_in_force(present: LoadedStudy, bundle: Bundle, study_text: str) -> bool:
    version = db.session.get_one(StudyVersion, present.version)
    known = present.bundle_digest, version.study_digest
    return known == (bundle.digest, digest_of(study_text))


def _begin(row: LoadedStudy, bundle: Bundle, study_text: str) -> None:
    """Serve this study, where nobody has met another one."""
    row.bundle_digest, row.wave, row.paused = bundle.digest, Wave.MAIN, False
    study = parse_study(study_text, subject="the study")
    row.quota = places_in(study.assignment, row.wave)
    _put_in_force(row, bundle, study_text)


def _change(
    row: LoadedStudy, bundle: Bundle, study_text: str, there: Presence, *, subject: str
) -> None:
    """Serve another version of the study; it takes in those whom it took in before."""
    if row.bundle_digest != bundle.digest:
        problem = f"already holds {there.everybody} participants, who met another bundle; {ANEW}"
        raise RefusalError("database", [f"{problem}; or give it one of its own (DATABASE_URL)"])
    present = db.session.get_one(StudyVersion, row.version)
    old = bundle.study_of(present.study_text, subject=f"version {present.number} of the study")
    new = bundle.study_of(study_text, subject=subject)
    if problems := change_problems(old, new, there, row.wave):
        raise RefusalError(subject, problems)
    if old.assignment != new.assignment:
        row.quota = places_in(new.assignment, row.wave)
    _put_in_force(row, bundle, study_text)


def _put_in_force(row: LoadedStudy, bundle: Bundle, study_text: str) -> None:
    """A file that was in force before is the version that it was."""
    digest = digest_of(study_text)
    of_digest = select(StudyVersion.number).where(StudyVersion.study_digest == digest)
    number = db.session.scalar(of_digest)
    if number is None:
        number = 1 + (db.session.scalar(select(func.max(StudyVersion.number))) or 0)
        version = StudyVersion(number=number, study_text=study_text, study_digest=digest)
        version.since, version.wave = now(), row.wave
        db.session.add(version)
        db.session.flush()
    row.version, row.bundle_path, row.loaded_at = number, str(bundle.path), now()
    db.session.add(row)


def _check(bundle: Bundle, study_text: str, folder: Path, study_file: Path | None) -> None:
    """A study file may replace online tables only, and must ask for what the bundle has.

    Whatever is in force speaks one language, has stimuli for every trial, and shows none too
    rarely.
    """
    subject = str(study_file or bundle.path)
    study = bundle.study_of(study_text, subject=subject)
    problems = translation_problems(study, bundle)
    if study_file:
        old, new = bundle.study.offline(), study.offline()
        changes = [
            f"{table}: differs from the bundle's; only online tables may change without a rebuild"
            for table in old
            if old[table] != new[table]
        ]
        problems = [*changes, *_reach_problems(bundle, study), *problems]
    problems += _step_problems(bundle, study)
    if problems:
        raise RefusalError(subject, problems)
    active = ActiveStudy(
        bundle=replace(bundle, study=study), study_text="", study_digest="", version=0
    )
    if problems := assignment_problems(active, quota=study.assignment.quota):
        raise RefusalError(str(study_file or folder), problems)


def _reach_problems(bundle: Bundle, study: Study) -> list[str]:
    """What a study asks for and a bundle does not have."""
    problems, n_test = [], len(bundle.of_phase(Phase.TEST))
    if study.test_trials > n_test:
        problems.append(f"phases.test.trials: {study.test_trials}, but the bundle has {n_test}")
    for phase, items in ((Phase.PRACTICE, study.practice), (Phase.VALIDATION, study.validation)):
        if study.has_phase(phase) and len(bundle.of_phase(phase)) < items.items:
            problems.append(f"phases.{phase}: the bundle has too few stimuli for it; leave it out")
    practised = {stimulus.stimulus_id for stimulus in bundle.of_phase(Phase.PRACTICE)}
    cards = [p.true_card for p in bundle.predictions if p.stimulus_id in practised]
    if study.practice.feedback == "full" and study.has_phase(Phase.PRACTICE) and None in cards:
        problems.append(
            'practice.feedback: the bundle has no cards of the true classes, which "full" shows; '
            'rebuild it, or say "verdict"'
        )
    bundle = replace(bundle, study=study)
    for condition in study.conditions:
        try:
            for stimulus in bundle.stimuli:
                if not bundle.shows(stimulus, condition):
                    continue
                bundle.prediction(stimulus.stimulus_id, condition)
                bundle.panels(stimulus.stimulus_id, condition)
        except KeyError as error:
            where = f"conditions.{condition.name}"
            problems.append(f"{where}: the bundle has nothing for {error.args[0]}; rebuild it")
    return problems


def _step_problems(bundle: Bundle, study: Study) -> list[str]:
    """What steps ask of the labels of a bundle."""
    problems = []
    for step in study.trial.steps:
        where = f"trial.steps.{step.name}"
        if Part.BEST in step.shows and not all(p.best for p in bundle.predictions):
            problems.append(f"{where}.shows: the bundle knows no best answers; rebuild it")
        elif Part.BEST in step.shows and study.trial.best > 1:
            # Every AI with two classes has a second best, but for one that told its label alone.
            alone = sorted({p.classifier for p in bundle.predictions if len(p.best) == 1})
            problems += [
                f"{where}.shows: the bundle has one answer of {name} to each picture; say best = 1 "
                "in [trial], or give probabilities of all classes and rebuild it"
                for name in alone
            ]
        if step.truth in (None, "ai_right") or getattr(step.response, "options", None):
            continue
        labels = {p.label for p in bundle.predictions} | {s.true_label for s in bundle.stimuli}
        if others := sorted(label for label in labels if step.response.problem(label)):
            problems.append(
                f"{where}.truth: {others[0]!r} ({len(others)} labels in all) cannot be an answer "
                f"of a {step.response.kind}; ask for a choice, or remove the truth"
            )
    return problems


def assignment_problems(active: ActiveStudy, *, quota: int | None) -> list[str]:
    """What keeps people of a condition from judging every stimulus often enough."""
    problems = [_quota_problems(active.groups[name], active, quota) for name in active.conditions]
    return list(dict.fromkeys(problem for of_one in problems for problem in of_one))


def _quota_problems(groups: Sequence[Group], active: ActiveStudy, quota: int | None) -> list[str]:
    trials = active.study.assignment.groups or {"test": active.study.test_trials}
    problems = [
        f"assignment.{name}: {group.trials} trials, but the bundle has {group.size} such stimuli"
        for name, group in zip(trials, groups, strict=True)
        if group.size < group.trials
    ]
    if problems or quota is None:
        return problems
    views = active.study.assignment.views
    needed = participants_needed(groups, views=views)
    if quota >= needed:
        return []
    stimuli = sum(group.size for group in groups if group.trials)
    problem = (
        f"assignment.quota: {quota} people of a condition, with {active.study.test_trials} trials "
        f"each, cannot judge each of {stimuli} stimuli {views} times; it takes {needed}"
    )
    return [problem]
