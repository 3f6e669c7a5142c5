"""`[trial]` and `[practice]`: what study files say of the screens, and mean without it."""

from pathlib import Path

import pytest

from stimuli.study import Phase, Study, parse_study, read_study, with_earlier_screens
from tests.study_app.invented import study_text

STUDIES = Path("stimuli/studies")
SCREENS = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'


def study_with(screens: str) -> Study:
    """The invented study with other tables of its screens."""
    return parse_study(study_text().replace(SCREENS, screens), subject="study.toml")


def test_practice_has_the_screens_of_a_trial_and_feedback_that_teaches_28() -> None:
    study = study_with("")
    assert (study.practice.steps, study.practice.feedback) == ("trial", "full")
    assert (study.trial.ask_seen, study.trial.show_card, study.trial.pause) == (
        *("always", "always"),
        True,
    )


@pytest.mark.parametrize("name", ["imagenet", "dogs"])
def test_the_studies_of_the_paper_keep_its_screens_28(name: str) -> None:
    study = read_study(STUDIES / f"{name}.toml")
    assert (study.practice.steps, study.practice.feedback) == ("paper", "verdict")
    trial = study.trial
    assert (trial.ask_seen, trial.show_card, trial.wording) == ("always", "always", "paper")
    assert (trial.show_confidence, trial.unlock, trial.pause) == (True, False, False)


def test_a_study_of_before_means_what_it_meant_then_28() -> None:
    early = with_earlier_screens(study_with(""))
    assert (early.practice.steps, early.practice.feedback) == ("paper", "verdict")
    assert not early.trial.pause
    said = with_earlier_screens(study_with('steps = "trial"\n[trial]\npause = true\n'))
    assert (said.practice.steps, said.practice.feedback) == ("trial", "verdict")
    assert said.trial.pause


def test_other_screens_need_no_rebuild_28() -> None:
    assert study_with(SCREENS).offline() == study_with('[trial]\nask_seen = "never"\n').offline()


@pytest.mark.parametrize(
    ("place", "half"), [((Phase.VALIDATION, 3), 3), ((Phase.TEST, 0), 10), ((Phase.TEST, 5), 15)]
)
def test_trials_are_counted_from_the_first_validation_item_28(place, half) -> None:
    study = study_with(SCREENS)
    assert study.place_of(*place) == half
    assert study.half_way == 8  # of ten validation and six test trials


def test_an_interleaved_validation_is_counted_with_the_test_28() -> None:
    text = study_text().replace("[gate]\n", "[gate]\ninterleaved = true\n")
    study = parse_study(text, subject="study.toml")
    assert (study.place_of(Phase.VALIDATION, 7), study.place_of(Phase.TEST, 9)) == (7, 9)
    assert study.half_way == 8
