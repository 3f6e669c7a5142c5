"""The columns of an export are those of docs/export.md, and described."""

import json

import pytest

from study_app.export.columns import FILES
from tests.study_app.export.contract import columns_of_the_contract
from tests.study_app.visiting import read_csv


def test_the_columns_are_those_of_the_contract():
    assert {name: list(columns) for name, columns in FILES.items()} == columns_of_the_contract()


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_its_columns(exported, name):
    header = (exported.folder / f"{name}.csv").read_text("utf-8").splitlines()[0]
    assert header.split(",") == columns_of_the_contract()[name]


def test_every_column_has_a_description(exported):
    described = json.loads((exported.folder / "columns.json").read_text("utf-8"))
    for name, columns in columns_of_the_contract().items():
        for column in columns:
            assert described[f"{name}.csv"][column]["description"].endswith(".")


def test_every_cell_is_one_of_its_levels(exported):
    described = json.loads((exported.folder / "columns.json").read_text("utf-8"))
    for file, columns in described.items():
        for row in read_csv(exported.folder / file):
            for column, facts in columns.items():
                assert "levels" not in facts or row[column] in ("", *facts["levels"])
