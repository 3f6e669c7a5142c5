import pandas as pd

from analysis.statistics.sample.device_classes import device_of

SCREENS = pd.DataFrame(
    {
        "participant_id": ["pc", "phone", "tablet", "unknown", "keys", "silent"],
        "screen_w": pd.array([1920, 844, 820, None, 500, 390], dtype="Int64"),
        "screen_h": pd.array([1080, 390, 600, 800, 900, 844], dtype="Int64"),
    }
)


def trials_of(**inputs: list[str | None]) -> pd.DataFrame:
    rows = [(name, given) for name, own in inputs.items() for given in own]
    return pd.DataFrame(rows, columns=["participant_id", "input"])


def test_touch_and_the_shorter_side_of_the_screen_tell_what_people_are_on() -> None:
    trials = trials_of(
        pc=["mouse", "mouse"],
        phone=["touch", "touch", "mouse"],
        tablet=["touch"],
        unknown=["touch"],
        keys=["keyboard", "touch"],
        silent=[None],
    )
    assert device_of(trials, SCREENS).to_dict() == {
        "pc": "computer",
        "phone": "phone",
        "tablet": "tablet",
        "unknown": "touch screen of unknown size",
        "keys": "computer",
    }


def test_an_import_tells_of_nobody() -> None:
    assert device_of(trials_of(pc=[None]), SCREENS).empty
