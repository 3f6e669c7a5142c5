"""The command as people type it, on small studies."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from analysis.power.__main__ import main
from analysis.power.power_file import POWER, read_power
from analysis.problems import ExportError
from stimuli.study import digest_of
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant
from tests.study_app.invented import build_bundle, study_text

ANALYSIS = """
[analysis]
pairs = [["heatmap", "confidence"]]
equivalence_points = 8
equivalence_because = "Fewer than one decision in twelve would change."
"""
FAST = ("--studies", "100", "--effect", "10", "--effect", "15")


def power(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), *FAST])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study, its bundle, and the page."""
    folder = tmp_path_factory.mktemp("power")
    text = study_text(test=18) + ANALYSIS
    (folder / "study.toml").write_text(text)
    build_bundle(folder / "bundle", text, per_cell=6)
    result = power(
        folder / "study.toml", "--bundle", folder / "bundle", "--out", folder / "out", "--seed", 3
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.strip() == str(folder / "out/power.html")
    return folder


def test_the_page_answers_in_sentences_and_has_no_holes(folder: Path) -> None:
    html = (folder / "out/power.html").read_text("utf-8")
    assert "With\N{NO-BREAK SPACE}30" in html or "With 30 people in each condition" in html
    assert "A difference of 10 points in accuracy" in html
    assert "Equivalence within ± 8 points" in html
    assert html.count("<svg role=") == 1
    assert not re.search(r"\b(nan|NaN|None|&lt;NA&gt;)\b", html)


def test_every_table_and_figure_is_a_file_that_the_page_links(folder: Path) -> None:
    html = (folder / "out/power.html").read_text("utf-8")
    linked = re.findall(r'href="((?:tables|figures)/[^"]+)"', html)
    files = [str(path.relative_to(folder / "out")) for path in (folder / "out").glob("*/*")]
    assert sorted(linked) == sorted(files)


def test_power_json_says_of_what_it_is_and_agrees_with_the_tables(folder: Path) -> None:
    told = read_power(folder / "out" / POWER)
    assert told.study_digest == digest_of((folder / "study.toml").read_text("utf-8"))
    assert told.bundle_digest
    assert (told.seed, told.n_studies, told.margin) == (3, 100, 8)
    assert told.pairs == (("heatmap", "confidence"),)
    rows = pd.read_csv(folder / "out/tables/power.csv")
    assert len(rows) == len(told.rows)
    assert {row.question for row in told.rows} == {"difference", "equivalence", "interaction"}
    assert rows["power"].tolist() == pytest.approx([row.power for row in told.rows])
    assert all(row.low <= row.power <= row.high for row in told.rows)
    needed = pd.read_csv(folder / "out/tables/needed.csv")
    assert needed["n_per_condition"].fillna(0).tolist() == [
        row.n_per_condition or 0 for row in told.needed
    ]


def test_the_same_seed_gives_the_same_files(folder: Path) -> None:
    again = power(
        folder / "study.toml", "--bundle", folder / "bundle", "--out", folder / "again", "--seed", 3
    )
    assert again.exit_code == 0
    for name in ("power.json", "tables/losses.csv", "figures/power.svg", "power.html"):
        assert (folder / "again" / name).read_bytes() == (folder / "out" / name).read_bytes()


@pytest.mark.slow
def test_a_pilot_tells_what_is_assumed(folder: Path, tmp_path: Path) -> None:
    people = [
        Participant(condition=name, right=[(i + k) % 3 > 0 for i in range(9)])
        for name in ("confidence", "gradcam")
        for k in range(3)
    ]
    pilot = write_export(tmp_path / "pilot", people)
    result = power(folder / "study.toml", "--pilot", pilot, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    told = read_power(tmp_path / "out" / POWER)
    assert told.pilot == "pilot"
    assert told.assumptions["dropout"] == 0
    html = (tmp_path / "out/power.html").read_text("utf-8")
    assert "The pilot has 6 people, too few" in html
    assert "Likely range" in html


def test_what_a_pilot_tells_cannot_be_assumed_too(folder: Path) -> None:
    result = power(folder / "study.toml", "--pilot", folder, "--person-sd", 1)
    assert result.exit_code == 2
    assert "a pilot tells --person-sd" in result.output


def test_an_effect_with_which_shares_leave_0_to_1_is_refused(folder: Path) -> None:
    result = power(folder / "study.toml", "--accuracy", 95)
    assert result.exit_code == 1
    assert "--effect 10: with it, shares" in result.output
    assert "--effect 15" in result.output


def test_a_wrong_study_file_is_said_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("[study]\nname = 1\n")
    result = power(tmp_path / "study.toml")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "dataset: is missing" in result.output


def test_a_power_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be read"):
        read_power(tmp_path / POWER)
    (tmp_path / POWER).write_text(json.dumps({"schema_version": 2}))
    with pytest.raises(ExportError, match="schema_version"):
        read_power(tmp_path / POWER)
