"""A preregistration says what the study file says, and lists what it does not say."""

import tomllib

import pytest

from analysis.export.facts import Analysis
from analysis.export.registered import read_registration
from analysis.preregister.document import QUESTIONS
from analysis.preregister.open_points import open_points
from analysis.preregister.planned_study import read_plan
from analysis.report.phrasing.differences import comparison_in_words
from stimuli.study import digest_of
from tests.analysis.preregister.planned import (
    BEFORE,
    STUDY,
    WITH_LOOKS,
    register,
    write_planning,
    write_study,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> str:
    path = register(tmp_path_factory.mktemp("whole"), WITH_LOOKS, whole=True)
    return path.read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")


def test_every_question_of_a_registry_has_an_answer(whole):
    for title, _ in QUESTIONS:
        _, _, answer = whole.partition(f"## {title}\n\n")
        assert not answer.startswith(("##", "**Open**")), title
    assert "**Open**" not in whole


@pytest.mark.parametrize(
    "told",
    [
        "**H1.** Accuracy differs between “gradcam” and “confidence”.",
        "± 5 points do not matter here: Fewer than one decision in twenty would change.",
        "Primary: **accuracy**, of the test trials of a person, the share decided rightly",
        "- **over-reliance**, of the natural stimuli that the AI names wrongly",
        "| gradcam | tiny | the AI’s confidence, gradcam |",
        "The report will say: “The 5 practice items had the screens of a later trial",
        "drawn into six bins, 8 each: the AI right or wrong, and its confidence below 0.3, 0.4",
        "Adversarial pictures are 2 of each bin, perturbed by at most 0.0627",
        "**4 people of each condition**, 8 in all",
        "People and stimuli, as the pilot `first` tells: people, how well they judge (SD) 0.40.",
        "- The people of the pilot are simulated: it says nothing about people.",
        "| difference | 5 | 0.21 | 0.19 to 0.23 | 16.00 GBP |",
        "| equivalence | 0 | 0.81 | 0.79 to 0.83 | not known |",
        "Each is paid 2.00 GBP",
        "made at 50 % and 100 % of the people",
        # 4 (1 - Φ(2.2414 / √.5)), and 2 (1 - Φ(1.969))
        "| 1 | 4 | .0031 |\n| 2 | 8 | .049 |",
        "Who fails 2 attention checks of 2 ends with the outcome failed_attention",
        "Who has fewer than 8 of 10 validation trials right is left out.",
        "Holm’s p over looks is below .05",
        "the 90 % interval over looks is within the margin",
        "**Secondary.** Over-reliance: the same comparison, two-sided",
        "| confidence | – | – | 0.50 (0.44 to 0.56) |",
        "| gradcam | – | – | 0.61 (0.55 to 0.67) |",
        "written on 1 March 2026, 12:30 UTC from `study.toml`",
    ],
)
def test_it_says_what_the_study_file_and_the_planning_say(whole, told):
    assert told in whole


def test_the_test_is_told_in_the_words_of_the_report(whole):
    settings = Analysis.model_validate(tomllib.loads(WITH_LOOKS)["analysis"])
    assert f"Accuracy is {comparison_in_words(settings, 1)}." in whole


def test_one_sided_tests_have_one_sided_hypotheses_and_levels(tmp_path):
    study = WITH_LOOKS.replace('"two-sided"', '"greater"')
    text = register(tmp_path, study).read_text("utf-8")
    assert "Accuracy is higher with “gradcam” than with “confidence”" in text
    # 2 (1 - Φ(1.96 / √.5)) = 2 (1 - Φ(2.772))
    assert "one one-sided p below |" in text
    assert "| 1 | 4 | .0056 |" in text


def test_nothing_that_is_for_the_provider_or_in_the_words_of_pages_is_registered(whole):
    assert "SECRET77" not in whole
    assert "ada@example.org" not in whole


def test_the_facts_at_its_end_are_read_as_they_were_written(tmp_path):
    path = register(tmp_path)
    facts = read_registration(path).facts
    assert (facts.created_at, facts.study_digest) == (BEFORE, digest_of(STUDY))
    tables = tomllib.loads(STUDY)
    assert facts.tables == {k: v for k, v in tables.items() if k not in ("texts", "prolific")}


def open_in(tmp_path, text: str, **given) -> str:
    plan = read_plan(
        write_study(tmp_path, text), **{"bundle": None, "power": None, "ceiling": None} | given
    )
    return "\n".join(open_points(plan))


@pytest.mark.parametrize(
    ("said", "instead", "missing"),
    [
        ("quota = 4", "", "[assignment] quota is missing"),
        ("equivalence_", "# equivalence_", "[analysis] equivalence_points is missing"),
        ("reward = 2.0", "", "[pay] reward is missing"),
        ('lab = "a lab"', "", "lab"),
        ("secondary", "looks = [0.5, 1]\nsecondary", "a look at 2 people of each condition"),
        ("secondary", "looks = [0.5, 1]\nsecondary", "What a look decides"),
    ],
)
def test_what_the_study_file_does_not_say_is_open(tmp_path, said, instead, missing):
    assert missing not in open_in(tmp_path, STUDY)
    assert missing in open_in(tmp_path, STUDY.replace(said, instead))


def test_all_pairs_of_three_conditions_are_told_as_a_choice_that_was_not_made(tmp_path):
    third = STUDY.replace("[[phases]]", '[[conditions]]\nname = "third"\n\n[[phases]]', 1)
    unnamed = third.replace('pairs = [["gradcam", "confidence"]]', "")
    assert "so that all 3 are the family" in open_in(tmp_path, unnamed)
    assert "are the family" not in open_in(tmp_path, third)


def test_what_was_not_computed_is_open_and_what_was_is_not(tmp_path):
    text = open_in(tmp_path, STUDY)
    for option in ("--power", "--bundle", "--ceiling"):
        assert option in text
    planning = write_planning(tmp_path / "planning")
    text = open_in(tmp_path, STUDY, power=planning, ceiling=planning)
    assert "--power" not in text
    assert "--ceiling" not in text
    more = STUDY.replace("quota = 4", "quota = 9")
    other = write_planning(tmp_path / "other", more)
    assert "has no row for the quota" in open_in(tmp_path, more, power=other)


def test_no_text_of_a_question_breaks_the_facts(tmp_path):
    odd = 'A "quoted" fence:\\n```\\n```toml\\nschema_version = 9\\n``` and | a bar'
    asked = f'[[questions]]\nname = "odd"\nkind = "text"\ntext = "{odd}"\n\n[analysis]'.replace(
        'A "quoted"', r"A \"quoted\""
    )
    text = STUDY.replace("[analysis]", asked)
    facts = read_registration(register(tmp_path, text)).facts
    assert facts.tables["questions"] == tomllib.loads(text)["questions"]


STEPS = """
[trial]
[[trial.steps]]
name = "alone"
shows = ["photo"]
response = { kind = "choice", options = "classes" }
[[trial.steps]]
name = "sure"
shows = ["own"]
response = { kind = "slider" }
[[trial.steps]]
name = "advised"
shows = ["photo", "answer", "panels", "own"]
reveal = { panels = "on demand", answer = { after_ms = 500 } }
response = { kind = "choice", options = "classes" }
[[conditions]]
name = "without"
shows_ai = false
[[conditions]]
name = "told"
shows_ai = "answer"
"""
OF_CHOICES = STUDY.replace('secondary = ["over_reliance"]\n', "") + STEPS


@pytest.fixture(scope="module")
def of_choices(tmp_path_factory) -> str:
    path = register(tmp_path_factory.mktemp("steps"), OF_CHOICES)
    return path.read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "told",
    [
        "each person answers step after step, about 6 pictures",
        "| without | tiny | nothing of the AI |",
        "| told | tiny | the AI’s answer alone |",
        "| gradcam | tiny | gradcam |",
        "“without” is a group without the AI",
        "does not meet “sure”, “advised”.",
        "“told” is shown the AI’s answer, without confidence and panels.",
        "| alone | the photo | choice: “What does the photo show?” (one of 4 names: the true one",
        "| sure | the person’s earlier answer | slider: “How sure are you, in per cent?” (0 to",
        " (0 to 100) | – | each trial |",
        "the AI’s answer (after 500 ms), the panels (on demand), the person’s earlier answer |",
        "- “gradcam”: the step “advised”, the true name chosen of 4 names.",
        "- “without”: the step “alone”, the true name chosen of 4 names.",
        "Primary: **accuracy**, of the test trials of a person, the share answered rightly: for",
        "rightly: for “confidence”, “gradcam” and “told”, the step “advised”",
    ],
)
def test_it_says_what_each_step_shows_and_asks_and_what_is_right_32(of_choices, told):
    assert told in of_choices
    assert "accepts or rejects" not in of_choices


def test_reliance_says_nothing_of_a_group_without_the_ai_32(tmp_path):
    study = STUDY.replace('pairs = [["gradcam", "confidence"]]\n', "")
    text = study.replace('measure = "accuracy"', 'measure = "over_reliance"').replace(
        'secondary = ["over_reliance"]', 'secondary = ["accuracy"]'
    )
    text += '[[conditions]]\nname = "without"\nshows_ai = false\n'
    told = register(tmp_path, text).read_text("utf-8")
    assert "**H1.**" in told
    assert "**H2.**" not in told
    assert "Measures of reliance say nothing of “without”" in told
    assert "a right name accepted, or a wrong one rejected, without a word of the AI" in told
