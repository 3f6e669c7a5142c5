"""What is told of a device, and which devices are welcome."""

import pytest

from stimuli.study import DeviceSettings
from study_app.session.devices import device_facts, is_welcome

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT} Chrome/141.0.0.0 Safari/537.36"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {KIT} "
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {KIT} "
TABLET = f"Mozilla/5.0 (Linux; Android 14; SM-X200) {KIT} "


@pytest.mark.parametrize(
    ("agent", "facts"),
    [
        (CHROME, ("Chrome", 141, "Windows")),
        (f"{CHROME} Edg/141.0.0.0", ("Edge", 141, "Windows")),
        (f"{CHROME} OPR/120.0", ("Opera", 120, "Windows")),
        (f"{MAC}Version/18.1 Safari/605.1.15", ("Safari", 18, "macOS")),
        (f"{IPHONE}Version/18.1 Mobile/15E148 Safari/604.1", ("Safari", 18, "iOS")),
        (f"{IPHONE}CriOS/141.0 Mobile/15E148 Safari/604.1", ("Chrome", 141, "iOS")),
        (
            f"{TABLET}SamsungBrowser/28.0 Chrome/130.0 Safari/537.36",
            ("Samsung Internet", 28, "Android"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            ("Firefox", 145, "Linux"),
        ),
        ("curl/8", (None, None, None)),
    ],
)
def test_a_user_agent_is_reduced_to_three_coarse_facts(agent, facts):
    device = device_facts({}, agent)
    assert (device["browser"], device["browser_version"], device["os"]) == facts


@pytest.mark.parametrize("text", ["", "x", "nan", "-1", "0", "1e9"])
def test_a_size_that_no_screen_has_is_missing(text):
    assert device_facts({"screen_w": text, "refresh_hz": text}, "")["screen_w"] is None
    assert device_facts({"screen_w": text, "refresh_hz": text}, "")["refresh_hz"] is None


def test_tablets_and_computers_are_no_phones():
    settings = DeviceSettings(phones=False)
    assert [is_welcome(settings, agent) for agent in (CHROME, MAC, TABLET, IPHONE)] == [
        *(True, True, True, False),
    ]
    assert is_welcome(DeviceSettings(), IPHONE)
