"""Simulated people go through a real server."""

import csv
import random
import re
import sys
from collections import Counter
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.bundle import Bin
from study_app.errors import RefusalError
from study_app.simulation.behaviour import PLANTED, expit, logit, planted
from study_app.simulation.client import Browser
from study_app.simulation.decision_model import Judging
from study_app.simulation.html import read_page
from study_app.simulation.profiles import DECIDING, SORTS, USUAL, Mishap, dealt_out, read_mix
from study_app.simulation.server import serving


@pytest.fixture
def short_app(empty_app, tools, tmp_path):
    """A server with a study of few trials, whose gate stops people."""
    text = tools.study_text(practice=1, validation=4, test=3, live=True).replace(
        "min_correct = 4", "min_correct = 3"
    )
    tools.load(empty_app, tools.build_bundle(tmp_path / "short", text).path)
    return empty_app


@pytest.fixture
def study(short_app):
    """Runs a command of `study`, which must succeed; what it printed."""

    def run(*arguments: object) -> str:
        result = short_app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def responses(folder: Path, *phases: str) -> list[dict[str, str]]:
    """The rows of an export, of some phases."""
    with (folder / "responses.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["phase"] in phases]


def test_simulated_people_finish_and_behave_as_planted(short_app, study, tools, tmp_path):
    sure = [f"--behaviour={name}=1,0" for name in ("confidence", "heatmap")]
    kinds = "--mix=calibrated=0.25,reloading=0.25,double-clicking=0.25,dropping=0.25"
    output = study("simulate", "-n", 8, "--seed", 12, kinds, *sure, "--behaviour=neighbours=0,1")
    assert "8 people answered everything" in output
    participants = tools.participants(short_app)
    assert [(participant.simulated, participant.outcome) for participant in participants] == [
        (True, "completed")
    ] * 8
    assert Counter(participant.condition for participant in participants).most_common()[-1][1] == 2
    study("export", "--simulated", tmp_path / "out")
    for row in responses(tmp_path / "out", "test"):
        assert row["team_right"] == ("0" if row["condition"] == "neighbours" else "1")
        assert float(row["decision_rt_ms"]) > 0
    assert "8 of 8 completed" in study("status")


@pytest.mark.slow
def test_the_same_seed_gives_the_same_answers_however_many_are_there_at_once(
    short_app, study, tools, tmp_path
):
    mix = "--mix=calibrated=0.34,quitting=0.33,double-clicking=0.33"
    for at_once in (6, 3):
        study("simulate", "-n", 6, "--seed", 5, "--at-once", at_once, mix)
    participants = tools.participants(short_app)
    numbers = {participant.id: n for n, participant in enumerate(participants)}
    given = [Counter(), Counter()]
    for trial in tools.trials(short_app):
        run, who = divmod(numbers[trial.participant], 6)
        given[run][who, trial.phase] += trial.answered_at is not None
    assert given[0] == given[1]
    assert sum(participant.outcome is None for participant in participants) == 4


@pytest.mark.slow
def test_who_judges_badly_fails_the_gate_and_who_quits_leaves(short_app, study, tools):
    output = study("simulate", "-n", 12, "--seed", 2, "--mix=failing=0.5,quitting=0.5")
    assert "6 left" in output
    outcomes = Counter(participant.outcome for participant in tools.participants(short_app))
    assert outcomes["failed_validation"] >= 4
    assert outcomes[None] == 6


@pytest.mark.slow
def test_each_sort_of_people_answers_in_its_way(short_app, study, tmp_path):
    study("simulate", "-n", 3, "--seed", 3, "--mix=straight-lining=1", "--behaviour=heatmap=0,0")
    study("simulate", "-n", 6, "--seed", 4, "--mix=fast-clicking=1")
    study("export", "--simulated", tmp_path / "out")
    rows = responses(tmp_path / "out", "validation", "test")
    who = list(dict.fromkeys(row["participant_id"] for row in rows))
    assert {row["decision"] for row in rows if row["participant_id"] in who[:3]} == {"accept"}
    times = [float(row["decision_rt_ms"]) for row in rows if row["participant_id"] in who[3:]]
    assert fmean(times) < 400


def test_prolifics_list_is_rehearsed_from_the_link_to_the_payment(
    short_app, study, tools, tmp_path
):
    listed, paid = tmp_path / "prolific_export.csv", tmp_path / "payments.csv"
    mix = "--mix=calibrated=0.6,quitting=0.2,failing=0.2"
    study("simulate", "-n", 20, "--seed", 1, mix, "--prolific", listed)
    with listed.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["Submission id"] for row in rows}) == 20
    assert all(re.fullmatch("[0-9a-f]{24}", row["Participant id"]) for row in rows)
    outcomes = Counter(participant.outcome for participant in tools.participants(short_app))
    codes = Counter(row["Completion code"] for row in rows)
    assert codes["CDONE123"] >= outcomes["completed"] - 3
    output = study("reconcile", listed)
    assert "their places are free again" in output
    assert "Submissions of nobody" not in output
    left = {participant.outcome for participant in tools.participants(short_app)}
    assert left & {"returned", "timed_out"}
    assert None not in left
    assert f"{outcomes['completed']} approve" in study("payments", paid)


def test_a_list_of_prolific_is_never_written_over(short_app, tmp_path):
    (tmp_path / "there.csv").touch()
    arguments = ["study", "simulate", "-n", "1", "--prolific", str(tmp_path / "there.csv")]
    result = short_app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 1
    assert "is there already" in result.output


@pytest.mark.slow
def test_some_people_come_with_a_real_browser(short_app, study, tools):
    pytest.importorskip("playwright")
    mix = "--mix=double-clicking=0.5,dropping=0.5"
    output = study("simulate", "-n", 2, "--seed", 1, "--browser", 2, mix)
    assert "2 people answered everything" in output
    assert {participant.outcome for participant in tools.participants(short_app)} == {"completed"}
    times = [trial.decision_rt_ms for trial in tools.trials(short_app)]
    assert all(time is not None and time < 20_000 for time in times)


def test_an_answer_arrives_once_whatever_happens_on_its_way(app, tools):
    with serving(app) as url:
        for mishap in Mishap:
            browser = Browser(url)
            browser.open("/")
            browser.submit({})
            browser.submit({"answer": "agree"}, mishap=mishap)
            assert browser.page.screen == "check"
            browser.rest()
    participants = tools.participants(app)
    assert len(participants) == len(Mishap)
    assert all(
        participant.consented_at and not participant.checked_at for participant in participants
    )


def test_conditions_get_different_behaviours_by_default():
    behaviours = planted(["a", "b", "c", "d"], [])
    assert behaviours == dict(zip("abcd", (*PLANTED, PLANTED[0]), strict=True))


def test_a_behaviour_can_be_planted_for_a_condition_and_for_a_bin():
    behaviour = planted(["a", "b"], ["b:hard=0.6,0.5", "b=0.7,0.2"])["b"]
    assert (behaviour.accept_right, behaviour.accept_wrong) == (0.7, 0.2)
    assert behaviour.by_bin == {Bin.HARD: (0.6, 0.5)}
    assert behaviour.follows == 0


def test_every_wrong_behaviour_is_named():
    with pytest.raises(RefusalError) as caught:
        planted(["a"], ["x=0.1,0.2", "a=2,0", "a=high", "a:huge=0.1,0.2"])
    assert len(caught.value.problems) == 4


def test_people_and_pictures_differ_around_what_was_planted(bundle):
    behaviours = planted(["a"], ["a=0.9,0.2"])
    wrong = next(p for p in bundle.predictions if not p.right)
    chances = []
    for seed in range(400):
        judging = Judging(behaviours=behaviours, seed=seed, person_sd=0.8, image_sd=0.6)
        rng = random.Random(seed)
        leanings = [judging.leaning(rng) for _ in range(20)]
        chances += [judging.chance(SORTS["calibrated"], "a", x, wrong) for x in leanings]
    assert fmean(chances) == pytest.approx(0.2, abs=0.01)
    spread = sorted(chances)
    assert spread[len(spread) // 20] < 0.1 < 0.4 < spread[-len(spread) // 20]


def test_trust_moves_acceptance_and_certainty_stays(bundle):
    judging = Judging(behaviours=planted(["a", "b"], ["a=0.7,0.3", "b=1,0"]), seed=1)
    for shown in bundle.predictions:
        over, usual, under = (
            judging.chance(SORTS[name], "a", 0.0, shown)
            for name in ("over-reliant", "calibrated", "under-reliant")
        )
        assert over > usual > under
        assert judging.chance(SORTS["under-reliant"], "b", -1.0, shown) == float(shown.right)


def test_people_follow_the_confidence_unless_told_otherwise(bundle):
    told, free = planted(["a"], ["a=0.8,0.5"])["a"], planted(["a"], [])["a"]
    low, *_, high = sorted((p for p in bundle.predictions if p.right), key=lambda p: p.confidence)
    assert told.log_odds(low) == told.log_odds(high)
    assert free.log_odds(high) - free.log_odds(low) == pytest.approx(
        high.confidence - low.confidence
    )


@given(st.floats(min_value=0, max_value=1))
def test_log_odds_are_undone(probability):
    assert expit(logit(probability)) == pytest.approx(probability, abs=1e-12)


def test_reaction_times_have_the_moments_of_an_ex_gaussian():
    rng = random.Random(1)
    times = [DECIDING.draw(rng) for _ in range(20_000)]
    assert fmean(times) == pytest.approx(1800 + 1500, rel=0.02)
    variance = fmean((time - fmean(times)) ** 2 for time in times[:2000])
    assert variance == pytest.approx(400**2 + 1500**2, rel=0.15)


@given(st.integers(min_value=0, max_value=200), st.integers())
def test_shares_are_dealt_out_as_nearly_as_people_allow(participants, seed):
    sorts = dealt_out(USUAL, participants, rng=random.Random(seed))
    counts = Counter(sorts)
    assert len(sorts) == participants
    for name, share in USUAL.items():
        assert abs(counts[name] - share * participants) < 1


def test_every_problem_of_a_mix_is_named():
    assert read_mix("calibrated=0.6,quitting=0.4") == {"calibrated": 0.6, "quitting": 0.4}
    with pytest.raises(RefusalError) as caught:
        read_mix("calm=0.5,random=lots,failing")
    assert len(caught.value.problems) == 3
    with pytest.raises(RefusalError, match=r"0\.9 in all"):
        read_mix("random=0.9")


def test_a_page_without_its_form_is_noticed():
    with pytest.raises(ValueError, match="one form, found 0"):
        _ = read_page("<p>Broken</p>").form


def test_the_fields_of_any_form_are_seen():
    page = read_page(
        """<a href="https://app.prolific.com/submissions/complete?cc=CODE">Return</a>
        <form action="/x"><input type="hidden" name="screen" value="questions">
        <input name="age" type="text"><textarea name="more"></textarea>
        <input type="radio" name="sex" value="f"><input type="radio" name="sex" value="m">
        <button name="answer" value="continue">Go</button></form>"""
    )
    assert page.screen == "questions"
    assert page.form.blanks == ["age", "more"]
    assert page.form.radios == {"sex": ["f", "m"]}
    assert page.links == ["https://app.prolific.com/submissions/complete?cc=CODE"]


def test_a_real_browser_that_is_missing_is_named_with_the_remedy(short_app, monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    arguments = ["study", "simulate", "-n", "1", "--browser", "1"]
    result = short_app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 1
    assert "pip install playwright && playwright install chromium" in result.output
