import io
import re

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.export.read import read_export
from analysis.report.command import default_place, main
from analysis.report.page import sections_of
from analysis.report.side_by_side import write_side_by_side
from analysis.statistics.analysed import analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import someone
from tests.analysis.steps import Advised, steps_export


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studies") / "exports"
    people = [someone(name, k, n=9) for name in ("confidence", "gradcam") for k in (4, 6, 8)]
    dogs = [someone("neighbours", k, simulated=True) for k in (2, 3)]
    return [
        write_export(folder / "a", people, study="imagenet"),
        write_export(
            folder / "b", dogs, study="dogs", conditions=["neighbours"], bundle_digest="e" * 64
        ),
    ]


@pytest.fixture(scope="module")
def report(exports):
    result = CliRunner().invoke(main, [*map(str, exports)])
    assert result.exit_code == 0, result.output
    return exports[0].parent.parent / "reports" / "a-and-b"


def table_of(report, name):
    return pd.read_csv(report / "tables" / f"{name}.csv")


def test_the_page_names_both_studies_and_says_that_nothing_is_tested_across_them(report):
    html = (report / "report.html").read_text("utf-8")
    assert "<h1>imagenet · dogs</h1>" in html
    assert "Nothing here tests one study against another" in html
    assert "Rehearsal: the people of dogs are simulated." in html
    assert html.count("<svg role=") == 1
    assert not re.search(r"\b(nan|NaN|None|&lt;NA&gt;)\b", html)
    linked = re.findall(r'href="((?:tables|figures)/[^"]+)"', html)
    files = [str(path.relative_to(report)) for path in report.glob("*/*")]
    assert sorted(linked) == sorted(files)


@pytest.mark.parametrize(("place", "study"), [(0, "imagenet"), (1, "dogs")])
def test_every_row_is_that_of_the_report_of_its_study(report, exports, place, study):
    sections = sections_of(analysed(read_export(exports[place])))
    own = {table.name: table.csv for section in sections for table in section.listings}
    for name in ("accuracy", "natural", "against_ai"):
        table = table_of(report, name)
        rows = table[table["study"] == study].drop(columns="study").reset_index(drop=True)
        pd.testing.assert_frame_equal(rows, pd.read_csv(io.StringIO(own[name])), check_dtype=False)


def test_studies_are_counted_by_hand(report):
    rows = table_of(report, "studies").to_numpy().tolist()
    assert rows == [
        ["imagenet", "Which butterfly?", 6, 6, 8, 2, 6, 3, "b" * 64],
        ["dogs", "Which butterfly?", 2, 2, 8, 1, 6, 0, "e" * 64],
    ]
    accuracy = table_of(report, "accuracy").set_index(["study", "condition"])["mean_percent"]
    assert accuracy["imagenet", "gradcam"] == pytest.approx(100 * 18 / 27)
    assert accuracy["dogs", "neighbours"] == pytest.approx(100 * 5 / 12)


@pytest.mark.parametrize("option", [["--threshold", "9"], ["--reproduce-paper"], ["--full"]])
def test_what_belongs_to_one_study_is_refused_with_several(exports, option):
    result = CliRunner().invoke(main, [*map(str, exports), *option])
    assert result.exit_code == 2
    assert "are for one export; give one" in result.stderr


def test_one_study_twice_ends_with_a_sentence(exports, tmp_path):
    twice = [str(exports[0]), str(exports[0]), "--out", str(tmp_path / "r")]
    result = CliRunner().invoke(main, twice)
    assert result.exit_code == 1
    assert "are of one study" in result.stderr
    assert not (tmp_path / "r").exists()


def test_the_folder_of_a_report_is_called_after_its_exports(tmp_path):
    exports = [tmp_path / "exports" / name for name in ("imagenet", "dogs")]
    assert default_place(exports) == tmp_path / "reports" / "imagenet-and-dogs"
    assert default_place(exports[:1]) == tmp_path / "reports" / "imagenet"


def test_studies_that_asked_for_no_decision_have_no_table_against_the_ai(tmp_path):
    people = [Advised(before="TTOTAO", after="TTTTAA")] * 2
    folders = [
        steps_export(tmp_path / name, people, study=name, bundle_digest=name * 64) for name in "ab"
    ]
    page = write_side_by_side(folders, tmp_path / "out")
    assert not (page.parent / "tables" / "against_ai.csv").exists()
    assert len(pd.read_csv(page.parent / "tables" / "accuracy.csv")) == 4
