"""Vetoes and marks of reviewers: kept in a CSV file beside a bundle, followed by the next build."""

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from stimuli.bundle import Bundle, Kind, Ruling, Stimulus, Verdict
from stimuli.bundle.files import read_table, write_table
from stimuli.bundle.ids import opaque_id
from stimuli.problems import ProblemsError
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
        known = "the review page shows the ids"
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
        problems = [
            f"{detail['loc'][0]}: must be one line that says something; it is {detail['input']!r}"
            for detail in error.errors()
        ]
        raise VetoError(str(path), problems) from None
    with _turn(bundle.path):
        _write(path, dict.fromkeys([*verdicts_of(bundle), verdict]))
    return path


def take_back(bundle: Bundle, verdict: Verdict) -> Path:
    """Remove one verdict from the file beside a bundle; those of others stay, in their order.

    The file stays when it holds none any more: without it, those that the bundle followed would be
    in force again.

    Raises:
        VetoError: if it is not there; the file is then as it was.
    """
    path = verdicts_path(bundle.path)
    with _turn(bundle.path):
        rows = verdicts_of(bundle)
        if verdict not in rows:
            what = f"{verdict.ruling} of {verdict.reviewer} for the reason {verdict.reason!r}"
            problem = (
                f"{verdict.stimulus_id}: there is no {what}; perhaps it was taken back already"
            )
            raise VetoError(str(path), [problem])
        _write(path, [row for row in rows if row != verdict])
    return path


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One writer at a time, in this process or another; the lock leaves no file behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, rows: Iterable[Verdict]) -> None:
    """Put a whole file in the place of the one that is there."""
    partial = path.with_name(path.name + ".partial")
    write_table(partial, Verdict, rows)
    os.replace(partial, path)


def require_known(verdicts: Sequence[Verdict], study: Study) -> None:
    """Refuse verdicts on stimuli of another study or seed: their ids mean other pictures.

    Raises:
        VetoError: with each of them.
    """
    strangers = [
        f"{v.stimulus_id}: is not the id of {v.source} in the study {study.study.name!r} with seed "
        f"{study.study.seed}; use the seed of the bundle that was reviewed, or remove the row"
        for v in verdicts
        if v.stimulus_id not in possible_ids(v.source, study)
    ]
    if strangers:
        raise VetoError("the vetoes", strangers)


def possible_ids(source: str, study: Study) -> set[str]:
    """The ids that pictures made of a photograph can have."""
    against = ["", *(classifier.name for classifier in study.classifiers)]
    return {opaque_id(source, kind, study.study, name) for kind in Kind for name in against}


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
