"""Oxford-IIIT Pet from a small tree of the same form, and fetching it without the network."""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
import torchvision
from click.testing import CliRunner
from PIL import Image

from stimuli.cli import main
from stimuli.datasets.base import DataError, Split
from stimuli.datasets.pets.dataset import Pets
from stimuli.study.dataset_settings import PetsSettings

SETTINGS = PetsSettings(adaptor="pets", val_share=0.25)
BREEDS = (("Abyssinian", 1, 1, 1), ("american_bulldog", 2, 2, 1), ("Sphynx", 3, 1, 2))
SIZE = (12, 10)


def write_release(root: Path) -> Path:
    """Eight trainval and two test images of each breed; the pet is a square with a border."""
    folder = root / "oxford-iiit-pet"
    notes = folder / "annotations"
    for inner in (folder / "images", notes / "trimaps", notes / "xmls"):
        inner.mkdir(parents=True)
    trimap = np.full((10, 12), 2, dtype=np.uint8)
    trimap[2:7, 3:9] = 3
    trimap[3:6, 4:8] = 1
    lists: dict[str, list[str]] = {"trainval": [], "test": []}
    for breed, label, species, number in BREEDS:
        for k in range(10):
            name, kind = f"{breed}_{k}", "test" if k >= 8 else "trainval"
            lists[kind].append(f"{name} {label} {species} {number}")
            Image.new("RGB", SIZE, (10 * k, 80, 20)).save(folder / "images" / f"{name}.jpg")
            Image.fromarray(trimap).save(notes / "trimaps" / f"{name}.png")
            if kind == "trainval":
                (notes / "xmls" / f"{name}.xml").write_text(head_xml())
    for kind, lines in lists.items():
        (notes / f"{kind}.txt").write_text("\n".join(lines) + "\n")
    return folder


def head_xml() -> str:
    """A head in the upper part of the pet."""
    return """<annotation><size><width>12</width><height>10</height></size><object><name>cat</name>
    <bndbox><xmin>5</xmin><ymin>3</ymin><xmax>8</xmax><ymax>5</ymax></bndbox></object>
    </annotation>"""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder for a while; the address."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_breeds_splits_masks_and_head_boxes_are_read(tmp_path: Path) -> None:
    write_release(tmp_path)
    data = Pets(tmp_path, SETTINGS)
    assert [(c.name, c.description) for c in data.classes] == [
        ("Abyssinian", "a breed of cat"),
        ("American Bulldog", "a breed of dog"),
        ("Sphynx", "a breed of cat"),
    ]
    counts = {split: len(data.split(split)) for split in Split}
    assert counts == {Split.TRAIN: 18, Split.VAL: 6, Split.TEST: 6}
    picture = data.load(data.split(Split.TRAIN)[0])
    assert picture.image.size == SIZE
    assert picture.boxes == ((4, 2, 8, 5),)
    assert picture.mask is not None
    assert picture.mask.shape == (10, 12)
    assert picture.mask.sum() == 5 * 6  # the border counts as pet
    assert data.load(data.split(Split.TEST)[0]).boxes == ()


def test_labels_and_test_images_are_those_of_torchvision(tmp_path: Path) -> None:
    write_release(tmp_path)
    data = Pets(tmp_path, SETTINGS)
    for kind, splits in (("trainval", (Split.TRAIN, Split.VAL)), ("test", (Split.TEST,))):
        peer = torchvision.datasets.OxfordIIITPet(tmp_path, split=kind)
        ours = {e.source: e.label for e in data.examples if e.split in splits}
        assert ours == {p.stem: n for p, n in zip(peer._images, peer._labels, strict=True)}
        assert [info.name for info in data.classes] == peer.classes


def test_a_box_can_frame_the_whole_pet_instead(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    data = Pets(folder, SETTINGS.model_copy(update={"boxes": "pet"}))
    for split in Split:
        assert data.load(data.split(split)[0]).boxes == ((3, 2, 9, 7),)


def test_val_is_a_seeded_share_of_every_breed(tmp_path: Path) -> None:
    write_release(tmp_path)
    data = Pets(tmp_path, SETTINGS)
    assert [sum(e.label == n for e in data.split(Split.VAL)) for n in range(3)] == [2, 2, 2]
    assert data.examples == Pets(tmp_path, SETTINGS).examples
    other = Pets(tmp_path, SETTINGS.model_copy(update={"split_seed": 1}))
    assert other.split(Split.VAL) != data.split(Split.VAL)


def test_every_problem_of_a_release_is_in_one_message(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    notes = folder / "annotations"
    (folder / "images/Abyssinian_0.jpg").unlink()
    (notes / "trimaps/Abyssinian_1.png").write_text("no picture")
    Image.new("L", (3, 3)).save(notes / "trimaps/Abyssinian_2.png")
    (notes / "xmls/Abyssinian_3.xml").write_text("<annotation/>")
    with (notes / "test.txt").open("a") as file:
        file.write("Persian_1 3 1 2\nPersian 0 1 2\n")
    with pytest.raises(DataError) as error:
        Pets(tmp_path, SETTINGS)
    problems = "\n".join(error.value.problems)
    for expected in (
        "test.txt line 8",
        "class 3: is ['Persian', 'Sphynx']",
        "images are missing or unreadable: Abyssinian_0, Persian_1",
        "trimaps are missing or unreadable: Abyssinian_1, Persian_1",
        "another size than their image: Abyssinian_2",
        "Abyssinian_3.xml: has no <size/width>",
    ):
        assert expected in problems
    assert len(error.value.problems) == 6


def test_a_folder_without_the_release_is_explained(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"trainval\.txt: is missing"):
        Pets(tmp_path, SETTINGS)


def test_torchvision_fetches_the_release_to_where_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a server on this machine, through torchvision's own code."""
    release, archives = write_release(tmp_path / "made"), tmp_path / "archives"
    archives.mkdir()
    for part in ("images", "annotations"):
        with tarfile.open(archives / f"{part}.tar.gz", "w:gz") as file:
            file.add(release / part, arcname=part)
    monkeypatch.setenv("no_proxy", "*")
    data = tmp_path / "data"
    with serve(archives) as address:
        resources = tuple((f"{address}/{p.name}", None) for p in sorted(archives.iterdir()))
        monkeypatch.setattr(torchvision.datasets.OxfordIIITPet, "_RESOURCES", resources)
        result = CliRunner().invoke(main, ["datasets", "--download", "pets", "--data", str(data)])
    assert result.exit_code == 0, result.output
    assert len(Pets(data, SETTINGS).examples) == 30


def test_a_download_that_fails_or_cannot_be_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(**_: Any) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(torchvision.datasets, "OxfordIIITPet", no_network)
    for arguments, expected in (
        (["pets", "--data", str(tmp_path)], "no route to host"),
        (["imagenet", "--data", str(tmp_path)], "cannot be fetched, only pets"),
        (["pets"], "add --data DIR"),
    ):
        result = CliRunner().invoke(main, ["datasets", "--download", *arguments])
        assert result.exit_code == 1
        assert expected in result.output
