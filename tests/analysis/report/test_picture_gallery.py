import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from analysis.export.bundle_pictures import read_pictures
from analysis.export.read import read_export
from analysis.report.command import main, write_report
from analysis.report.picture_gallery import gallery, groups_of
from analysis.statistics.analysed import analysed
from tests.analysis.bundles import write_bundle
from tests.analysis.exports import write_export
from tests.analysis.participants import ADVERSARIAL, NATURAL, Participant

FIXTURE = Path(__file__).parents[2] / "fixtures" / "0.1.0"
STIMULI = [f"t{i}" for i in range(9)]
PANELS = {"confidence": [], "gradcam": ["gradcam"], "neighbours": ["gradcam", "neighbours"]}
# Stimuli 0 to 3. Both people of a condition answer alike.
ANSWERS = {
    "confidence": (True, False, False, False),
    "gradcam": (True, False, True, False),
    "neighbours": (True, True, False, False),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery")
    drawn = {("tiny", "gradcam"): 1, ("tiny", "neighbours"): 3}
    digest = write_bundle(folder / "bundle", STIMULI, drawn)
    people = [Participant(condition=name, right=right) for name, right in ANSWERS.items()] * 2
    export = write_export(
        folder / "e", people, conditions=list(PANELS), panels=PANELS, bundle_digest=digest
    )
    return export, folder / "bundle"


def test_each_sort_has_the_stimuli_that_follow_from_the_answers(made):
    sample = analysed(read_export(made[0]))
    groups = groups_of(sample, read_pictures(made[1], sample.export.facts))
    assert {g.title: [card.stimulus_id for card in g.cards] for g in groups} == {
        "Right with confidence alone": [],
        "Right with gradcam alone": ["t2"],
        "Right with neighbours alone": ["t1"],
        "The hardest": ["t3", "t1", "t2", "t0"],
        "The easiest": ["t0", "t1", "t2", "t3"],
    }
    (card,) = groups[1].cards
    assert [(drawn.conditions, len(drawn.images)) for drawn in card.drawn] == [
        (("gradcam", "neighbours"), 1),  # what two conditions show is shown once
        (("neighbours",), 3),
    ]
    counts = [(a["condition"], a["n_people"], a["right_percent"]) for a in card.answers]
    assert counts == [("confidence", 2, 0), ("gradcam", 2, 100), ("neighbours", 2, 0)]
    assert card.shown_percent == ["20"]


def test_the_page_says_its_rules_and_comes_with_the_pictures_that_it_shows(made):
    files = gallery(analysed(read_export(made[0])), made[1])
    html = files.pop("gallery.html").decode()
    assert "where at least 2 of its people judged it" in html
    assert set(re.findall(r'src="(gallery/[^"]+)"', html)) == set(files)
    assert files["gallery/t0.jpg"] == b"photo of t0"
    assert "gallery/t5.jpg" not in files  # nobody judged it


def test_people_who_judged_different_ais_are_not_set_against_each_other(tmp_path):
    digest = write_bundle(tmp_path / "bundle", STIMULI)
    people = [Participant(condition=name, right=right) for name, right in ANSWERS.items()] * 2
    export = write_export(
        tmp_path / "e",
        people,
        conditions=list(PANELS),
        judged={"neighbours": "other"},
        others={"other": NATURAL + ADVERSARIAL},
        pool=[],
        panels=PANELS,
        bundle_digest=digest,
    )
    sample = analysed(read_export(export))
    groups = groups_of(sample, read_pictures(tmp_path / "bundle", sample.export.facts))
    assert {g.title: [card.stimulus_id for card in g.cards] for g in groups} == {
        "Right with confidence alone": [],
        "Right with gradcam alone": ["t2"],
        "The hardest, tiny": ["t1", "t3", "t2", "t0"],
        "The easiest, tiny": ["t0", "t2", "t1", "t3"],
        "The hardest, other": ["t2", "t3", "t0", "t1"],
        "The easiest, other": ["t0", "t1", "t2", "t3"],
    }


def test_before_anybody_the_gallery_is_empty(tmp_path):
    digest = write_bundle(tmp_path / "bundle", STIMULI)
    sample = analysed(read_export(write_export(tmp_path / "e", [], bundle_digest=digest)))
    (html,) = gallery(sample, tmp_path / "bundle").values()
    assert html.decode().count("There is no such stimulus.") == 4


@pytest.mark.slow
def test_a_gallery_lies_beside_its_report_until_a_report_without_one(made, tmp_path):
    page = write_report(made[0], tmp_path / "r", bundle=made[1])
    assert 'href="gallery.html"' in page.read_text("utf-8")
    assert (tmp_path / "r" / "gallery.html").exists()
    assert (tmp_path / "r" / "gallery" / "t0.jpg").read_bytes() == b"photo of t0"
    assert "gallery.html" not in write_report(made[0], tmp_path / "r").read_text("utf-8")
    assert not (tmp_path / "r" / "gallery.html").exists()
    assert not (tmp_path / "r" / "gallery").exists()


def test_another_bundle_ends_the_command_with_a_sentence(made, tmp_path):
    write_bundle(tmp_path / "other", STIMULI)
    options = ["--gallery", str(tmp_path / "other"), "--out", str(tmp_path / "r")]
    result = CliRunner().invoke(main, [str(made[0]), *options])
    assert result.exit_code == 1
    assert "is another bundle" in result.stderr
    assert not (tmp_path / "r").exists()


def test_the_bundle_and_the_export_of_an_earlier_version_give_a_gallery():
    sample = analysed(read_export(FIXTURE / "exports" / "main"))
    files = gallery(sample, FIXTURE / "bundle")
    html = files["gallery.html"].decode()
    assert "Right with neighbours alone" in html
    assert all(content[:2] == b"\xff\xd8" for path, content in files.items() if ".jpg" in path)
    assert len(files) > 1


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_gallery_and_it_fits_a_phone(tmp_path, chromium, scheme):
    export, bundle = FIXTURE / "exports" / "main", FIXTURE / "bundle"
    folder = write_report(export, tmp_path / "r", bundle=bundle).parent
    page = chromium.new_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
    page.goto((folder / "gallery.html").as_uri())
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    page.close()
