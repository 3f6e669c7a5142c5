"""Helpers for tests of the study file."""

import pytest

from stimuli.study import Study


def problems_with(study: Study, **tables: object) -> str:
    """What is wrong with a valid study once some tables are replaced."""
    with pytest.raises(ValueError, match="problem|error") as error:
        Study.model_validate(study.model_dump() | tables)
    return str(error.value)


def check_after(trial: int, name: str = "blue") -> dict[str, object]:
    """An attention check."""
    options = ["Blue", "Red"]
    text = "Please choose Blue here."
    facts = {"kind": "instructed", "text": text, "options": options, "expected": "Blue"}
    return facts | {"name": name, "after_trial": trial}
