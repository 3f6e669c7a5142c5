"""What a page's script would tell of simulated people, besides their answers.

In a real Chromium its own script tells it, of what `chromium` then does.
"""

import random
from collections.abc import Mapping

from study_app.simulation.html import Form
from study_app.simulation.profiles import Profile

AWAY = 0.8  # part of a decision's time for which somebody leaves the page who does


def pasting(
    profile: Profile, form: Form, fields: Mapping[str, str], *, rng: random.Random
) -> dict[str, str]:
    """How many of the letters that somebody writes on a screen are pasted: all or none."""
    written = sum(len(fields.get(name, "")) for name in form.blanks)
    is_pasted = rng.random() < profile.pastes
    return {"pasted_chars": str(written)} if written and is_pasted else {}


def leaving(profile: Profile, time_ms: float, *, rng: random.Random) -> dict[str, str]:
    """How often, and for how long, the page was left during a decision."""
    count = int(rng.random() < profile.leaves)
    return {"away_count": str(count), "away_ms": repr(count * AWAY * time_ms)}
