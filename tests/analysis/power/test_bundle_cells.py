import json
from collections import Counter
from pathlib import Path

import pytest

from analysis.power.bundle_cells import bundle_cells, digest_of_bundle
from analysis.problems import ExportError
from stimuli.bundle import Bundle, read_bundle
from tests.study_app.invented import build_bundle, study_text


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("power") / "bundle"
    return build_bundle(folder, study_text(), per_cell=3)


def test_cells_are_counted_as_the_app_sees_them(bundle: Bundle) -> None:
    cells = bundle_cells(bundle.path, "tiny")
    seen = {p.stimulus_id: p for p in bundle.predictions}
    counts = Counter(
        (str(s.kind), seen[s.stimulus_id].right, str(seen[s.stimulus_id].bin))
        for s in bundle.stimuli
        if s.phase == "test"
    )
    assert {(c.kind, c.ai_right, c.bin): c.n_stimuli for c in cells} == dict(counts)
    assert sum(cell.n_stimuli for cell in cells) == 18


def test_natural_weights_are_those_of_the_pool(bundle: Bundle) -> None:
    pool = [image for image in bundle.pool if image.split == "test" and image.bin]
    cells = [cell for cell in bundle_cells(bundle.path, "tiny") if cell.kind == "natural"]
    assert len(cells) == 6
    for cell in cells:
        own = [i for i in pool if i.bin == cell.bin and i.right == cell.ai_right]
        assert cell.weight == pytest.approx(len(own) / len(pool))


def test_the_digest_is_the_one_that_exports_name(bundle: Bundle) -> None:
    assert digest_of_bundle(bundle.path) == read_bundle(bundle.path).digest


def test_a_folder_without_stimuli_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="predictions.jsonl: is missing"):
        bundle_cells(tmp_path, "tiny")


def test_a_bundle_of_another_study_is_refused(bundle: Bundle) -> None:
    with pytest.raises(ExportError, match="b1 says nothing of"):
        bundle_cells(bundle.path, "b1")


def test_what_is_wrong_with_a_row_is_named(tmp_path: Path) -> None:
    row = {"stimulus_id": "a", "classifier": "tiny", "right": "perhaps", "bin": "easy"}
    (tmp_path / "predictions.jsonl").write_text(json.dumps(row) + "\n")
    with pytest.raises(ExportError, match=r"predictions.jsonl, right"):
        bundle_cells(tmp_path, "tiny")
