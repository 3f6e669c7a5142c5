"""What a participant's device is. Of the user agent no more is kept than three coarse facts."""

import math
import re
from collections.abc import Mapping
from datetime import datetime

from stimuli.study import DeviceSettings
from study_app.active_study import ActiveStudy
from study_app.answer_models import Device
from study_app.database import db
from study_app.models import Participant
from study_app.session.screen import Answer, Position

# The first that fits: browsers pose as older ones, so the special ones come before the common.
BROWSERS = (
    ("Edge", re.compile(r"Edg(?:A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)\S* (?:Mobile/\S+ )?Safari/")),
)
SYSTEMS = (
    ("iOS", re.compile(r"iPhone|iPad|iPod")),
    ("Android", re.compile(r"Android")),
    ("Windows", re.compile(r"Windows")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("macOS", re.compile(r"Macintosh")),
    ("Linux", re.compile(r"Linux|X11")),
)
PHONE = re.compile(r"iPhone|iPod|Android.*Mobile|Windows Phone")
MOST_PX = 100_000  # no screen is larger; more is nonsense, or an attack on the column
PIXELS = ("screen_w", "screen_h", "viewport_w", "viewport_h")
RATIOS = ("pixel_ratio", "refresh_hz")


def device_facts(form: Mapping[str, str], user_agent: str) -> dict[str, int | float | str | None]:
    """The columns of `Device`. What the page did not say, or cannot be, is None."""
    matches = ((name, pattern.search(user_agent)) for name, pattern in BROWSERS)
    browser, match = next(((n, m) for n, m in matches if m), (None, None))
    pixels = {name: _number(form.get(name, "")) for name in PIXELS}
    return {
        **{name: None if number is None else round(number) for name, number in pixels.items()},
        **{name: _number(form.get(name, "")) for name in RATIOS},
        "browser": browser,
        "browser_version": min(int(match[1][:6]), MOST_PX) if match else None,
        "os": next((name for name, pattern in SYSTEMS if pattern.search(user_agent)), None),
    }


def _number(text: str) -> float | None:
    """A number that a screen can have. The browser is not trusted: anything else is missing."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 < number <= MOST_PX else None


def is_welcome(settings: DeviceSettings, user_agent: str) -> bool:
    """Whether the study takes this device, a phone or none. Tablets are no phones."""
    return settings.phones or not PHONE.search(user_agent)


def store_device(
    active: ActiveStudy, participant: Participant, answer: Answer, at: datetime
) -> None:
    """Keep what the page was shown on, whether or not the study takes it."""
    db.session.add(Device(participant=participant.id, **answer.device))


def device_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """The fields of the form that the page's script fills in."""
    return {"device_fields": (*PIXELS, *RATIOS)}
