"""Where a study differs from its preregistration: what was registered, and what was done."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd

from analysis.export.registered import Registration, registered_tables
from analysis.report.phrasing.looks import FAR, shares_in_words
from analysis.statistics.analysed import Analysed
from analysis.statistics.sample.exclusions import n_analysed

ABSENT = "–"
DIGEST_SHOWN = 12  # characters


class Deviation(NamedTuple):
    """One thing that is not as it was registered."""

    what: str
    registered: str
    done: str


def deviations(analysed: Analysed, registration: Registration) -> pd.DataFrame:
    """Every deviation.

    Returns:
        what, registered and done, in words; no rows where there is none.
    """
    found = [
        *of_the_files(analysed, registration),
        *of_the_people(analysed, registration),
        *of_looks(analysed, registration),
    ]
    return pd.DataFrame(found, columns=list(Deviation._fields))


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Deviation]:
    """Keys of a study file that differ, by their path; entries of a list go by their name."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield Deviation(key, _told(old, key), _told(new, key))


def of_the_files(analysed: Analysed, registration: Registration) -> Iterator[Deviation]:
    """Another study file, key by key, or another bundle."""
    registered, facts = registration.facts, analysed.export.facts
    if registered.study_digest != facts.study_digest:
        text = (analysed.export.folder / "study.toml").read_text("utf-8")
        changed = list(changed_keys(registered.tables, registered_tables(text)))
        yield from changed or [
            Deviation("wording of the study file", *_digests(registered, facts, "study_digest"))
        ]
    if registered.bundle_digest not in ("", facts.bundle_digest):
        yield Deviation("bundle of the stimuli", *_digests(registered, facts, "bundle_digest"))


def of_the_people(analysed: Analysed, registration: Registration) -> Iterator[Deviation]:
    """When they came, who they are, which gate they passed, and how many are analysed."""
    export, registered_at = analysed.export, registration.facts.created_at
    started = export.participants["started_at"].min()
    if started < registered_at:
        yield Deviation("first participant", f"after {_day(registered_at)}", _day(started))
    if export.facts.wave not in ("", "main"):
        yield Deviation("wave", "main", export.facts.wave)
    if analysed.rehearsal:
        yield Deviation("people", "real", "simulated")
    if analysed.gate_was_moved:
        what = "right validation answers asked for"
        yield Deviation(what, str(export.min_correct), str(analysed.min_correct))
    quota = registration.facts.tables.get("assignment", {}).get("quota")
    is_interim = analysed.look is not None and analysed.look.number < len(analysed.look.planned)
    if quota is not None and not is_interim:
        people = n_analysed(analysed.participants, analysed.conditions)
        for name in analysed.conditions:
            if people[name] != quota:
                yield Deviation(f"people analysed, {name}", str(quota), str(people[name]))


def of_looks(analysed: Analysed, registration: Registration) -> Iterator[Deviation]:
    """More looks than were registered until now, or looks at other numbers of people."""
    tables = registration.facts.tables
    taken = analysed.looks_taken["n_analysed"]
    looks = tables.get("analysis", {}).get("looks", [])
    if not looks and len(taken) > 1:
        told = f"{len(taken)} exports with ever more people"
        yield Deviation("looks until now", "once, at the end", told)
    if not looks or analysed.look is None:
        return
    planned = tables["assignment"]["quota"] * len(tables["conditions"])
    until_now = looks[: analysed.look.number]
    shares = [n / planned for n in taken]
    is_far = any(abs(a - b) > FAR for a, b in zip(until_now, shares, strict=False))
    if len(shares) > len(until_now) or is_far:
        yield Deviation(
            "looks until now, of the people", shares_in_words(until_now), shares_in_words(shares)
        )


def _digests(registered: object, facts: object, name: str) -> tuple[str, ...]:
    return tuple(getattr(one, name)[:DIGEST_SHOWN] for one in (registered, facts))


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, object]]:
    """Each value of nested tables, with its path."""
    parts: Mapping[str, Any] = {}
    if isinstance(value, Mapping):
        parts = value
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        parts = {str(one.get("name", number)): one for number, one in enumerate(value)}
    if not parts:
        yield path, value
    for name, part in parts.items():
        yield from _leaves(part, f"{path}.{name}" if path else name)


def _told(leaves: Mapping[str, object], key: str) -> str:
    return str(leaves[key]) if key in leaves else ABSENT
