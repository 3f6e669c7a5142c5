"""`python -m analysis.report [EXPORT] [--out DIR] [--reproduce-paper]`: an export to one page of
tables and figures."""

import sys
from pathlib import Path

import click

from analysis.analysed import analysed
from analysis.export import newest_export, read_export
from analysis.page import draw, page, sections_of
from analysis.problems import ExportError

EXPORTS = Path("instance/exports")
REPORTS = Path("instance/reports")


@click.command()
@click.argument("export", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the report.")
@click.option(
    "--reproduce-paper",
    is_flag=True,
    help="Also report the paper's test: over trials, half the two-sided p.",
)
def main(export: Path | None, out: Path | None, reproduce_paper: bool) -> None:
    """Analyse EXPORT, or the newest export, and write the report.

    \b
    Example:
      python -m analysis.report instance/exports/demo --out instance/reports/demo
    """
    try:
        folder = export or newest_export(EXPORTS)
        target = out or reports_of(folder) / folder.resolve().name
        written = write_report(folder, target, reproduce_paper=reproduce_paper)
    except (ExportError, OSError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    click.echo(written)


def write_report(export: Path, out: Path, *, reproduce_paper: bool = False) -> Path:
    """Read an export, analyse it and write the report.

    Args:
        export: the folder to read.
        out: the folder to write.
        reproduce_paper: whether the paper's own test is reported too.

    Returns:
        The page, `out`/report.html. Beside it are figures/ and tables/.

    Raises:
        ExportError: if the export cannot be used.
    """
    read = analysed(read_export(export), reproduce_paper=reproduce_paper)
    sections = sections_of(read)
    pictures = draw(read, sections)
    _write_text(out / "report.html", page(read, sections, pictures))
    for table in (table for section in sections for table in section.listings):
        _write_text(out / "tables" / f"{table.name}.csv", table.csv)
    for name, picture in pictures.items():
        _write_text(out / "figures" / f"{name}.svg", picture.svg)
        (out / "figures" / f"{name}.png").write_bytes(picture.png)
    return out / "report.html"


def reports_of(export: Path) -> Path:
    """Where reports of an export go: `reports` beside the folder `exports` that it lies in."""
    parent = export.resolve().parent
    return parent.parent / "reports" if parent.name == "exports" else REPORTS


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")  # the same line ends on every system


if __name__ == "__main__":
    main()
