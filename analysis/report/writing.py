"""A page in its folder: whole or not at all, its tables and figures beside it."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.report.figure_files import Picture
from analysis.report.listing import Listing
from analysis.report.picture_gallery import GALLERY, PICTURES

PAGE = "report.html"


def write_page(
    out: Path,
    html: str,
    listings: Iterable[Listing],
    pictures: Mapping[str, Picture],
    beside: Mapping[str, bytes],
    *,
    page: str = PAGE,
) -> Path:
    """Write a page with tables/ and figures/, in place of an older one; other files stay.

    Args:
        out: the folder.
        html: the page.
        listings: a CSV file for each.
        pictures: an SVG and a PNG file for each.
        beside: the gallery, as `picture_gallery.gallery` returns it, or other files, by path.
        page: the name of its file.

    Returns:
        The page, `out`/`page`.
    """
    partial = out.with_name(f"{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)  # of a report that was cut off
    _write_text(partial / page, html)
    for table in listings:
        _write_text(partial / "tables" / f"{table.name}.csv", table.csv)
    for name, picture in pictures.items():
        _write_text(partial / "figures" / f"{name}.svg", picture.svg)
        (partial / "figures" / f"{name}.png").write_bytes(picture.png)
    for path, content in beside.items():
        (partial / path).parent.mkdir(exist_ok=True)
        (partial / path).write_bytes(content)
    if (out / page).exists():
        (out / GALLERY).unlink(missing_ok=True)
        for folder in ("tables", "figures", PICTURES):
            shutil.rmtree(out / folder, ignore_errors=True)
    shutil.copytree(partial, out, dirs_exist_ok=True)
    shutil.rmtree(partial)
    return out / page


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")  # the same line ends on every system
