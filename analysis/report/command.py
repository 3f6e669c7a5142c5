"""`python -m analysis.report [EXPORT] [--out DIR] [--reproduce-paper]`: an export to one page of
tables and figures."""

import shutil
from pathlib import Path

import click

from analysis.command_line import problems_end_the_command
from analysis.export.read import newest_export, read_export
from analysis.report.page import draw, page, sections_of
from analysis.statistics.analysed import analysed

EXPORTS = Path("instance/exports")
REPORTS = Path("instance/reports")
PAGE = "report.html"


@click.command()
@click.argument("export", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the report.")
@click.option(
    "--threshold", type=int, help="Right validation answers to ask for, instead of the study's."
)
@click.option(
    "--reproduce-paper",
    is_flag=True,
    help="Also report the paper's test: over trials, half the two-sided p.",
)
def main(
    export: Path | None, out: Path | None, threshold: int | None, reproduce_paper: bool
) -> None:
    """Analyse EXPORT, or the newest export, and write the report.

    \b
    Example:
      python -m analysis.report instance/exports/demo --out instance/reports/demo
    """
    with problems_end_the_command():
        folder = export or newest_export(EXPORTS)
        place = out or reports_of(folder) / folder.resolve().name
        written = write_report(folder, place, threshold=threshold, reproduce_paper=reproduce_paper)
    click.echo(written)


def write_report(
    export: Path, out: Path, *, threshold: int | None = None, reproduce_paper: bool = False
) -> Path:
    """Read an export, analyse it and write the report.

    Args:
        export: the folder to read.
        out: the folder to write.
        threshold: as `analysed` takes it.
        reproduce_paper: as `analysed` takes it.

    Returns:
        The page, `out`/report.html. Beside it are figures/ and tables/.

    Raises:
        ExportError: if the export or the threshold cannot be used.
    """
    sample = analysed(read_export(export), threshold=threshold, reproduce_paper=reproduce_paper)
    sections = sections_of(sample)
    pictures = draw(sample, sections)
    partial = out.with_name(f"{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)  # of a report that was cut off
    _write_text(partial / PAGE, page(sample, sections, pictures))
    for table in (table for section in sections for table in section.listings):
        _write_text(partial / "tables" / f"{table.name}.csv", table.csv)
    for name, picture in pictures.items():
        _write_text(partial / "figures" / f"{name}.svg", picture.svg)
        (partial / "figures" / f"{name}.png").write_bytes(picture.png)
    # A whole new report takes the place of an old one; other files in the folder stay.
    if (out / PAGE).exists():
        for folder in ("tables", "figures"):
            shutil.rmtree(out / folder, ignore_errors=True)
    shutil.copytree(partial, out, dirs_exist_ok=True)
    shutil.rmtree(partial)
    return out / PAGE


def reports_of(export: Path) -> Path:
    """Where reports of an export go: `reports` beside the folder `exports` that it lies in."""
    parent = export.resolve().parent
    return parent.parent / "reports" if parent.name == "exports" else REPORTS


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")  # the same line ends on every system
