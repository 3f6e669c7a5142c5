"""Settings that a study could have instead of those it states, each list from these downwards."""

from collections.abc import Mapping
from math import ceil

import tomlkit

from stimuli.study import Phase, Study

Changes = Mapping[tuple[str, str], object]
"""Values by table and key; those of `phases` are of the phase test."""

CONFIDENCES = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
BANDS = ((0.4, (0.4, 0.6), 0.7), (0.4, (0.4, 0.6), 0.6))
ITEMS = ((5, 10), (5, 8), (4, 6), (3, 4))
PER_BIN = (40, 30, 25, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2, 1)
TRIALS = (60, 50, 40, 30, 24, 20, 16, 12, 10, 8)


def card_variants(study: Study) -> list[Changes]:
    """Less sure pictures on class cards, then fewer; nothing for cards of words."""
    stated = study.cards
    confidences = [stated.min_confidence, *(c for c in CONFIDENCES if c < stated.min_confidence)]
    return [
        _changes(
            ("cards", "min_confidence", stated.min_confidence, confidence),
            ("cards", "examples", stated.examples, examples),
        )
        for examples in range(stated.examples, min(stated.examples, 1) - 1, -1)
        for confidence in (confidences if stated.examples else confidences[:1])
    ]


def band_variants(study: Study) -> list[Changes]:
    """Wider bands of confidence."""
    stated = study.bins
    wider = [
        (low, medium, high)
        for low, medium, high in BANDS
        if low >= stated.low_below
        and high <= stated.high_from
        and medium[0] <= stated.medium[0]
        and medium[1] >= stated.medium[1]
    ]
    return [{}] + [
        changes
        for low, medium, high in wider
        if (
            changes := _changes(
                ("bins", "low_below", stated.low_below, low),
                ("bins", "medium", stated.medium, medium),
                ("bins", "high_from", stated.high_from, high),
            )
        )
    ]


def item_variants(study: Study) -> list[Changes]:
    """Fewer mistakes of which the AI is sure, then fewer items of practice and validation.

    The gate asks for the same share of these.
    """
    practice, validation, gate = study.practice.items, study.validation.items, study.gate
    stated = study.validation.confident_wrong or 0
    surer: list[Changes] = [{("validation", "confident_wrong"): n} for n in reversed(range(stated))]
    variants: list[Changes] = [{}, *surer]
    for n_practice, n_validation in ITEMS:
        fewer = min(n_practice, practice), min(n_validation, validation)
        if changes := _changes(
            ("practice", "items", practice, fewer[0]), ("validation", "items", validation, fewer[1])
        ):
            passing = ceil(gate.min_correct * fewer[1] / validation)
            confident = study.validation.confident_wrong
            most = None if confident is None else min(confident, fewer[1] // 2)
            variants.append(
                changes
                | _changes(
                    ("gate", "min_correct", gate.min_correct, passing),
                    ("validation", "confident_wrong", confident, most),
                )
            )
    return variants


def bin_variants(study: Study) -> list[Changes]:
    """Fewer stimuli of each bin, then bins that may be short."""
    stated = study.bins
    if stated.allow_short:
        return [{}]
    fewer: list[Changes] = [{("bins", "per_bin"): n} for n in PER_BIN if n < stated.per_bin]
    return [{}, *fewer, {("bins", "allow_short"): True}]


def trial_variants(study: Study) -> list[int]:
    """Fewer trials of the test; as many as stated where `[assignment]` counts them by group."""
    stated = study.test_trials
    if study.assignment.groups:
        return [stated]
    return [stated, *(n for n in TRIALS if n < stated)]


def _changes(*settings: tuple[str, str, object, object]) -> dict[tuple[str, str], object]:
    """What is not as stated, of (table, key, stated, other)."""
    return {(table, key): other for table, key, stated, other in settings if other != stated}


def with_changes(study: Study, changes: Changes) -> Study:
    """The study with other settings; nobody has looked whether its tables still agree."""
    tables: dict[str, object] = {}
    for table in {table for table, _ in changes}:
        of_table = {key: value for (name, key), value in changes.items() if name == table}
        if table == "phases":
            tables[table] = tuple(
                phase.model_copy(update=of_table) if phase.name is Phase.TEST else phase
                for phase in study.phases
            )
        else:
            tables[table] = getattr(study, table).model_copy(update=of_table)
    return study.model_copy(update=tables)


def changed_text(text: str, changes: Changes) -> str:
    """The study file with other settings; its comments stay."""
    document = tomlkit.parse(text)
    for (name, key), value in changes.items():
        if name == "phases":
            tables = [t for t in document["phases"] if t["name"] == Phase.TEST]
        else:
            if name not in document:
                document.append(name, tomlkit.table())
            tables = [document[name]]
        for table in tables:
            table[key] = [*value] if isinstance(value, tuple) else value
    return tomlkit.dumps(document)


def toml_lines(changes: Changes) -> str:
    """The changes as tables of a study file."""
    document = tomlkit.document()
    for (name, key), value in changes.items():
        if name == "phases":
            continue
        if name not in document:
            document.append(name, tomlkit.table())
        document[name][key] = [*value] if isinstance(value, tuple) else value
    lines = tomlkit.dumps(document).strip()
    trials = changes.get(("phases", "trials"))
    if trials is None:
        return lines
    return f'{lines}\n\n[[phases]]\nname = "test"\ntrials = {trials}'.strip()
