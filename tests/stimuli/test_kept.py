"""What a build keeps: made once, read as it was made, and made again when its inputs change."""

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.cache import Cache, code, digest, package_code
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import Dataset
from stimuli.pictures import crop_cache
from stimuli.pictures.crop_cache import cached_crops
from stimuli.pictures.crops import Crop, crop
from stimuli.study import Study


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(folder=tmp_path / "kept")


@pytest.fixture
def colours(colour_folder: Path, colour_study: Study) -> Dataset:
    """270 photos, one too small; some with a box, some with a mask."""
    return open_dataset(colour_study.dataset, colour_folder)


def counted() -> tuple[list[int], Callable[[], dict[str, np.ndarray]]]:
    """A step, and a list that grows with each time it is done."""
    times: list[int] = []

    def make() -> dict[str, np.ndarray]:
        times.append(1)
        return {"numbers": np.array([0.1, np.nan, 3]), "word": np.array(7)}

    return times, make


def test_a_step_is_done_once_and_read_bit_by_bit(cache: Cache) -> None:
    times, make = counted()
    first, second = (cache.arrays("step", digest("key"), make) for _ in range(2))
    assert len(times) == 1
    for name, made in make().items():
        assert made.tobytes() == first[name].tobytes() == second[name].tobytes()


def test_what_was_cut_off_while_it_was_written_is_made_again(cache: Cache) -> None:
    def cut_off() -> dict[str, np.ndarray]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.arrays("step", digest("key"), cut_off)
    whole = cache.path("step", digest("key")).with_suffix(".npz")
    whole.parent.mkdir(parents=True)
    whole.with_name(f"{whole.name}.123.partial").write_bytes(b"half")
    times, make = counted()
    cache.arrays("step", digest("key"), make)
    assert len(times) == 1


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_other_parts_have_another_digest(first: list[bytes], second: list[bytes]) -> None:
    assert (digest(*first) == digest(*second)) == (first == second)


def test_bytes_on_disk_and_in_memory_have_one_digest() -> None:
    assert digest(b"jpeg", 1) == digest(memoryview(b"jpeg"), 1) != digest(b"jpeg", "1")


def test_views_from_packs_are_those_that_were_made(
    colours: Dataset, colour_study: Study, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crop_cache, "PACK", 100)
    settings = colour_study.dataset
    read = cached_crops(colours, colours.examples, settings, cache)
    for found, example in zip(read, colours.examples, strict=True):
        made = crop(example, colours, settings)
        if isinstance(made, Crop):
            assert isinstance(found, Crop)
            assert bytes(found.jpeg) == made.jpeg
            assert (found.example, found.boxes, found.kind) == (example, made.boxes, made.kind)
            assert (found.mask and bytes(found.mask)) == made.mask
        else:
            assert found is made


def test_only_packs_with_a_changed_photo_are_made_again(
    colours: Dataset,
    colour_folder: Path,
    colour_study: Study,
    cache: Cache,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crop_cache, "PACK", 100)
    settings = colour_study.dataset
    cached_crops(colours, colours.examples, settings, cache)
    before = {*cache.folder.rglob("*.npz")}
    photo = colour_folder / colours.examples[150].source
    os.utime(photo, ns=(photo.stat().st_atime_ns, photo.stat().st_mtime_ns + 1))
    cached_crops(colours, colours.examples, settings, cache)
    assert len({*cache.folder.rglob("*.npz")} - before) == 1


def module(folder: Path, name: str, source: str) -> ModuleType:
    """A module with this source."""
    path = folder / f"{name}.py"
    path.write_text(source, "utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


STEP = '"""A step."""\n\nimport math\n\n\ndef step(x):\n    """Of x."""\n    return math.sqrt(x)\n'


@pytest.mark.parametrize(
    ("source", "same"),
    [
        (STEP, True),
        (STEP.replace("A step.", "A documented step.").replace("Of x.", "The root of x."), True),
        (STEP.replace("import math\n", "# It needs roots.\nimport cmath\nimport math\n"), True),
        (STEP.replace("sqrt", "exp"), False),
        (STEP.replace("return ", "return 1 + "), False),
    ],
)
def test_a_step_is_known_by_what_it_computes_and_not_by_its_place(
    source: str, same: bool, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    here, there = module(tmp_path, "step", STEP), module(tmp_path / "elsewhere", "moved", source)
    assert (code(here) == code(there)) is same
    assert (package_code(here) == package_code(there)) is same
