"""What the screens of a trial and the instructions show of the picture, the AI and the truth."""

import re

import pytest
from flask import Flask

from tests.languages import translatable
from tests.study_app.invented import LABELS


def test_the_picture_on_the_screen_is_the_one_that_is_stored(app, visitor, tools, bundle):
    visitor.start().walk(until="judge")
    trial = tools.trials(app)[0]
    [photo] = [p for p in visitor.page.pictures if trial.image_sha256[:16] in p]
    assert (
        visitor.client.get(photo).data
        == (bundle.path / bundle.stimulus_by_id[trial.stimulus_id].image).read_bytes()
    )


def test_practice_says_the_truth_only_after_the_answer(visitor, bundle, app, tools):
    visitor.start().walk(until="judge")
    stimulus = bundle.stimulus_by_id[tools.trials(app)[0].stimulus_id]
    assert stimulus.rationale not in visitor.response.text
    visitor.answer("yes")
    assert stimulus.rationale in visitor.response.text
    assert ", and was " not in visitor.response.text  # the rationale says that
    assert f'<strong translate="no">{stimulus.true_label}</strong>' in visitor.response.text


def test_the_instructions_explain_the_panel_of_the_condition(app, another_visitor, tools):
    words = {
        "confidence": "its confidence",
        "heatmap": "The darker the red",
        "neighbours": "learned from",
    }
    texts = {}
    for _ in range(3):
        visitor = another_visitor().start().walk(until="instructions")
        texts[tools.participants(app)[-1].condition] = visitor.response.text
    assert texts.keys() == words.keys()
    for condition, word in words.items():
        assert [name for name, text in texts.items() if word in text] == (
            list(texts) if condition == "confidence" else [condition]
        )


@pytest.mark.slow
def test_a_share_of_a_half_is_rounded_up_on_the_screen(visitor, app, tools, bundle):
    visitor.start().walk(until="judge")
    texts = "".join(visitor.walk().texts)
    assert "93&nbsp;%" in texts  # 0.925
    assert "92&nbsp;%" not in texts


def test_a_study_without_descriptions_promises_photos_alone(empty_app, tools, tmp_path):
    bundle = tools.build_bundle(tmp_path / "photos", tools.study_text(), describes=False)
    tools.load(empty_app, bundle.path)
    visitor = tools.visitor(empty_app.test_client()).start().walk(until="instructions")
    page = " ".join(visitor.response.text.split())
    assert "you see example photos of what has the name" in page
    assert "description" not in page


def test_a_study_of_descriptions_promises_no_pictures_and_shows_none(empty_app, tools, tmp_path):
    text = tools.study_text() + "[cards]\nexamples = 0\n"
    tools.load(empty_app, tools.build_bundle(tmp_path / "words", text).path)
    visitor = tools.visitor(empty_app.test_client()).start().walk(until="instructions")
    assert "short description of the name, so" in " ".join(visitor.response.text.split())
    card = visitor.walk(until="card").response.text
    assert "A butterfly, number" in card
    assert 'alt="Example' not in card
    assert visitor.walk().screen == "debrief"


def test_a_study_with_card_pictures_promises_and_shows_them(visitor):
    instructions = visitor.start().walk(until="instructions").response.text
    assert "with example photos, so" in " ".join(instructions.split())
    assert visitor.walk(until="card").response.text.count('alt="Example') == 3


def texts_of(
    empty_app: Flask, tools, tmp_path, *, explainer: str, style: str, table: str = ""
) -> dict[str, str]:
    """The instructions and the first decision of somebody who sees this explainer, in one line."""
    text = (
        tools.study_text(practice=1)
        .replace('[[conditions]]\nname = "confidence"\n', "")
        .replace('[[conditions]]\nname = "neighbours"\npanels = ["neighbours"]\n', "")
    )
    text = text.replace('panels = ["gradcam"]', f'panels = ["{explainer}"]').replace(
        "[explainers.gradcam]",
        f"[explainers.{explainer}]\n{table}\n[rendering]\nheatmaps = '{style}'",
    )
    tools.load(empty_app, tools.build_bundle(tmp_path / "bundle", text, per_cell=1).path)
    visitor = tools.visitor(empty_app.test_client()).start()
    pages = {}
    for screen in ("instructions", "judge"):
        visitor.walk(until=screen)
        pages[screen] = re.sub(r"\s+", " ", visitor.response.text)
    return pages


@pytest.mark.parametrize("explainer", ["gradcam", "extremal"])
def test_a_map_of_the_ai_says_what_mattered_to_it(explainer, empty_app, tools, tmp_path):
    pages = texts_of(empty_app, tools, tmp_path, explainer=explainer, style="beside")
    assert (
        "The darker the red, the more that area mattered to Sam’s answer" in pages["instructions"]
    )
    assert "White areas hardly mattered" in pages["instructions"]
    assert "What mattered to Sam" in pages["judge"]
    assert "darker red where the photo mattered more to Sam" in pages["judge"]
    assert ">less<" in pages["judge"]
    assert 'class="ramp beside"' in pages["judge"]
    assert "stands out" not in pages["judge"]


@pytest.mark.parametrize("signed", ["true", "false"])
def test_a_map_of_a_plugin_is_explained_as_ours_are(signed, empty_app, tools, tmp_path):
    table = f"kind = 'plugin'\nsigned = {signed}"
    pages = texts_of(empty_app, tools, tmp_path, explainer="lime", style="beside", table=table)
    assert "What mattered to Sam" in pages["judge"]
    assert ("blue where it spoke against it" in pages["judge"]) == (signed == "true")
    assert ("darker red where the photo mattered more to Sam" in pages["judge"]) == (
        signed == "false"
    )


def test_a_salient_map_does_not_claim_that_the_ai_looked_there(empty_app, tools, tmp_path):
    pages = texts_of(empty_app, tools, tmp_path, explainer="salient", style="beside")
    assert "does not know Sam’s answer" in pages["instructions"]
    assert "What stands out in the photo" in pages["judge"]
    assert ">less<" in pages["judge"]
    assert all("mattered" not in page for page in pages.values())


def test_a_map_over_the_photo_is_read_by_its_brightness(empty_app, tools, tmp_path):
    pages = texts_of(empty_app, tools, tmp_path, explainer="gradcam", style="overlay")
    assert "The brighter the colour, the more that area mattered" in pages["instructions"]
    assert "Dark areas hardly mattered" in pages["instructions"]
    assert "brighter where the photo mattered more to Sam" in pages["judge"]
    assert 'class="ramp overlay"' in pages["judge"]
    assert all("red" not in re.findall(r"\b\w+\b", page) for page in pages.values())


def test_no_name_of_a_class_is_translated_on_any_page(app, another_visitor) -> None:
    visitors = [another_visitor().start() for _ in range(3)]
    pages = [page for v in visitors for page in v.walk(until="feedback").press("continue").texts]
    shown = [page for page in pages if any(label in page for label in LABELS)]
    assert len(shown) == 3 * 4  # the instructions, two decisions and feedback
    assert [name for name in LABELS if any(name in translatable(page) for page in shown)] == []
