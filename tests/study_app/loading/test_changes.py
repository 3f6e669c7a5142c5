"""What of a study file may change, and until when."""

import pytest

from stimuli.study import parse_study
from study_app.enums import Wave
from study_app.loading.changes import Presence, change_problems
from tests.study_app.asking import CHECKS, QUESTIONS
from tests.study_app.invented import study_text
from tests.study_app.own_steps import BEST, with_steps

OLD = f"{study_text()}[analysis]\nsecondary = []\n[assignment]\nquota = 20\n"
WORDS = {
    "texts": ("[prolific.codes]", '[texts]\nlab = "the perception lab"\n[prolific.codes]'),
    "questions": ("[pay]", f"{QUESTIONS}[pay]"),
    "pay": ("reward = 1.8", "reward = 2.1"),
    "title": ("Is the butterfly expert right?", "Is it right?"),
    "comments": (
        '[[phases]]\nname = "debrief"',
        '[[phases]]\nname = "comments"\n[[phases]]\nname = "debrief"',
    ),
    "codes": ("CDONE123", "COTHER99"),
}
MEASURED = {
    "gate.min_correct": ("min_correct = 8", "min_correct = 7"),
    "gate.interleaved": ("live = false", "interleaved = true"),
    "conditions": ('panels = ["gradcam"]', 'panels = ["neighbours"]'),
    "phases": ("trials = 6", "trials = 5"),
    "trial.pause": ("pause = false", "pause = true"),
    "practice.feedback": ('feedback = "verdict"', 'feedback = "full"'),
    "assignment.lease_minutes": ("quota = 20", "quota = 20\nlease_minutes = 30"),
    "device": ("[pay]", "[device]\nphones = false\n[pay]"),
}
TRIED = ("confidence", "heatmap")


def problems_of(change, *, real=None, tried=TRIED, recruiting_for=Wave.MAIN):
    """What is said where one text of a study file is another."""
    assert change[0] in OLD
    there = Presence(everybody=9, conditions=frozenset(tried), real=real or {})
    old, new = (parse_study(text, subject="study") for text in (OLD, OLD.replace(*change)))
    return change_problems(old, new, there, recruiting_for)


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("real", [{}, {Wave.PILOT: 5}])
def test_words_may_change_until_somebody_real_is_in_the_open_wave(name, real):
    assert problems_of(WORDS[name], real=real) == []
    assert len(problems_of(WORDS[name], real={Wave.MAIN: 1})) == 1


@pytest.mark.parametrize("name", MEASURED)
def test_what_is_measured_stays_from_the_first_real_participant_on(name):
    [problem] = problems_of(MEASURED[name], real={Wave.PILOT: 5})
    assert problem.startswith(name)
    assert "stays as 5 participants met it" in problem
    assert "study set-aside" in problem


@pytest.mark.parametrize("name", MEASURED)
def test_before_that_all_may_change_but_what_answers_are_made_of(name):
    problems = problems_of(MEASURED[name])
    kept = ("gate.interleaved", "conditions", "phases")
    assert [p.split(":")[0].split(".heatmap")[0] for p in problems] == [name] * (name in kept)
    assert problems_of(MEASURED[name], tried=()) == []


def test_a_condition_that_nobody_got_may_come_and_go():
    third = '[[conditions]]\nname = "neighbours"\npanels = ["neighbours"]\n'
    assert problems_of((third, "")) == []
    assert problems_of((third, f'{third}[[conditions]]\nname = "new"\n')) == []
    [problem] = problems_of((third, ""), tried=("neighbours",))
    assert problem.startswith("conditions.neighbours: differs, and the answers of those who tried")


def test_a_pilot_may_tell_how_many_people_are_needed():
    more = ("quota = 20", "quota = 30\nviews = 3")
    assert problems_of(more, real={Wave.PILOT: 5}) == []
    told = problems_of(more, real={Wave.PILOT: 5, Wave.MAIN: 1}, recruiting_for=Wave.PILOT)
    assert told[0].startswith("the pilot wave: takes people in")
    told = problems_of(more, real={Wave.MAIN: 1}, recruiting_for=Wave.PILOT)
    assert [t.split(":")[0] for t in told] == ["assignment.quota", "assignment.views"]


def test_a_pilot_may_tell_what_is_compared_and_nobody_else_may():
    other = ("secondary = []", 'secondary = ["over_reliance"]')
    assert problems_of(other, real={Wave.PILOT: 5}) == []
    for wave in (Wave.MAIN, Wave.INVITED):
        recruits = Wave.PILOT if wave is Wave.MAIN else Wave.MAIN
        told = problems_of(other, real={wave: 1}, recruiting_for=recruits)
        assert len(told) == 1, wave
    [frozen] = problems_of(other, real={Wave.MAIN: 1}, recruiting_for=Wave.PILOT)
    assert frozen.startswith("analysis.secondary: differs, and stays as 1 participant met it")


def test_steps_of_trials_stay_as_they_were_answered():
    old, new = (parse_study(t, subject="study") for t in (OLD, with_steps(OLD, BEST)))
    for real in ({}, {Wave.PILOT: 1}):
        there = Presence(everybody=1, conditions=frozenset(TRIED), real=real)
        told = [p.split(":")[0] for p in change_problems(old, new, there, Wave.MAIN)]
        assert "trial.steps" in told


def test_everything_that_may_not_change_is_told_at_once():
    both = OLD.replace(*MEASURED["gate.min_correct"]).replace(*MEASURED["trial.pause"])
    old, new = (parse_study(text, subject="study") for text in (OLD, both))
    there = Presence(everybody=1, conditions=frozenset(TRIED), real={Wave.PILOT: 1})
    told = [p.split(":")[0] for p in change_problems(old, new, there, Wave.MAIN)]
    assert sorted(told) == ["gate.min_correct", "trial.pause"]


def test_how_long_the_study_takes_stays_where_it_decides_who_failed_the_checks():
    asked = OLD + CHECKS
    short = asked.replace("minutes = 12", "minutes = 4")
    longer = asked.replace("minutes = 12", "minutes = 15")
    there = Presence(everybody=1, conditions=frozenset(TRIED), real={Wave.PILOT: 1})
    old, *others = (parse_study(text, subject="study") for text in (asked, short, longer))
    told = [change_problems(old, new, there, Wave.MAIN) for new in others]
    assert [len(problems) for problems in told] == [1, 0]
    [added] = change_problems(parse_study(OLD, subject="study"), old, there, Wave.MAIN)
    assert added.startswith("attention: ")
    assert told[0][0].startswith("pay.minutes")


def test_an_open_pilot_says_which_command_ends_it_and_others_do_not():
    [pilot] = problems_of(WORDS["pay"], real={Wave.PILOT: 5}, recruiting_for=Wave.PILOT)
    assert "end it with `flask --app study_app study recruit main`" in pilot
    [invited] = problems_of(WORDS["pay"], real={Wave.INVITED: 2, Wave.PILOT: 5})
    assert invited.startswith("the invited wave: takes people in, and 2 of them")
    assert "recruit" not in invited
