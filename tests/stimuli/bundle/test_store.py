"""The bundle: nothing broken, edited or half-written is taken for a whole one."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from stimuli.bundle import Bundle, BundleError, image_path, read_bundle, seal
from stimuli.bundle.check import check_bundle
from stimuli.bundle.files import write_sums


@pytest.fixture
def folder(colour_bundle: Bundle, tmp_path: Path) -> Path:
    """A copy of a bundle, to break."""
    return Path(shutil.copytree(colour_bundle.path, tmp_path / "bundle"))


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence in a text file, which must have one."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def problems(folder: Path) -> list[str]:
    """What is wrong with a folder."""
    with pytest.raises(BundleError) as error:
        check_bundle(folder)
    return list(error.value.problems)


def test_a_bundle_is_read_as_it_was_built(colour_bundle: Bundle) -> None:
    again = check_bundle(colour_bundle.path)
    assert again.digest == colour_bundle.digest
    assert again.stimuli == colour_bundle.stimuli
    assert again.pool == colour_bundle.pool


def test_missing_changed_and_extra_files_are_all_reported(folder: Path) -> None:
    image = next((folder / "images").iterdir())
    image.unlink()
    edit(folder / "stimuli.jsonl", "red", "rad")
    (folder / "notes.txt").write_text("mine")
    message = "\n".join(problems(folder))
    assert f"images/{image.name}: is missing" in message
    assert "stimuli.jsonl: differs from its checksum" in message
    assert "notes.txt: is no part of the bundle" in message


def test_a_build_that_was_cut_off_is_no_bundle(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()
    assert "build was cut off" in problems(folder)[0]
    assert "no such folder" in problems(folder / "nothing")[0]


def test_a_partial_bundle_with_problems_keeps_its_partial_name(folder: Path) -> None:
    partial = folder.rename(folder.with_name("new.partial"))
    edit(partial / "predictions.jsonl", '"right":true', '"right":false')
    write_sums(partial)
    with pytest.raises(BundleError, match="disagree|says right"):
        seal(partial, folder)
    assert partial.exists()
    assert not folder.exists()


def test_a_bundle_never_replaces_another(folder: Path, colour_bundle: Bundle) -> None:
    partial = Path(shutil.copytree(colour_bundle.path, folder.with_name("new.partial")))
    with pytest.raises(BundleError, match="never replaced"):
        seal(partial, folder)


def drop_line(name: str, word: str = "") -> Callable[[Path], None]:
    """Remove the first line of a file that holds a word."""

    def change(folder: Path) -> None:
        lines = (folder / name).read_text("utf-8").splitlines(keepends=True)
        lines.remove(next(line for line in lines if word in line))
        (folder / name).write_text("".join(lines), "utf-8")

    return change


def repeat_line(folder: Path) -> None:
    """Write the first stimulus twice."""
    path = folder / "stimuli.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], *lines]), "utf-8")


def other_encoding(folder: Path) -> None:
    """Save one photo again in another quality, under its right name."""
    rows = folder / "stimuli.jsonl"
    old = rows.read_text("utf-8").split('"image":"')[1].split('"')[0]
    with Image.open(folder / old) as image:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=30, comment=b"taken by me")
    (folder / old).unlink()
    new = image_path(file.getvalue())
    (folder / new).write_bytes(file.getvalue())
    for name in ("stimuli.jsonl", "predictions.jsonl", "explanations.jsonl"):
        text = (folder / name).read_text("utf-8").replace(old, new)
        (folder / name).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (drop_line("stimuli.jsonl"), "is missing, though other files name it"),
        (drop_line("predictions.jsonl"), "predictions.jsonl: nothing for stimulus"),
        (drop_line("explanations.jsonl", "gradcam"), "explanations.jsonl: nothing for stimulus"),
        (repeat_line, "stand there 2 times|stands there 2 times"),
        (lambda f: edit(f / "pool.csv", ",test,", ",exam,"), "pool.csv line"),
        (lambda f: edit(f / "study.toml", "trials = 6", "trials = 600"), "the study shows 600"),
        (lambda f: edit(f / "study.toml", "seed = 5", "speed = 5"), "study.speed"),
        (lambda f: edit(f / "bundle.json", '"pool_size"', '"size"'), "bundle.json: pool_size"),
        (lambda f: edit(f / "stimuli.jsonl", '"natural"', '"painted"'), "stimuli.jsonl line 1"),
        (other_encoding, "carries comment"),
        (other_encoding, "was encoded in another way"),
        (other_encoding, "stimuli: pictures have files of 2 different lengths"),
    ],
)
def test_a_bundle_that_contradicts_itself_is_refused_whatever_its_sums_say(
    folder: Path, change: Callable[[Path], None], expected: str
) -> None:
    change(folder)
    write_sums(folder)
    with pytest.raises(BundleError, match=expected):
        check_bundle(folder)


def test_names_and_ids_are_digests(colour_bundle: Bundle) -> None:
    for path, digest in colour_bundle.checksums.items():
        if path.startswith("images/"):
            assert path == f"images/{digest[:16]}.jpg"
    ids = [s.stimulus_id for s in colour_bundle.stimuli]
    assert ids == sorted(ids)
    assert read_bundle(colour_bundle.path).stimulus_by_id.keys() == set(ids)
