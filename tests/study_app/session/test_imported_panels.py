"""Panels of explanations that another tool made: pictures, photos and texts beside the photo."""

import re
from pathlib import Path

import pytest
from flask import Flask

from stimuli.bundle import Bundle, Explanation
from stimuli.study import Phase
from study_app import create_app
from study_app.i18n.translations import names_of
from study_app.simulation.html import read_page
from tests.study_app.invented import build_bundle, study_text
from tests.study_app.own_steps import ADVICE, ON_DEMAND, with_steps
from tests.study_app.sites import close, load
from tests.study_app.visiting import Visitor, participants

TABLES = """[explainers.gradcam]
[explainers.why]
kind = "imported"
shows = "text"
caption = "What the expert says"
help = "A sentence about the wings."
[explainers.concepts]
kind = "imported"
shows = "photos"
caption = "Concepts that it saw"
[explainers.drawn]
kind = "imported"
shows = "pictures"
caption = "A drawing"
[explainers.shap]
kind = "imported"
signed = true
caption = "What SHAP found"
"""
PANELS = ("why", "concepts", "drawn", "shap")


def bundle_of(folder: Path, panels: tuple[str, ...] = PANELS, trial: str = "") -> Bundle:
    text = study_text(practice=1, validation=1, test=6)
    if trial:
        text = with_steps(text, trial)
    head, _, rest = text.partition("[explainers.gradcam]\n")
    named = ", ".join(f'"{panel}"' for panel in panels)
    text = re.sub(r'panels = \["gradcam"\]', f"panels = [{named}]", head + TABLES + rest)
    return build_bundle(folder / "bundle", text, per_cell=1)


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return bundle_of(tmp_path)


@pytest.fixture
def app(bundle: Bundle, tmp_path: Path) -> Flask:
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    load(app, bundle.path)
    return app


def pages_of(app: Flask, condition: str) -> list[tuple[str, str]]:
    """The screen and the page of everything that one person of a condition meets."""
    while True:
        visitor = Visitor(app.test_client()).start()
        mine = participants(app)[-1].condition == condition
        pages = []
        while mine and visitor.screen != "debrief":
            pages.append((visitor.screen, visitor.response.text))
            visitor.go_on(visitor.page.form.choices[0])
        if mine:
            return pages


def shown_in(bundle: Bundle, page: str, explainer: str) -> Explanation:
    """The explanation of the photo that a page shows."""
    names = {Path(address).name for address in read_page(page).pictures}
    (stimulus,) = [s for s in bundle.stimuli if Path(s.image).name in names]
    (found,) = [
        e
        for e in bundle.explanations
        if (e.stimulus_id, e.explainer) == (stimulus.stimulus_id, explainer)
    ]
    return found


def test_each_kind_is_shown_with_its_caption_and_a_text_is_escaped(
    app: Flask, bundle: Bundle
) -> None:
    judged = [page for screen, page in pages_of(app, "heatmap") if screen == "judge"]
    assert len(judged) == 8
    for page in judged:
        text = shown_in(bundle, page, "why").text
        assert text.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in page
        assert "<b>" not in page
        for caption in ("What the expert says", "Concepts that it saw", "A drawing"):
            assert f"{caption}</figcaption>" in re.sub(r"\s+</fig", "</fig", page)
        assert "What SHAP found" in page
        assert page.count('class="legend"') == 1  # of the heat map alone
        assert "ramp beside signed" in page
        for name in ("concepts", "drawn", "shap"):
            for image in shown_in(bundle, page, name).images:
                assert Path(image).name in page
        assert "Concepts that it saw: 3 of 3" in page
    close(app)


def test_practice_explains_an_imported_panel_in_the_words_of_the_study(app: Flask) -> None:
    first = next(page for screen, page in pages_of(app, "heatmap") if screen == "judge")
    assert "<strong>What the expert says</strong> A sentence about the wings." in first
    assert "<strong>Concepts that it saw</strong>" in first
    close(app)


def test_nothing_of_a_text_is_on_a_page_before_the_one_that_shows_it(tmp_path: Path) -> None:
    """In a study whose first step is the photo alone."""
    bundle = bundle_of(tmp_path, ("why",), ADVICE)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    load(app, bundle.path)
    pages = pages_of(app, "heatmap")
    texts = {e.text[:9] for e in bundle.explanations if e.text}
    with_text = [page for _, page in pages if any(text in page for text in texts)]
    advised = [page for _, page in pages if "Your answer before" in page]
    feedback = [page for screen, page in pages if screen == "feedback"]
    assert {*with_text} == {*advised, *feedback}
    assert len(advised) == 8
    close(app)


def test_a_text_on_demand_stands_where_a_picture_on_demand_does(tmp_path: Path) -> None:
    """In its place on the page, which shows it to who asks."""
    bundle = bundle_of(tmp_path, ("why",), ON_DEMAND)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    load(app, bundle.path)
    page = next(page for screen, page in pages_of(app, "heatmap") if screen == "step")
    assert re.search(r'<figure class="text" data-later="panels"[^>]*><button [^>]*data-ask', page)
    close(app)


def test_a_study_in_another_language_translates_captions_and_texts(bundle: Bundle) -> None:
    assert {"What the expert says", "A sentence about the wings.", "A drawing"} <= {
        *names_of(bundle)
    }
    practice = bundle.of_phase(Phase.PRACTICE)[0].stimulus_id
    (text,) = [e.text for e in bundle.explanations if e.text and e.stimulus_id == practice]
    assert text in names_of(bundle)
