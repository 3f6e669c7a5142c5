"""`study export`: the files of `docs/export.md`, pseudonymous, whole or not at all."""

import csv
import json
import math
import os
import shutil
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from stimuli.study import Phase, Study, digest_of
from study_app.active_study import ActiveStudy
from study_app.audit import note_apart
from study_app.database import now, read_one_state
from study_app.errors import RefusalError
from study_app.export.columns import COMMENTS, FILES, Row
from study_app.export.earlier_exports import earlier_exports, export_noted
from study_app.export.formulas import quoted
from study_app.export.identities import write_identities
from study_app.export.participations import Selection
from study_app.export.question_rows import comments
from study_app.export.rows import ROWS
from study_app.export.versions import version_of_wave, versions_met
from study_app.session.consent import consent_text
from study_app.storage.shared_sync import sync_folder

SCHEMA_VERSION = 2
VERSIONS = "versions"  # the folder of what people met
# The report counts the rest anew, from pool and stimuli.
AI_ONLY = {"threshold", "chosen_on", "accuracy"}


def export(
    active: ActiveStudy,
    folder: Path,
    selection: Selection,
    *,
    with_ids: bool = False,
    with_comments: bool = False,
) -> dict[str, int]:
    """Write a new folder.

    Args:
        with_ids: adds the provider's ids and free texts, in files that no analysis reads.
        with_comments: adds the free texts alone.

    Returns:
        How many rows each file has.

    Raises:
        RefusalError: if the folder is there already.
    """
    if folder.exists():
        raise RefusalError(str(folder), ["is there already; name a folder that is not"])
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)  # of an export that was cut off
    partial.mkdir(parents=True, mode=0o700 if with_ids or with_comments else 0o777)
    earlier = earlier_exports(selection.wave)
    more = ", with ids of Prolific" if with_ids else ", with comments" if with_comments else ""
    note_apart(f"{export_noted(selection.wave)}{folder}{more}")
    read_one_state()
    active = version_of_wave(active, selection)
    try:
        rows = _write_files(active, partial, selection, earlier)
        if with_ids or with_comments:
            write_personal(active, partial, selection, with_ids=with_ids)
    except BaseException:
        shutil.rmtree(partial)
        raise
    os.rename(partial, folder)
    sync_folder(folder.parent)
    return rows


def write_personal(
    active: ActiveStudy, folder: Path, selection: Selection, *, with_ids: bool
) -> None:
    """Write free texts, and ids, into an export that its owner alone can read from then on."""
    if with_ids:
        write_identities(folder, selection)
    _write_table(folder, "comments", COMMENTS, comments(active, selection))
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _write_files(
    active: ActiveStudy,
    folder: Path,
    selection: Selection,
    earlier: Sequence[datetime],
) -> dict[str, int]:
    rows = {
        name: _write_table(folder, name, columns, ROWS[name](active, selection))
        for name, columns in FILES.items()
    }
    met = versions_met(active, selection)
    studies = [active.study, *(other.study for other in met.values())]
    descriptions = {f"{name}.csv": _descriptions(studies, name) for name in FILES}
    _write_json(folder / "columns.json", descriptions)
    _write_texts(folder / "study.toml", folder / "consent.txt", active)
    (folder / VERSIONS).mkdir()
    for number, other in met.items():
        path = folder / VERSIONS / f"{number}.toml"
        _write_texts(path, path.with_suffix(".consent.txt"), other)
    _write_json(folder / "export.json", _facts(active, selection, rows, earlier))
    return rows


def _write_texts(study_file: Path, consent: Path, active: ActiveStudy) -> None:
    """A version of the study file, and the words of its consent page as they are digested."""
    study_file.write_text(active.study_text, "utf-8")
    consent.write_text(consent_text(active.study), "utf-8", newline="")


def _write_table(folder: Path, name: str, columns: Collection[str], rows: Iterable[Row]) -> int:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        lines = ([cell(row[column]) for column in columns] for row in rows)
        return sum(1 for line in lines if writer.writerow(line))


def cell(value: object) -> str:
    """A value as the contract writes it: flags as 1 and 0, UTC to the millisecond, or empty.

    Several numbers stand in one cell with a space between two. Text that a spreadsheet would
    compute is quoted.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return " ".join(map(cell, value))
    if isinstance(value, str):
        return quoted(value)
    return timestamp(value) if isinstance(value, datetime) else str(value)


def timestamp(moment: datetime) -> str:
    """A UTC time in ISO 8601, always with milliseconds."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _descriptions(studies: Sequence[Study], file: str) -> dict[str, dict[str, object]]:
    """What each column of a file means; its levels are a list, or words by level.

    Args:
        studies: the study, then the versions of it that people met.
    """
    study = studies[0]
    levels: dict[str, object] = {
        "condition": [condition.name for condition in study.conditions],
        "classifier": [classifier.name for classifier in study.classifiers],
        "explainer": list(study.explainers.names),
        "questionnaire name": _asked(
            (q.name, _question_text(q.text, q.offered))
            for one in studies
            for q in one.questions
            if not q.IS_FREE
        ),
        "comprehension name": _asked(
            (c.name, _question_text(c.text, c.options))
            for one in studies
            for c in one.comprehension
        ),
        "attention name": _asked(
            (c.name, _question_text(c.text, c.options)) for one in studies for c in one.attention
        ),
    }
    descriptions: dict[str, dict[str, object]] = {}
    for name, column in FILES[file].items():
        words = levels.get(name) or levels.get(f"{file} {name}")
        descriptions[name] = column.facts() | ({"levels": words} if words else {})
    return descriptions


def _asked(questions: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What was asked under each name, in all versions."""
    texts: dict[str, dict[str, None]] = {}
    for name, text in questions:
        texts.setdefault(name, {})[text] = None
    return {name: " / ".join(own) for name, own in texts.items()}


def _question_text(text: str, options: Sequence[str]) -> str:
    """What was asked, and the answers in their order."""
    return f"{text} ({' | '.join(options)})" if options else text


def _facts(
    active: ActiveStudy,
    selection: Selection,
    rows: dict[str, int],
    earlier: Sequence[datetime],
) -> dict[str, object]:
    study, bundle = active.study, active.bundle
    practises = study.has_phase(Phase.PRACTICE)
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.study.name,
        "language": study.study.language,
        "created_at": timestamp(now()),
        "bundle_digest": bundle.digest,
        "bundle_study_digest": digest_of(bundle.study_text),
        "study_digest": active.study_digest,
        "wave": selection.wave,
        "exported_before": [timestamp(moment) for moment in earlier],
        "conditions": [
            {"name": c.name, "classifier": study.classifier_of(c), "shows_ai": c.shows_ai}
            for c in study.conditions
        ],
        "steps": [step.facts for step in study.trial.steps],
        "pairing": study.bins.pairing,
        "trial": study.trial.model_dump(mode="json", exclude={"steps", "best"}),
        "behaviour": study.behaviour.model_dump(mode="json"),
        "practice": study.practice.model_dump(mode="json") if practises else None,
        "gate": study.gate.model_dump(mode="json"),
        "analysis": study.analysis.model_dump(mode="json"),
        "ai_only": [
            {"classifier": c.name, **c.ai_only.model_dump(mode="json", include=AI_ONLY)}
            for c in bundle.manifest.classifiers
        ],
        "bins": [b.model_dump(mode="json") for b in bundle.manifest.bins],
        "rows": rows,
    }


def _write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
