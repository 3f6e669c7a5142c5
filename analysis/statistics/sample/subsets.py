"""Selections of trials and people under which a result may be looked at again.

Each is a mask over trials, so that whatever is computed from trials can be computed from those it
keeps. A selection of people keeps all trials of the people that it keeps. They were chosen after
the primary one, and serve to see whether it hangs on some people or trials.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.statistics.sample import signals
from analysis.statistics.sample.device_classes import COMPUTER, device_of
from analysis.statistics.sample.in_view import WHOLE, share_in_view

# People tell by a key whether one flashed photo has an animal after a median of 445 ms (Thorpe,
# Fize and Marlot 1996). Here there is a label and a confidence to read besides, and panels.
FAST_BELOW_MS = 500
DESCRIPTIONS = {
    "natural only": "without adversarial stimuli",
    "without fast answers": f"without decisions in less than {FAST_BELOW_MS} ms",
    "mouse or keys": "people who gave most decisions by mouse or keys",
    "touch": "people who gave most decisions on a touch screen",
    "attentive": "people who failed no attention check",
    "without signals": "people with no strong signal of a program",
    "all in view": "trials in which photo and panels were in view entirely",
}


@dataclass(frozen=True, kw_only=True)
class Subset:
    """A selection of trials.

    Attributes:
        description: what it keeps, for the page.
        mask: which trials it keeps, of the index of the trials that were given.
    """

    description: str
    mask: pd.Series


def subsets(
    trials: pd.DataFrame, participants: pd.DataFrame, attention: pd.DataFrame
) -> Mapping[str, Subset]:
    """Every selection that the export can tell and that leaves some trials out and some in.

    Args:
        trials: `Analysed.answered` or `Analysed.trials`.
        participants: as in the export.
        attention: as in the export.

    Returns:
        By the name of its row, in the order in which they are reported.
    """
    devices = device_of(trials, participants)
    masks = {
        "natural only": natural_only(trials),
        "without fast answers": without_fast_answers(trials),
        "mouse or keys": on_computers(trials, devices),
        "touch": by_touch(trials, devices),
        "attentive": with_all_checks_passed(trials, attention),
        "without signals": without_program_signals(trials, participants),
        "all in view": with_all_in_view(trials),
    }
    return {
        name: Subset(description=DESCRIPTIONS[name], mask=mask)
        for name, mask in masks.items()
        if mask is not None and mask.any() and not mask.all()
    }


def natural_only(trials: pd.DataFrame) -> pd.Series:
    """The trials on natural stimuli."""
    return trials["kind"] == "natural"


def without_fast_answers(trials: pd.DataFrame) -> pd.Series | None:
    """All but those decided in less than `FAST_BELOW_MS`; None if no trial has a time.

    A trial of unknown time is kept.
    """
    times = trials["decision_rt_ms"]
    return None if times.isna().all() else ~(times < FAST_BELOW_MS)


def on_computers(trials: pd.DataFrame, devices: pd.Series) -> pd.Series | None:
    """Those of people on computers (`device_of`); None if nothing tells who they are."""
    names = devices.index[devices == COMPUTER]
    return None if devices.empty else trials["participant_id"].isin(names)


def by_touch(trials: pd.DataFrame, devices: pd.Series) -> pd.Series | None:
    """Those of people on touch screens (`device_of`); None if nothing tells who they are."""
    names = devices.index[devices != COMPUTER]
    return None if devices.empty else trials["participant_id"].isin(names)


def with_all_checks_passed(trials: pd.DataFrame, attention: pd.DataFrame) -> pd.Series | None:
    """Those of people who failed no attention check; None if the study has none."""
    failed = attention.loc[~attention["passed"].astype(bool), "participant_id"]
    return None if attention.empty else ~trials["participant_id"].isin(failed)


def without_program_signals(trials: pd.DataFrame, participants: pd.DataFrame) -> pd.Series | None:
    """Those of people known to have set off no strong signal; None if nothing is known."""
    told = signals.set_off(participants)[signals.ANY_STRONG]
    return None if told.empty else trials["participant_id"].isin(told.index[~told])


def with_all_in_view(trials: pd.DataFrame) -> pd.Series | None:
    """Those known to have had photo and panels in view entirely; None if nothing is known."""
    share = share_in_view(trials)
    return None if share.isna().all() else share >= WHOLE
