"""The cache of a build: a step is done once, and again when what decides it changes."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.cache import Cache, code, digest, package_code


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(folder=tmp_path / "cache")


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
    for name, array in make().items():
        assert array.tobytes() == first[name].tobytes() == second[name].tobytes()


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
