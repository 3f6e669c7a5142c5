"""People who come from Prolific."""

from collections.abc import Callable

import pytest
from flask import Flask


@pytest.fixture
def arrive(app: Flask, tools) -> Callable[[int], object]:
    """People come from Prolific; each is known by a number."""

    def come(number: int):
        ids = f"PROLIFIC_PID={number:024x}&STUDY_ID=study&SESSION_ID=session{number}"
        return tools.visitor(app.test_client()).start(f"?{ids}")

    return come
