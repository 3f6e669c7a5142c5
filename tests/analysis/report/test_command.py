import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.report.command import main, reports_of, write_report
from tests.analysis.exports import write_export
from tests.analysis.participants import someone

ROOT = Path(__file__).parents[3]


def test_the_command_takes_the_newest_export_and_says_where_the_page_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, day in [("old", "01"), ("new", "02")]:
        write_export(
            tmp_path / "instance" / "exports" / name, [], created_at=f"2026-03-{day}T00:00:00Z"
        )
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 0, result.output
    page = tmp_path / "instance" / "reports" / "new" / "report.html"
    assert Path(result.output.strip()).samefile(page)


def test_reports_lie_beside_exports_and_else_in_the_instance_folder(tmp_path):
    assert reports_of(tmp_path / "exports" / "demo") == tmp_path / "reports"
    assert reports_of(tmp_path / "demo") == Path("instance/reports")


def test_a_broken_export_ends_with_status_1_and_no_traceback(tmp_path):
    export = write_export(tmp_path / "e", [someone("confidence", 4)])
    (export / "pool.csv").unlink()
    (export / "columns.json").write_text("{")
    result = CliRunner().invoke(main, [str(export), "--out", str(tmp_path / "r")])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "2 problems" in result.stderr
    assert "pool.csv: is missing" in result.stderr
    assert "columns.json: Invalid JSON" in result.stderr
    assert not (tmp_path / "r").exists()


@pytest.mark.slow
def test_the_report_loads_no_machine_learning_library_and_no_pyplot():
    unwanted = ["torch", "torchvision", "faiss", "onnxruntime", "matplotlib.pyplot", "flask"]
    ours = ["study_app", "stimuli", "explainers"]
    code = (
        "import sys, analysis.report.command; "
        f"print([name for name in {unwanted + ours} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_second_report_leaves_nothing_of_the_first_and_keeps_other_files(tmp_path):
    export = write_export(tmp_path / "e", [someone("confidence", 4)] * 2)
    write_report(export, tmp_path / "r", reproduce_paper=True)
    (tmp_path / "r" / "notes.txt").write_text("mine")
    write_report(export, tmp_path / "r")
    assert not (tmp_path / "r" / "tables" / "paper_test.csv").exists()
    assert (tmp_path / "r" / "notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.glob("*.partial")] == []
