"""Memory that is kept: a large array that is made again finds its pages in place."""

import os
import subprocess
import sys

import pytest

from stimuli.memory import ENVIRONMENT

PAGES_OF_AN_ARRAY = """
import resource
from stimuli.memory import keep_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

if {kept}:
    keep_memory()
size = 64 * 2**20
b"x" * size
before = faults()
for _ in range(5):
    b"x" * size
print((faults() - before) // 5)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's settings")
def test_what_is_freed_is_used_again_without_new_pages() -> None:
    """64 MiB are 16,384 pages of 4 KiB, or fewer and larger ones where the system has them."""
    assert pages_of_an_array(kept=False) > 20 * pages_of_an_array(kept=True)


def pages_of_an_array(*, kept: bool) -> int:
    code = PAGES_OF_AN_ARRAY.format(kept=kept)
    plain = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=plain
    )
    return int(found.stdout)
