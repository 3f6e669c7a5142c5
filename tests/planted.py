"""What a report must show if simulated people do what was planted: written without our packages.

It reads nothing but the bundle's conditions, `predictions.jsonl` and `stimuli.jsonl` and the
planted probabilities, and compares with the CSV files of a report.
"""

import json
import tomllib
from pathlib import Path

import pandas as pd
from scipy import stats

# Acceptance where the AI is right, and where it is wrong. One condition accepts everything.
BEHAVIOUR = {
    "confidence": (0.75, 0.40),
    "gradcam": (0.90, 0.30),
    "gradcam-b1": (0.90, 0.30),
    "gradcam-sal": (0.80, 0.15),
    "neighbours": (1.0, 1.0),
}


def planted(bundle: Path) -> dict[str, tuple[float, float]]:
    """The behaviour of each condition of the bundle's study, in its order."""
    study = tomllib.loads((bundle / "study.toml").read_text("utf-8"))
    return {c["name"]: BEHAVIOUR[c["name"]] for c in study["conditions"]}


def arguments(bundle: Path) -> list[str]:
    """The planted behaviour as options of `study simulate`: of people who do not differ."""
    return [
        *("--person-sd=0", "--image-sd=0"),
        *(
            f"--behaviour={name}={right},{wrong}"
            for name, (right, wrong) in planted(bundle).items()
        ),
    ]


def expected(bundle: Path) -> pd.DataFrame:
    """Expected accuracy, 0 to 1, per condition and six-bin cell that the bundle has stimuli for."""
    test = {row["stimulus_id"] for row in _rows(bundle / "stimuli.jsonl") if row["phase"] == "test"}
    cells = {
        (row["bin"], row["right"])
        for row in _rows(bundle / "predictions.jsonl")
        if row["stimulus_id"] in test
    }
    rows = [
        {
            "condition": name,
            "bin": bin_,
            "ai_right": int(right),
            "expected": accept[0] if right else 1 - accept[1],
        }
        for name, accept in planted(bundle).items()
        for bin_, right in sorted(cells)
    ]
    return pd.DataFrame(rows)


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def compared(bundle: Path, report: Path, *, shift: int = 0) -> pd.DataFrame:
    """The report's accuracy per condition and cell beside the expected one.

    Args:
        shift: renames the report's conditions, each to the one so many places further on.
    """
    shown = pd.read_csv(report / "tables" / "bins.csv")
    names = list(planted(bundle))
    renamed = {name: names[(n + shift) % len(names)] for n, name in enumerate(names)}
    shown["condition"] = shown["condition"].map(renamed)
    both = expected(bundle).merge(shown, on=["condition", "bin", "ai_right"], validate="1:1")
    both["error_points"] = both["accuracy_percent"] - 100 * both["expected"]
    return both


def outside(cells: pd.DataFrame, *, confidence: float = 0.99) -> pd.DataFrame:
    """Cells whose count lies outside the interval that holds them all with this probability.

    Exact binomial intervals, shared out over the cells (Bonferroni). A planted probability of 0
    or 1 allows no deviation at all.
    """
    tail = (1 - confidence) / len(cells) / 2
    low = stats.binom.ppf(tail, cells["n_trials"], cells["expected"])
    high = stats.binom.ppf(1 - tail, cells["n_trials"], cells["expected"])
    return cells[(cells["n_right"] < low) | (cells["n_right"] > high)]
