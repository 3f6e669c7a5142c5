"""`python -m analysis.report [EXPORT…] [--out DIR] [--threshold N] [--reproduce-paper]
[--full] [--gallery BUNDLE] [--preregistered FILE]`: an export to one page of tables and figures, or
several studies beside each other."""

from collections.abc import Sequence
from pathlib import Path

import click

from analysis.command_line import problems_end_the_command
from analysis.export.read import newest_export, read_export
from analysis.export.registered import read_registration
from analysis.report.page import page, sections_and_pictures
from analysis.report.picture_gallery import GALLERY, gallery
from analysis.report.side_by_side import write_side_by_side
from analysis.report.writing import write_page
from analysis.statistics.analysed import analysed

EXPORTS = Path("instance/exports")
REPORTS = Path("instance/reports")


@click.command()
@click.argument("exports", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the report.")
@click.option(
    "--threshold", type=int, help="Right validation answers to ask for, instead of the study's."
)
@click.option(
    "--reproduce-paper",
    is_flag=True,
    help="Also report the paper's test: over trials, half the two-sided p.",
)
@click.option(
    "--full", is_flag=True, help="Also make the tables that take minutes beyond 50,000 trials."
)
@click.option(
    "--gallery",
    "bundle",
    metavar="BUNDLE",
    type=click.Path(path_type=Path),
    help="Also write a page of the pictures that stand out, from the bundle of the study.",
)
@click.option(
    "--preregistered",
    "registered",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also list every deviation from what `python -m analysis.preregister` wrote.",
)
def main(
    exports: tuple[Path, ...],
    out: Path | None,
    threshold: int | None,
    reproduce_paper: bool,
    full: bool,
    bundle: Path | None,
    registered: Path | None,
) -> None:
    """Analyse one of EXPORTS, or the newest export, and write the report.

    Several exports give one page with their studies side by side, and no tests.

    \b
    Examples:
      python -m analysis.report instance/exports/demo --out instance/reports/demo
      python -m analysis.report instance/exports/imagenet instance/exports/dogs
    """
    of_one = (threshold is not None, reproduce_paper, full, bundle, registered)
    if len(exports) > 1 and any(of_one):
        raise click.UsageError(
            "--threshold, --reproduce-paper, --full, --gallery and --preregistered are for one "
            "export; give one"
        )
    with problems_end_the_command():
        folders = exports or (newest_export(EXPORTS),)
        place = out or default_place(folders)
        if len(folders) > 1:
            written = write_side_by_side(folders, place)
        else:
            written = write_report(
                folders[0],
                place,
                threshold=threshold,
                reproduce_paper=reproduce_paper,
                full=full,
                bundle=bundle,
                registered=registered,
            )
    click.echo(written)


def write_report(
    export: Path,
    out: Path,
    *,
    threshold: int | None = None,
    reproduce_paper: bool = False,
    full: bool = False,
    bundle: Path | None = None,
    registered: Path | None = None,
) -> Path:
    """Read an export, analyse it and write the report.

    Args:
        export: the folder to read.
        out: the folder to write.
        threshold: as `analysed` takes it.
        reproduce_paper: as `analysed` takes it.
        full: as `analysed` takes it.
        bundle: of the study; adds a gallery of its pictures.
        registered: its preregistration; adds what deviates from it.

    Returns:
        The page, `out`/report.html. Beside it are figures/ and tables/, and the gallery.

    Raises:
        ExportError: if the export, the bundle, the preregistration or the threshold cannot be used.
    """
    sample = analysed(
        read_export(export),
        threshold=threshold,
        reproduce_paper=reproduce_paper,
        full=full,
        registration=read_registration(registered) if registered else None,
    )
    beside = gallery(sample, bundle) if bundle else {}  # first: it refuses another bundle
    sections, pictures = sections_and_pictures(sample)
    listings = [table for section in sections for table in section.listings]
    html = page(sample, sections, pictures, gallery=GALLERY if beside else "")
    return write_page(out, html, listings, pictures, beside)


def default_place(exports: Sequence[Path]) -> Path:
    """Where a report goes: into the folder of reports, called after its exports."""
    names = [export.resolve().name for export in exports]
    return reports_of(exports[0]) / "-and-".join(names)


def reports_of(export: Path) -> Path:
    """Where reports of an export go: `reports` beside the folder `exports` that it lies in."""
    parent = export.resolve().parent
    return parent.parent / "reports" if parent.name == "exports" else REPORTS
