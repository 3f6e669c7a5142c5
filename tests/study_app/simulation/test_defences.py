"""People who are sent to be caught: what reaches the export, and what is counted of them."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest
from scipy import stats

from analysis.report.command import write_report
from analysis.statistics.intervals import wilson as wilson_of_the_report
from study_app import create_app
from study_app.active_study import active_study
from study_app.simulation.defences import defences_text, wilson
from study_app.tokens import SIMULATED_HEADER, simulated_mark

MIX = "--mix=agent=0.2,pasting=0.2,fast-clicking=0.2,failing=0.2,calibrated=0.1,reloading=0.1"
PEOPLE = 20
ROWS = {  # of the table that is printed, and of the report's
    "completed": "completed",
    "gate": "gate",
    "attention checks": "attention_checks",
    "fast answers": "fast_answers",
    "page left": "page_left",
    "signs of a program": "any_strong",
    "pasted text": "pasted_chars",
    "text without keys": "unkeyed_chars",
    "clicks at rest": "still_clicks",
    "marked by nothing": "unseen",
}


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def rehearsed(asking_app, tmp_path):
    """Runs a rehearsal: what it printed, and the folder of its export."""

    def run(*options: str) -> tuple[str, Path]:
        run = asking_app.test_cli_runner().invoke
        result = run(args=["study", "simulate", *options])
        assert result.exit_code == 0, result.output
        folder = tmp_path / "out"
        exported = run(args=["study", "export", "--simulated", str(folder)])
        assert exported.exit_code == 0, exported.output
        return result.output, folder

    return run


def printed(output: str) -> dict[tuple[str, str], tuple[int, int]]:
    """How many of how many, by row and column of the table that a rehearsal prints."""
    lines = output.splitlines()
    head = next(k for k, line in enumerate(lines) if line.startswith("How many of each sort"))
    sorts = lines[head + 1].split()
    counts = {}
    for line in filter(None, lines[head + 3 :]):
        label, *cells = re.split(r"  +", line)
        for sort, cell in zip(sorts, cells, strict=True):
            n, total = cell.partition(" ")[0].split("/") if cell != "-" else (0, 0)
            counts[label, sort] = (int(n), int(total))
    return counts


@pytest.mark.slow
def test_rates_of_detection_are_those_that_one_counts_by_hand(rehearsed, tmp_path):
    output, folder = rehearsed("-n", str(PEOPLE), "--seed", "3", MIX)
    people = read(folder / "participants.csv")
    tests = defaultdict(list)
    for row in read(folder / "responses.csv"):
        if row["phase"] == "test" and row["decision"]:
            tests[row["participant_id"]].append(row)
    failed = {r["participant_id"] for r in read(folder / "attention.csv") if r["passed"] == "0"}
    told = printed(output)
    honest = ("calibrated", "reloading")
    for sort in ("agent", "pasting", "fast-clicking", "failing", "honest"):
        own = [
            p for p in people if p["simulated_sort"] in (honest if sort == "honest" else (sort,))
        ]
        names = [p["participant_id"] for p in own]
        left = [n for n in names if sum(r["away_count"] != "0" for r in tests[n]) >= 3]
        fast = [n for n in names if sum(float(r["decision_rt_ms"]) < 500 for r in tests[n]) >= 3]
        assert {len(tests[n]) for n in names} == {6}
        assert len(own) == PEOPLE / 5
        assert told["page left", sort] == (len(left), 4)
        assert told["fast answers", sort] == (len(fast), 4)
        assert told["attention checks", sort] == (len(failed & set(names)), 4)
        assert told["pasted text", sort][0] == sum(p["pasted_chars"] != "0" for p in own)
        assert told["gate", sort] == (sum(p["validation_right"] == "0" for p in own), 4)
    report = write_report(folder, tmp_path / "report").parent / "tables" / "defences.csv"
    rows = {(r["defence"], r["sort"]): (int(r["n"]), int(r["n_people"])) for r in read(report)}
    assert told == {(row, s): rows[name, s] for row, name in ROWS.items() for _, s in told}


@pytest.mark.slow
def test_who_knows_every_label_is_always_right_and_only_who_pastes_is_given_away(rehearsed):
    sorts = "--mix=agent=0.5,pasting=0.5"
    _, folder = rehearsed("-n", "2", "--seed", "2", sorts, "--agent-accuracy=1")
    responses = read(folder / "responses.csv")
    assert {row["team_right"] for row in responses} == {"1"}
    for person in read(folder / "participants.csv"):
        own = [r for r in responses if r["participant_id"] == person["participant_id"]]
        decided = [r for r in own if r["phase"] != "practice"]
        pastes = person["simulated_sort"] == "pasting"
        assert {r["away_count"] for r in decided} == {"1" if pastes else "0"}
        assert all((float(r["away_ms"]) > 5000) == pastes for r in decided)
        assert (int(person["pasted_chars"]) > 0) == pastes
        for signal in ("webdriver", "scripted_answers", "still_clicks", "unkeyed_chars", "trap"):
            assert person[signal] == "0"
        times = [float(r["decision_rt_ms"]) for r in decided]
        assert (min(times) > 10_000) == pastes


@pytest.mark.slow
def test_the_accuracy_that_is_planted_in_agents_is_found_again(rehearsed):
    _, folder = rehearsed("-n", "12", "--seed", "5", "--mix=agent=1", "--agent-accuracy=0.7")
    right = [row["team_right"] == "1" for row in read(folder / "responses.csv")]
    low, high = stats.binom.interval(0.99, len(right), 0.7)
    assert low <= sum(right) <= high


@pytest.mark.slow
def test_the_table_is_counted_on_postgresql_too(
    postgres_address, tmp_path, monkeypatch, bundle_path, tools
):
    monkeypatch.setenv("DATABASE_URL", postgres_address)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle_path)
    visitor = tools.visitor(app.test_client()).open("/")
    with app.app_context():
        headers = {SIMULATED_HEADER: simulated_mark("agent")}
    visitor.client.post("/start", data=visitor.page.form.fields, headers=headers)
    [participant] = tools.participants(app)
    visitor.open(f"/p/{participant.token}").walk()
    with app.app_context():
        told = printed(defences_text(active_study(), [participant.token]))
    assert told["completed", "agent"] == told["gate", "agent"] == (1, 1)  # accepts everything
    assert told["marked by nothing", "agent"] == (0, 1)
    tools.close(app)


def test_nobody_who_came_makes_a_table_without_columns(asking_app):
    with asking_app.app_context():
        assert defences_text(None, []).splitlines()[1:] == ["", "came"]


@pytest.mark.parametrize(("n", "total"), [(0, 7), (3, 7), (7, 7), (1, 200)])
def test_the_interval_is_the_one_of_the_report(n, total):
    assert wilson(n, total) == pytest.approx(wilson_of_the_report(n, total), abs=1e-12)
