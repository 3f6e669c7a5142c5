"""Simulated people go through studies with steps of their own, over real HTTP."""

import csv
import re
from collections import defaultdict

import pytest
from scipy import stats

PAPER = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'
CLASSES = 'response = { kind = "choice", options = "classes" }'
ALIKE = ("--person-sd=0", "--image-sd=0", "--mix=calibrated=1")
ADVICE = f"""[trial]
pause = false
[[trial.steps]]
name = "alone"
shows = ["photo"]
{CLASSES}
[[trial.steps]]
name = "sure"
shows = ["photo", "own"]
response = {{ kind = "slider" }}
[[trial.steps]]
name = "advised"
shows = ["photo", "answer", "confidence", "panels", "own"]
reveal = {{ panels = "on demand" }}
{CLASSES}
"""
EVERY_KIND = f"""[trial]
pause = false
[[trial.steps]]
name = "look"
shows = ["photo"]
response = {{ kind = "continue" }}
[[trial.steps]]
name = "foresee"
shows = ["photo", "panels"]
truth = "ai_answer"
{CLASSES}
[[trial.steps]]
name = "where"
shows = ["photo"]
response = {{ kind = "click" }}
[[trial.steps]]
name = "wings"
shows = ["photo"]
response = {{ kind = "number", text = "How many wings?", low = 2, high = 4 }}
[[trial.steps]]
name = "order"
shows = ["photo"]
response = {{ kind = "rank", text = "Which most?", options = ["wings", "colours", "background"] }}
[[trial.steps]]
name = "words"
shows = ["photo"]
response = {{ kind = "text" }}
[[trial.steps]]
name = "sure"
shows = ["own"]
response = {{ kind = "slider" }}
[[trial.steps]]
name = "agree"
shows = ["own"]
response = {{ kind = "scale", text = "I am sure.", options = ["No", "Hardly", "Quite", "Yes"] }}
[[trial.steps]]
name = "decide"
shows = ["photo", "answer"]
reveal = {{ answer = {{ after_ms = 700 }} }}
response = {{ kind = "decision" }}
"""
SORTS = "--mix=calibrated=0.25,random=0.25,straight-lining=0.25,dropping=0.25"
HEATMAP = '[[conditions]]\nname = "heatmap"\npanels = ["gradcam"]\n'
NEIGHBOURS = '[[conditions]]\nname = "neighbours"\npanels = ["neighbours"]\n'
WITHOUT = '[[conditions]]\nname = "without"\nshows_ai = false\n'


@pytest.fixture
def rehearse(empty_app, tools, tmp_path):
    """Rehearses a study with such a trial; its steps as they were exported, and what was said."""

    def run(trial, *options, others=WITHOUT, **sizes):
        text = tools.study_text(**{"practice": 1, "validation": 1, "test": 12} | sizes)
        text = text.replace(PAPER, trial).replace(NEIGHBOURS, others)
        if "confidence" not in trial:
            text = text.replace(HEATMAP, "")
        tools.load(empty_app, tools.build_bundle(tmp_path / "bundle", text).path)
        command = empty_app.test_cli_runner().invoke
        said = command(args=["study", "simulate", "--seed", "4", *options])
        assert said.exit_code == 0, said.output
        command(args=["study", "export", "--simulated", str(tmp_path / "out")])
        with (tmp_path / "out/steps.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file)), said.output

    return run


def is_planted(flags, share, *, tail=0.0005):
    """Whether so many of the flags are set as the share makes likely."""
    low, high = stats.binom.ppf([tail, 1 - tail], len(flags), share)
    return low <= sum(flags) <= high


@pytest.mark.slow
def test_the_steps_of_a_rehearsal_show_what_was_planted_32(rehearse):
    planted = [
        *("--alone=heatmap=0.7", "--switching=heatmap=0.9,0.3", "--sureness=heatmap=0.9,0.5"),
        *("--asking=heatmap=0.25", "--alone=without=0.4"),
    ]
    rows, _ = rehearse(ADVICE, "-n", "24", *ALIKE, *planted)
    trials = defaultdict(dict)
    for row in rows:
        if row["phase"] == "test":
            trials[row["condition"], row["participant_id"], row["trial_index"]][row["step"]] = row
    without = [steps["alone"]["right"] == "1" for key, steps in trials.items() if "without" in key]
    assert is_planted(without, 0.4)
    own = [steps for key, steps in trials.items() if "heatmap" in key]
    assert is_planted([steps["alone"]["right"] == "1" for steps in own], 0.7)
    for ai_right, share in ((True, 0.9), (False, 0.3)):
        moved = [
            steps["advised"]["value"] == steps["advised"]["advice"]
            for steps in own
            if steps["alone"]["value"] != steps["advised"]["advice"]
            and (steps["advised"]["advice"] == steps["advised"]["truth"]) == ai_right
        ]
        assert len(moved) > 10
        assert is_planted(moved, share)
    assert is_planted([steps["advised"]["revealed"] != "" for steps in own], 0.25)
    for right, mean in (("1", 90), ("0", 50)):
        said = [float(s["sure"]["value"]) for s in own if s["alone"]["right"] == right]
        spread = 100 * (mean / 100 * (1 - mean / 100) / 9) ** 0.5  # of that beta
        assert abs(sum(said) / len(said) - mean) < 4 * spread / len(said) ** 0.5 + 0.1


@pytest.mark.slow
def test_answers_of_every_kind_are_found_as_they_were_sent_32(rehearse):
    rows, output = rehearse(EVERY_KIND, "-n", "4", SORTS, test=1, others=NEIGHBOURS)
    compared = re.search(r"Compared (\d+) acknowledged answers.*each is there exactly once", output)
    assert int(compared[1]) > len(rows)
    kinds = {row["step"]: row["kind"] for row in rows}
    assert len(rows) == 4 * 3 * len(kinds)
    assert {*kinds.values()} == {
        *("continue", "choice", "click", "number", "text", "slider", "scale", "decision", "rank"),
    }
    late = [row for row in rows if row["revealed"]]
    assert {row["revealed"] for row in late} == {"answer:700"}
    assert min(float(row["rt_ms"]) for row in late) > 700


@pytest.mark.slow
def test_a_real_browser_answers_steps_of_every_kind_32(rehearse):
    pytest.importorskip("playwright")
    trial = EVERY_KIND.replace(
        "{ answer = { after_ms = 700 } }", '{ answer = { after_ms = 700 }, panels = "on demand" }'
    ).replace('shows = ["photo", "answer"]', 'shows = ["photo", "answer", "panels"]')
    asking = [f"--asking={name}=1" for name in ("confidence", "neighbours")]
    mix = ("-n", "2", "--browser", "1", "--mix=calibrated=1", *asking)
    rows, output = rehearse(trial, *mix, test=2, others=NEIGHBOURS)
    assert "each is there exactly once" in output
    late = [row["revealed"].split() for row in rows if row["step"] == "decide"]
    names = [{part.partition(":")[0] for part in parts} for parts in late]
    assert {"answer", "panels"} in names
