"""`study load`: puts a bundle's study in force, and never under people who already answered."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from stimuli.bundle import Bundle, read_bundle
from stimuli.study import Phase, Study, digest_of, parse_study, read_study_text
from study_app.active_study import ActiveStudy
from study_app.database import db, now, writing
from study_app.enums import Wave
from study_app.errors import RefusalError
from study_app.i18n.translations import translation_problems
from study_app.models import LoadedStudy, Participant
from study_app.randomisation import participants_needed


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
    _check(bundle, study_text, study_file)
    _check_assignment(bundle, study_text, str(study_file or folder))
    with writing():
        present = db.session.scalar(select(LoadedStudy).with_for_update())
        return _replace(present, bundle, study_text)


def _replace(present: LoadedStudy | None, bundle: Bundle, study_text: str) -> bool:
    digest = digest_of(study_text)
    if present and (present.bundle_digest, present.study_digest) == (bundle.digest, digest):
        present.bundle_path = str(bundle.path)  # the same bundle may have moved
        return False
    if participants := db.session.scalar(select(func.count()).select_from(Participant)):
        raise RefusalError("database", [_participants_problem(participants)])
    row = present or LoadedStudy()
    row.bundle_path, row.bundle_digest = str(bundle.path), bundle.digest
    row.study_text, row.study_digest = study_text, digest
    row.loaded_at, row.wave, row.paused = now(), Wave.MAIN, False
    row.quota = parse_study(study_text, subject="the study").assignment.quota
    db.session.add(row)
    return True


def _participants_problem(participants: int) -> str:
    return (
        f"already holds {participants} participants of another study or of another version of this "
        "one; export them, then give the new study a database of its own (DATABASE_URL, or move "
        "instance/study.sqlite away)"
    )


def _check(bundle: Bundle, study_text: str, study_file: Path | None) -> None:
    """A study file may replace online tables only, and must ask for what the bundle has.

    Whatever is in force speaks one language.
    """
    subject = str(study_file or bundle.path)
    study = parse_study(study_text, subject=subject)
    problems = translation_problems(study, bundle)
    if study_file:
        problems = [*_offline_problems(bundle, study), *_reach_problems(bundle, study), *problems]
    if problems:
        raise RefusalError(subject, problems)


def _offline_problems(bundle: Bundle, study: Study) -> list[str]:
    old, new = bundle.study.offline(), study.offline()
    return [
        f"{table}: differs from the bundle's; only online tables may change without a rebuild"
        for table in old
        if old[table] != new[table]
    ]


def _reach_problems(bundle: Bundle, study: Study) -> list[str]:
    problems, there = [], len(bundle.of_phase(Phase.TEST))
    if study.test_trials > there:
        problems.append(f"phases.test.trials: {study.test_trials}, but the bundle has {there}")
    for phase, items in ((Phase.PRACTICE, study.practice), (Phase.VALIDATION, study.validation)):
        if study.has_phase(phase) and len(bundle.of_phase(phase)) < items.items:
            problems.append(f"phases.{phase}: the bundle has too few stimuli for it; leave it out")
    return problems + _panel_problems(replace(bundle, study=study))


def _check_assignment(bundle: Bundle, study_text: str, subject: str) -> None:
    """Refuse trials that the bundle has no stimuli for, and a quota that shows some too rarely."""
    study = parse_study(study_text, subject=subject)
    active = ActiveStudy(bundle=replace(bundle, study=study), study_text="", study_digest="")
    if problems := assignment_problems(active, quota=study.assignment.quota):
        raise RefusalError(subject, problems)


def assignment_problems(active: ActiveStudy, *, quota: int | None) -> list[str]:
    """What keeps people of a condition from judging every stimulus often enough."""
    wanted = active.study.assignment.groups or {"test": active.study.test_trials}
    problems = [
        f"assignment.{name}: {group.trials} trials, but the bundle has {group.size} such stimuli"
        for name, group in zip(wanted, active.groups, strict=True)
        if group.size < group.trials
    ]
    if problems or quota is None:
        return problems
    often = active.study.assignment.views
    needed = participants_needed(active.groups, views=often)
    if quota >= needed:
        return []
    stimuli, trials = sum(g.size for g in active.groups if g.trials), active.study.test_trials
    problem = (
        f"assignment.quota: {quota} people of a condition, with {trials} trials each, cannot judge "
        f"each of {stimuli} stimuli {often} times; it takes {needed}"
    )
    return [problem]


def _panel_problems(bundle: Bundle) -> list[str]:
    problems = []
    for condition in bundle.study.conditions:
        try:
            for stimulus in bundle.stimuli:
                bundle.prediction(stimulus.stimulus_id, condition)
                bundle.panels(stimulus.stimulus_id, condition)
        except KeyError as error:
            where = f"conditions.{condition.name}"
            problems.append(f"{where}: the bundle has nothing for {error.args[0]}; rebuild it")
    return problems
