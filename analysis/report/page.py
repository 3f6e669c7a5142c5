"""The page: sections of tables, figures and prose in one HTML file that needs nothing beside it."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from pkgutil import walk_packages

import jinja2
from markupsafe import Markup

from analysis.report import sections
from analysis.report.figure_files import Drawn, Picture, drawers, picture
from analysis.report.section import Section
from analysis.report.sections import differences, reliance, scores
from analysis.report.table_rows import table_rows
from analysis.statistics.analysed import Analysed

WALKED = walk_packages(sections.__path__, f"{sections.__name__}.")
MODULES = [import_module(module.name) for module in WALKED]
SECTIONS = sorted((one for one in MODULES if hasattr(one, "PLACE")), key=attrgetter("PLACE"))
# The first has a figure soon, the second those that take longest to draw, the third takes longest.
WORKED_OUT_FIRST = [reliance, scores, differences]
TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("reading.js", "copying.js")
DARK = "(prefers-color-scheme: dark)"  # on screens only: paper is white
DIGEST_SHOWN = 12  # characters: enough to tell bundles apart by eye
N_OPEN = 2  # numbered sections that are open at first; others are where a caution stands in them
ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals["table_rows"] = table_rows


def sections_of(analysed: Analysed) -> list[Section]:
    """Every section for which the export has something, in reading order."""
    sections = [module.section(analysed) for module in SECTIONS]
    return [section for section in sections if section is not None]


def sections_and_pictures(analysed: Analysed) -> tuple[list[Section], Mapping[str, Picture]]:
    """The sections, and all their figures by the name of their files.

    Others draw a section's figures while the next section is worked out; what is not drawn at the
    end is waited for where it is looked up. Of nobody there are none.
    """
    if analysed.users.empty:
        return sections_of(analysed), {}
    sections, drawn = {}, {}
    executor = drawers()
    try:
        for module in dict.fromkeys([*WORKED_OUT_FIRST, *SECTIONS]):
            section = module.section(analysed)
            if section is not None:
                sections[module.PLACE] = section
                for name, figure in section.figures.items():
                    drawn[name] = executor.submit(picture, name, figure)
    finally:
        executor.shutdown(wait=False)
    return [sections[place] for place in sorted(sections)], Drawn(drawn)


def page(
    analysed: Analysed,
    sections: Sequence[Section],
    pictures: Mapping[str, Picture],
    *,
    gallery: str = "",
) -> str:
    """Lay out the whole report.

    Args:
        analysed: for the facts that are printed.
        sections: as `sections_of` returns them.
        pictures: as `sections_and_pictures` returns them.
        gallery: the page beside it that shows stimuli; empty where there is none.
    """
    export = analysed.export
    numbered = [section for section in sections if not section.foremost]
    started = export.participants["started_at"].dropna()
    if len(started):
        days = [f"{day.day} {day:%B %Y}" for day in (started.min(), started.max())]
        dates = " to ".join(dict.fromkeys(days))
    else:
        dates = "not recorded" if len(export.participants) else "nobody yet"
    return render(
        "report.html",
        kind="report",
        gallery=gallery,
        analysed=analysed,
        export=export,
        facts=export.facts,
        sections=sections,
        numbers={section.name: number for number, section in enumerate(numbered, start=1)},
        n_open=N_OPEN,
        tables={table.name: table for section in sections for table in section.listings},
        pictures=pictures,
        title=export.study.study.title or export.facts.study,
        digest=export.facts.bundle_digest[:DIGEST_SHOWN],
        dates=dates,
        n_analysed=analysed.n_analysed,
    )


def render(template: str, **facts: object) -> str:
    """A page of `templates/` in the frame, the design and the script that all have.

    Args:
        template: its name.
        facts: what it needs, among them its title and kind.
    """
    return ENVIRONMENT.get_template(template).render(
        css=Markup(
            (TEMPLATES / "report.css").read_text("utf-8").replace(DARK, f"screen and {DARK}")
        ),
        script=Markup("\n".join((TEMPLATES / name).read_text("utf-8") for name in SCRIPTS)),
        serif=_base64("source-serif-4-latin-wght-normal.woff2"),
        bird=_base64("lorikeet.svg"),
        **facts,
    )


def _base64(name: str) -> str:
    return b64encode((TEMPLATES / name).read_bytes()).decode("ascii")
