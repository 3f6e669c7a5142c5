"""Vetoes and marks of reviewers: kept in a CSV file beside a bundle, followed by the next build."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from stimuli.bundle import Bundle, Kind, Ruling, Stimulus, Verdict
from stimuli.bundle.files import read_table, write_table
from stimuli.bundle.ids import opaque_id
from stimuli.problems import ProblemsError, validation_problems
from stimuli.study import Study


class VetoError(ProblemsError):
    """Verdicts that cannot be followed."""


def verdicts_path(folder: Path) -> Path:
    """`NAME-vetoes.csv`, beside the bundle of that name."""
    return folder.with_name(folder.resolve().name + "-vetoes.csv")


def read_verdicts(path: Path) -> tuple[Verdict, ...]:
    """Read a file of verdicts.

    Raises:
        VetoError: with every problem of its form.
    """
    if not path.is_file():
        raise VetoError(
            str(path), ["there is no such file; `python -m stimuli review DIR --veto ID` makes it"]
        )
    problems: list[str] = []
    rows = read_table(path, Verdict, problems)
    if problems:
        raise VetoError(str(path), problems)
    return rows


def verdicts_of(bundle: Bundle) -> tuple[Verdict, ...]:
    """Those in the file beside a bundle, or while there is none those that the bundle followed."""
    path = verdicts_path(bundle.path)
    return read_verdicts(path) if path.exists() else bundle.manifest.verdicts


def add_verdict(
    bundle: Bundle, stimulus_id: str, ruling: Ruling, *, reason: str, reviewer: str
) -> Path:
    """Add a verdict to the file beside a bundle. It also holds those that the bundle followed.

    Raises:
        VetoError: with everything that is wrong with it; the file is then as it was.
    """
    path = verdicts_path(bundle.path)
    stimulus = bundle.stimulus_by_id.get(stimulus_id)
    if stimulus is None:
        known = "the review page shows the ids, in 'Card and source'"
        raise VetoError(str(path), [f"{stimulus_id}: is no stimulus of {bundle.path}; {known}"])
    try:
        verdict = Verdict(
            stimulus_id=stimulus_id,
            ruling=ruling,
            reason=reason,
            reviewer=reviewer,
            source=stimulus.source,
        )
    except ValidationError as error:
        raise VetoError(str(path), validation_problems(error)) from None
    rows = dict.fromkeys([*verdicts_of(bundle), verdict])
    partial = path.with_name(path.name + ".partial")
    write_table(partial, Verdict, rows)
    os.replace(partial, path)
    return path


def require_known(verdicts: Sequence[Verdict], study: Study) -> None:
    """Refuse verdicts on stimuli of another study or seed: their ids mean other pictures.

    Raises:
        VetoError: with each of them.
    """
    strangers = [
        f"{v.stimulus_id}: is not the id of {v.source} in the study {study.study.name!r} with seed "
        f"{study.study.seed}; use the seed of the bundle that was reviewed, or remove the row"
        for v in verdicts
        if v.stimulus_id not in {opaque_id(v.source, kind, study.study) for kind in Kind}
    ]
    if strangers:
        raise VetoError("the vetoes", strangers)


def vetoed_ids(verdicts: Iterable[Verdict]) -> frozenset[str]:
    """The stimuli that somebody vetoed."""
    return frozenset(v.stimulus_id for v in verdicts if v.ruling is Ruling.VETO)


def with_marks(stimuli: Iterable[Stimulus], verdicts: Sequence[Verdict]) -> list[Stimulus]:
    """The stimuli with the marks of those that somebody finds debatable, and all their reasons."""
    reasons: dict[str, list[str]] = {}
    for v in verdicts:
        if v.ruling is Ruling.DEBATABLE:
            reasons.setdefault(v.stimulus_id, []).append(f"{v.reason} ({v.reviewer})")
    return [
        s.model_copy(
            update={
                "debatable": True,
                "debatable_reason": "; ".join(sorted(reasons[s.stimulus_id])),
            }
        )
        if s.stimulus_id in reasons
        else s
        for s in stimuli
    ]
