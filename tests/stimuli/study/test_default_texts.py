"""Texts that only a lab can say: who is warned that they are still the defaults."""

from pathlib import Path

import pytest

from stimuli.study import Condition, Study, Texts, default_text_warnings, read_study
from tests.lab import ROOT

DEMOS = [ROOT / f"stimuli/studies/{name}.toml" for name in ("demo", "demo_de")]


def named(study: Study) -> list[str]:
    """Which texts are warned of."""
    return [warning.split(":")[0] for warning in default_text_warnings(study)]


def test_each_text_that_is_still_the_default_has_a_sentence(colour_study: Study) -> None:
    lab, contact = default_text_warnings(colour_study)
    assert lab.startswith("texts.lab: participants read 'our research group', the default, at the")
    assert "say in [texts] who you are" in lab
    assert contact.startswith("texts.contact: participants read 'the researcher who sent you the")
    assert "say in [texts] whom they can reach" in contact


def test_a_text_of_the_labs_own_is_not_warned_of(colour_study: Study) -> None:
    own = {"lab": "the perception lab", "contact": "ada@example.org"}
    for name, text in own.items():
        texts = Texts.model_validate({name: text})
        assert named(colour_study.model_copy(update={"texts": texts})) == [
            f"texts.{other}" for other in own if other != name
        ]
    complete = colour_study.model_copy(update={"texts": Texts.model_validate(own)})
    assert default_text_warnings(complete) == []


@pytest.mark.parametrize("path", DEMOS, ids=lambda path: path.stem)
def test_the_demo_says_who_asks(path: Path) -> None:
    assert default_text_warnings(read_study(path)) == []


def test_the_default_written_out_is_warned_of_too(colour_study: Study) -> None:
    written = {name: Texts.model_fields[name].default for name in ("lab", "contact")}
    texts = Texts.model_validate(written)
    assert named(colour_study.model_copy(update={"texts": texts})) == ["texts.lab", "texts.contact"]


def test_only_what_a_file_leaves_out_is_made_to_fit_a_group_without_the_ai_32(
    colour_study: Study,
) -> None:
    own = colour_study.texts.model_copy(update={"task": "You see colours, and what Sam says."})
    study = colour_study.model_copy(update={"texts": own})
    some = (*study.conditions, Condition(name="alone", shows_ai=False))
    assert study.shown_texts == own
    shown = study.model_copy(update={"conditions": some}).shown_texts
    assert shown.task == own.task
    assert shown.sharing == own.sharing
    said = " ".join([shown.welcome, *shown.consent])
    assert "AI" not in said
    assert shown.consent[1:] == own.consent[1:]
