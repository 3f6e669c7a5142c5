import re

import pytest

from analysis.export.bundle_pictures import read_pictures
from analysis.export.read import read_export
from analysis.problems import ExportError
from tests.analysis.bundles import write_bundle
from tests.analysis.exports import write_export


@pytest.fixture
def sealed(tmp_path):
    digest = write_bundle(tmp_path / "bundle", ["t0", "t1"], {("tiny", "neighbours"): 3})
    facts = read_export(write_export(tmp_path / "e", [], bundle_digest=digest)).facts
    return tmp_path / "bundle", facts


def problem_of(folder, facts):
    with pytest.raises(ExportError) as error:
        read_pictures(folder, facts)
    (problem,) = error.value.problems
    return problem


def test_photos_and_explanations_are_found_and_read(sealed):
    pictures = read_pictures(*sealed)
    assert pictures.photos == {"t0": "images/t0.jpg", "t1": "images/t1.jpg"}
    three = [f"images/t1-neighbours-{k}.jpg" for k in range(3)]
    assert pictures.explanations["t1", "tiny", "neighbours"] == tuple(three)
    assert pictures.read("images/t0.jpg") == b"photo of t0"


def test_another_bundle_is_refused_in_a_sentence(sealed, tmp_path):
    folder, facts = sealed
    digest = write_bundle(tmp_path / "other", ["t0"])
    assert problem_of(tmp_path / "other", facts) == (
        f"is another bundle ({digest[:12]}) than that of the export "
        f"({facts.bundle_digest[:12]}); give the one that was loaded"
    )


def test_a_folder_that_is_no_bundle_is_refused(sealed, tmp_path):
    assert "has no SHA256SUMS" in problem_of(tmp_path / "nowhere", sealed[1])


def test_an_import_names_no_bundle(sealed):
    folder, facts = sealed
    imported = facts.model_copy(update={"bundle_digest": ""})
    assert problem_of(folder, imported) == "the export was imported and names no bundle"


def test_a_file_that_was_changed_or_lost_is_named(sealed):
    folder, facts = sealed
    pictures = read_pictures(folder, facts)
    (folder / "images/t0.jpg").write_bytes(b"another photo")
    (folder / "images/t1.jpg").unlink()
    for name in ("t0", "t1"):
        with pytest.raises(ExportError, match=re.escape(f"images/{name}.jpg: is missing or was")):
            pictures.read(f"images/{name}.jpg")
    (folder / "stimuli.jsonl").write_text("")
    assert "stimuli.jsonl: is missing or was changed" in problem_of(folder, facts)
