"""The page for the experimenter."""

from stimuli.bundle import Bundle
from stimuli.review import write_review


def test_the_threshold_stands_on_the_review_page(colour_bundle: Bundle) -> None:
    page = write_review(colour_bundle.path).read_text("utf-8")
    (facts,) = colour_bundle.manifest.classifiers
    assert f"at {facts.heatmap_thresholds['gradcam']:.2f}" in page
