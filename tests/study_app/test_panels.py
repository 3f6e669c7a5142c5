"""What stands beside the photo says what its colours mean."""

import re

import pytest
from flask import Flask


def texts_of(empty_app: Flask, tools, tmp_path, *, explainer: str, style: str) -> dict[str, str]:
    """The instructions and the first decision of somebody who sees this explainer, in one line."""
    text = (
        tools.study_text(practice=1)
        .replace('[[conditions]]\nname = "confidence"\n', "")
        .replace('[[conditions]]\nname = "neighbours"\npanels = ["neighbours"]\n', "")
    )
    text = text.replace('panels = ["gradcam"]', f'panels = ["{explainer}"]').replace(
        "[explainers.gradcam]", f"[explainers.{explainer}]\n[rendering]\nheatmaps = '{style}'"
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
    assert "mattered less" in pages["judge"]
    assert 'class="ramp beside"' in pages["judge"]
    assert "stands out" not in pages["judge"]


def test_a_salient_map_does_not_claim_that_the_ai_looked_there(empty_app, tools, tmp_path):
    pages = texts_of(empty_app, tools, tmp_path, explainer="salient", style="beside")
    assert "does not know Sam’s answer" in pages["instructions"]
    assert "What stands out in the photo" in pages["judge"]
    assert "stands out less" in pages["judge"]
    assert all("mattered" not in page for page in pages.values())


def test_a_map_over_the_photo_is_read_by_its_brightness(empty_app, tools, tmp_path):
    pages = texts_of(empty_app, tools, tmp_path, explainer="gradcam", style="overlay")
    assert "The brighter the colour, the more that area mattered" in pages["instructions"]
    assert "Dark areas hardly mattered" in pages["instructions"]
    assert "brighter where the photo mattered more to Sam" in pages["judge"]
    assert 'class="ramp overlay"' in pages["judge"]
    assert all("red" not in re.findall(r"\b\w+\b", page) for page in pages.values())
