"""What the texts of the file mean: words, numbers and names, each distinct text looked at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.export.cells import NUMBER
from analysis.trials.map_file import Settings
from analysis.trials.source_file import Source

MAX_EXAMPLES = 3  # wrong texts of a column that a message names
MS_PER_S = 1000
CONDITION = re.compile(r"[a-z][a-z0-9_-]*")
TEXTS = {"participant": False, "stimulus": False, "label": True}  # whether a cell may be empty
WORDS = {
    "ai_right": ("right", "wrong"),
    "team_right": ("right", "wrong"),
    "decision": ("accept", "reject"),
    "phase": ("practice", "validation", "test"),
    "kind": ("natural", "adversarial"),
    "bin": ("easy", "medium", "hard"),
    "prior_knowledge": ("yes", "no"),
}
FILLED = ("ai_right", "phase", "kind")
FLAGS = {"right": True, "wrong": False, "yes": True, "no": False}


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """A column.

    Attributes:
        values: (k,) what each distinct text means; missing where it is empty or wrong.
        good: (k,) whether it may stand there.
    """

    values: pd.Series
    good: np.ndarray


def read_meanings(source: Source, settings: Settings) -> tuple[dict[str, Meaning], list[str]]:
    """Say what every column means, and list every text that means nothing.

    Returns:
        By our name of the column: texts (str) for participant, stimulus, label, condition and
        words; boolean for ai_right, team_right and prior_knowledge; float64 for confidence (from
        0 to 1) and decision_time (ms). And a line for each sort of problem.
    """
    meanings, problems = {}, []
    for name, column in source.columns.items():
        empty = (column.texts == "").to_numpy(dtype=bool)
        match name:
            case "condition":
                values, rule, may_be_empty = *_conditions(column.texts, settings), False
            case "confidence" | "decision_time":
                values, rule, may_be_empty = *_numbers(column.texts, name, settings), True
            case _ if name in TEXTS:
                values, rule, may_be_empty = column.texts.mask(empty), "", TEXTS[name]
            case _:
                values, rule, may_be_empty = (
                    *_words(column.texts, name, settings),
                    name not in FILLED,
                )
        wrong = values.isna().to_numpy(dtype=bool) & ~empty
        problems += _problems(source, name, wrong, rule)
        if not may_be_empty:
            problems += _problems(source, name, empty, "must not be empty; fill it in")
        meanings[name] = Meaning(values=values, good=~wrong & (may_be_empty | ~empty))
    return meanings, problems


def _words(texts: pd.Series, name: str, settings: Settings) -> tuple[pd.Series, str]:
    known = settings.values.words(*WORDS[name])
    words = texts.str.casefold().map(known)
    rule = f"is none of {', '.join(known)}; correct it, or say in [values] what it means"
    if set(WORDS[name]) <= set(FLAGS):
        return words.map(FLAGS).astype("boolean"), rule
    return words.astype("str"), rule


def _conditions(texts: pd.Series, settings: Settings) -> tuple[pd.Series, str]:
    mapped: Mapping[str, str] = settings.values.condition_names
    names = texts.str.casefold().map(lambda text: mapped.get(text, text)).astype("str")
    fits = names.map(lambda name: CONDITION.fullmatch(name) is not None).astype(bool)
    example = next((text for text in texts[~fits] if text), "Grad-CAM")
    plain = re.sub(r"[^a-z0-9]+", "-", example.casefold())
    suggestion = re.sub(r"^[^a-z]+", "", plain).strip("-") or "other"
    rule = (
        "cannot be the name of a condition (a small letter, then small letters, digits, - or _); "
        f'give it one in [values.conditions], such as "{example}" = "{suggestion}"'
    )
    return names.where(fits), rule


def _numbers(texts: pd.Series, name: str, settings: Settings) -> tuple[pd.Series, str]:
    per_cent = name == "confidence" and settings.confidence.scale == 100
    mark = settings.file.decimal
    plain = texts.str.removesuffix("%").str.rstrip() if per_cent else texts
    if mark == ",":  # a point would be a thousand's; it is not guessed
        plain = plain.mask(plain.str.contains(".", regex=False), "").str.replace(",", ".")
    fits = plain.map(lambda text: NUMBER.fullmatch(text) is not None).astype(bool)
    numbers = pd.to_numeric(plain.where(fits)).astype("float64")
    if name == "decision_time":
        scaled = numbers * (MS_PER_S if settings.decision_time.unit == "s" else 1)
        rule = f"must be a number of 0 or more with the decimal mark {mark!r}"
        return scaled.round(6).where(scaled >= 0), f"{rule}; correct it, or set [file] decimal"
    scale = settings.confidence.scale
    rule = f"must be a number from 0 to {scale} with the decimal mark {mark!r}"
    hint = "correct it, or set [confidence] scale or [file] decimal"
    return (numbers / scale).where(numbers.between(0, scale)), f"{rule}; {hint}"


def _problems(source: Source, name: str, wrong: np.ndarray, rule: str) -> list[str]:
    if not wrong.any():
        return []
    column = source.columns[name]
    rows = np.flatnonzero(wrong[column.codes])
    codes, first = np.unique(column.codes[rows], return_index=True)
    examples = [
        f"{str(column.texts.iloc[codes[i]])!r} in line {source.lines[rows[first[i]]]}"
        for i in np.argsort(first)[:MAX_EXAMPLES]
    ]
    count = f" ({len(rows)} rows in all)" if len(rows) > len(examples) else ""
    return [f"{source.where(name)}: {', '.join(examples)}{count} {rule}"]
