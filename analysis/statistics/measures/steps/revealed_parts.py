"""What people had shown to them that was not there at once: asked for, or after a time.

Who asks, and who waits, chose to. Where their answers differ from those of others, trials or people
may differ, and not what they saw.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.export.step_facts import StepFacts
from analysis.statistics.measures.steps.clustered_means import groups_of, share_of

LATER = ("answer", "best", "panels", "card")  # parts that may come later than the page
ASKED, WAITED = "asked for", "after a time"
COLUMNS = (
    *("condition", "step", "part", "how", "n_participants", "n_trials", "n_seen"),
    *("seen_percent", "low_percent", "high_percent"),
    *("lower_quartile_s", "median_s", "upper_quartile_s"),
)
ACCURACY_COLUMNS = (
    *("condition", "step", "part", "how", "seen", "n_participants", "n_trials", "n_right"),
    *("accuracy_percent", "low_percent", "high_percent"),
)


def later_parts(step: StepFacts) -> dict[str, str]:
    """The parts that do not come with the page, and how they come: `ASKED` or `WAITED`."""
    how = {}
    for part in step.shows:
        when = step.reveal
        if isinstance(when, dict):
            when = when.get(part, "at once")
        if part in LATER and when != "at once":
            how[str(part)] = ASKED if when == "on demand" else WAITED
    return how


def seen(steps: pd.DataFrame, declared: Sequence[StepFacts]) -> pd.DataFrame:
    """Whether and when each part was seen that did not come with the page.

    Args:
        steps: as `answered_steps.of_the_test` returns them.
        declared: the steps of the study.

    Returns:
        participant_id, condition, stimulus_id, ai_right, step, part, how, seen, seconds (from the
        onset of the page; missing where it was not seen) and right (missing where nothing is). A
        part that a condition does not show has no row.
    """
    columns = ["participant_id", "condition", "stimulus_id", "ai_right", "step", "right"]
    parts = []
    for step in declared:
        own = steps[steps["step"] == step.name]
        for part, how in later_parts(step).items():
            shows = own["shows"].astype("object").fillna("").str.split()
            rows = own[[part in names for names in shows]]
            told = rows["revealed"].astype("object").fillna("")
            ms = told.str.extract(rf"(?:^|\s){part}:(\d+(?:\.\d+)?)(?:\s|$)", expand=False)
            seconds = ms.astype("float64") / 1000
            told_of = rows[columns].assign(part=part, how=how)
            parts.append(told_of.assign(seen=seconds.notna(), seconds=seconds))
    names = [*columns, "part", "how", "seen", "seconds"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def per_condition(parts: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How often each part was seen, and when.

    Args:
        parts: as `seen` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, step, part, how, n_participants, n_trials, n_seen, seen_percent, low_percent,
        high_percent (95 %, for other people and other stimuli), and of the trials in which it was
        seen lower_quartile_s, median_s and upper_quartile_s.
    """
    rows = []
    for condition, values, group in groups_of(parts, conditions, "step", "part", "how"):
        share = share_of(group, "seen")
        times = group["seconds"].quantile([0.25, 0.5, 0.75])
        rows.append((condition, *values, *share, *times))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def accuracy(parts: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How often people are right in the trials in which they saw a part, and in the others.

    Args:
        parts: as `seen` returns them; answers that can be right count.
        conditions: in the order in which they are reported.

    Returns:
        condition, step, part, how, seen, n_participants, n_trials, n_right, accuracy_percent,
        low_percent, high_percent (95 %, for other people and other stimuli). No comparison of what
        a part does: people chose.
    """
    known = parts.dropna(subset=["right"])
    rows = []
    for condition, values, group in groups_of(known, conditions, "step", "part", "how"):
        for flag in (True, False):
            own = group[group["seen"] == flag]
            if len(own):
                rows.append((condition, *values, flag, *share_of(own, "right")))
    return pd.DataFrame(rows, columns=list(ACCURACY_COLUMNS)).astype({"seen": "bool"})
