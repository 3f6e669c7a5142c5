"""What one stage writes is what the next one reads."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.export.columns import SORTS, TABLES
from analysis.export.facts import ExportFacts
from analysis.export.formulas import quoted, unquoted
from analysis.export.write import column_descriptions
from analysis.statistics.sample import defences as reported
from analysis.statistics.sample.subsets import FAST_BELOW_MS
from study_app.enums import Sort
from study_app.export import formulas as written
from study_app.export.columns import FILES
from study_app.simulation import defences, profiles
from tests.lab import ROOT


def test_export_and_analysis_agree_on_files_columns_and_levels() -> None:
    assert {name: list(columns) for name, columns in FILES.items()} == {
        name: list(columns) for name, columns in TABLES.items()
    }
    for name, columns in FILES.items():
        for column, facts in columns.items():
            own = TABLES[name][column]
            expected = ("0", "1") if own.kind == "flag" else own.levels
            assert tuple(facts.levels or ()) == tuple(expected), f"{name} {column}"


def test_rehearsals_and_the_report_mean_the_same_by_honest_and_by_marked() -> None:
    assert tuple(Sort) == SORTS
    assert profiles.HONEST == reported.HONEST
    assert set(profiles.PROFILES) == set(Sort)
    assert (defences.FAST_BELOW_MS, defences.ENOUGH) == (FAST_BELOW_MS, reported.ENOUGH)


def test_the_written_description_of_the_export_names_every_column() -> None:
    text = (ROOT / "docs/export.md").read_text("utf-8")
    table = dict(re.findall(r"^\| `(\w+)\.csv` \|.*\| `(.*)` \|$", text, flags=re.MULTILINE))
    documented = {name: columns.split(", ") for name, columns in table.items()}
    assert documented == {name: list(columns) for name, columns in FILES.items()}


def test_every_column_has_a_description() -> None:
    assert all(c.description.strip() for columns in FILES.values() for c in columns.values())


def test_the_example_of_export_json_in_the_documentation_is_json() -> None:
    text = (ROOT / "docs/export.md").read_text("utf-8")
    own, imported = re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    assert json.loads(own)["schema_version"] == 2
    together = {k: v for k, v in json.loads(own).items() if not k.endswith("digest")}
    assert ExportFacts.model_validate(together | json.loads(imported)).imported is not None


def test_an_imported_export_describes_its_columns_as_the_app_does() -> None:
    described = {
        f"{name}.csv": {column: facts.facts() for column, facts in columns.items()}
        for name, columns in FILES.items()
    }
    assert json.loads(json.dumps(column_descriptions())) == json.loads(json.dumps(described))


SIGNS = "=+-@\t\r\n＝＋－＠'1.5eE a"


@given(st.text(st.sampled_from(SIGNS)) | st.text())
def test_what_the_app_quotes_for_spreadsheets_the_analysis_reads_as_it_was(text: str) -> None:
    cell = written.quoted(text)
    assert cell == quoted(text)
    assert unquoted(cell) == text
    is_number = re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", cell)
    assert is_number or not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("-5", "-5"),
        ("+1e-3", "+1e-3"),
        ("-5 is too much", "'-5 is too much"),
        ("+44 20 7946 0000", "'+44 20 7946 0000"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("", ""),
    ],
)
def test_only_what_a_spreadsheet_would_compute_is_quoted(text: str, cell: str) -> None:
    assert written.quoted(text) == cell
