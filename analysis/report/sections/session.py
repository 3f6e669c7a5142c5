"""Over the session: what may make the main result an artefact of fatigue, haste or devices."""

from analysis.report.answer_table import answer_table
from analysis.report.listing import Listing, TableColumn, listing
from analysis.report.phrasing.session import changes_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION, INTERVAL
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.accuracy_by_device import accuracy_by_device
from analysis.statistics.measures.halves import learning, speed
from analysis.statistics.sample import attention_checks, signals
from analysis.statistics.sample.device_classes import device_of
from analysis.statistics.sample.exclusions import ANALYSED
from analysis.statistics.sample.in_view import share_in_view

PLACE = 42

PEOPLE = TableColumn(column="n_people", header="People")
CHANGE = (
    TableColumn(column="difference_points", header="Change, points", digits=1),
    TableColumn(column="low_points", to="high_points", header="95 % interval", digits=1),
)
LEARNING_COLUMNS = (
    CONDITION,
    PEOPLE,
    TableColumn(column="first_percent", header="First, %", digits=1),
    TableColumn(column="second_percent", header="Second, %", digits=1),
    *CHANGE,
    TableColumn(column="slope_points", header="Per ten trials", digits=2),
    TableColumn(column="slope_low", to="slope_high", header="95 % interval", digits=2),
)
SPEED_COLUMNS = (
    CONDITION,
    PEOPLE,
    TableColumn(column="median_right_s", header="Right, s", digits=1),
    TableColumn(column="median_wrong_s", header="Wrong, s", digits=1),
    TableColumn(column="first_percent", header="Faster, %", digits=1),
    TableColumn(column="second_percent", header="Slower, %", digits=1),
    *CHANGE,
)
DEVICE_COLUMNS = (
    TableColumn(column="device", header="Device"),
    PEOPLE,
    TableColumn(column="mean_percent", header="Accuracy, %", digits=1),
    INTERVAL,
    TableColumn(column="in_view_percent", header="Evidence in view, %", digits=1),
    TableColumn(column="window_w", header="Window, width", digits=0),
    TableColumn(column="pixel_ratio", header="Pixel ratio", digits=1),
)
SIGNAL_LABELS = {
    signals.STRONG: "Strong signals",
    "webdriver": "steered browser",
    "scripted_answers": "scripted answers",
    "trap": "hidden field filled in",
    signals.ANY_STRONG: "any of these three",
    signals.WEAK: "Weak signals",
    "still_clicks": "clicks by a mouse at rest",
    "pasted_chars": "pasted text",
    "unkeyed_chars": "text without keys",
    signals.NONE: "No signals of a program",
    signals.TRANSLATED: "pages translated by the browser",
}


def section(analysed: Analysed) -> Section | None:
    """Learning, speed, devices, attention and signals of programs; None before anybody is in."""
    if analysed.users.empty:
        return None
    trials, names = analysed.trials, analysed.conditions
    halves = (learning(trials, names), speed(trials, names))
    over_time, by_speed = (table[table["n_people"] > 0] for table in halves)
    tables = (
        listing("learning", "Over the trials", over_time, LEARNING_COLUMNS),
        listing("speed", "Speed and accuracy", by_speed, SPEED_COLUMNS),
        _devices(analysed),
        *_attention(analysed),
    )
    return Section(
        name="session",
        title="Over the session",
        listings=tuple(table for table in tables if table.rows),
        prose={
            "learning": changes_in_words(over_time, first="first", second="second"),
            "speed": changes_in_words(by_speed, first="faster", second="slower"),
        },
    )


def _devices(analysed: Analysed) -> Listing:
    trials, participants = analysed.trials, analysed.export.participants
    in_view = share_in_view(trials).groupby(trials["participant_id"], observed=True).mean()
    devices = device_of(trials, participants)
    table = accuracy_by_device(analysed.users, devices, in_view, participants)
    return listing("devices", "Devices", table, DEVICE_COLUMNS)


def _attention(analysed: Analysed) -> tuple[Listing, Listing]:
    """Attention checks of everybody, and signals of the people analysed."""
    export, everybody, names = analysed.export, analysed.participants, analysed.conditions
    met_checks = everybody[analysed.rehearsal | ~everybody["simulated"].astype(bool)]
    checks = attention_checks.per_condition(export.attention, met_checks, names)
    people = everybody[everybody["step"] == ANALYSED]
    seen, by = signals.per_condition(export.participants, people, names), ["strength"]
    title, labels = "Signals of programs", SIGNAL_LABELS
    return (
        answer_table(
            "attention_checks", "Attention checks", checks, {}, question=["check"], answer="kind"
        ),
        answer_table("signals", title, seen, labels, question=by, answer="signal"),
    )
