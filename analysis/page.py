"""The page: tables, figures and prose in one HTML file that needs nothing beside it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pandas as pd
from markupsafe import Markup

from analysis import drawing, figures
from analysis.export import Export
from analysis.facts import AiOnly
from analysis.listing import Listing
from analysis.results import Results
from analysis.sentences import comparison_in_words, unequal_pass_rates

TEMPLATES = Path(__file__).parent / "templates"
DOUBTFUL = 0.05  # p below which pass rates are called unequal
DIGEST_SHOWN = 12  # characters: enough to tell bundles apart by eye


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure in its two file formats."""

    name: str
    svg: str
    png: bytes

    def inline(self, label: str) -> Markup:
        """The SVG for the page: as wide as its place, and named for screen readers."""
        svg = self.svg[self.svg.index("<svg") :]
        svg = re.sub(r' (width|height)="[\d.]+pt"', "", svg, count=2)
        named = Markup('<svg role="img" aria-label="{}"').format(label)
        return Markup(svg.replace("<svg", str(named), 1))


@dataclass(frozen=True, kw_only=True)
class Alone:
    """What the page says of one classifier without people.

    Attributes:
        settings: its threshold T*.
        n_pool: images of the pool.
        covered_percent: share of the pool that lies in the six bins.
        everywhere: whether T* lies where every easy decision is right and every hard one wrong.
    """

    settings: AiOnly
    n_pool: int
    covered_percent: float
    everywhere: bool


def page(
    export: Export,
    results: Results,
    tables: Mapping[str, Listing],
    pictures: Mapping[str, Picture],
) -> str:
    """Lay out the whole report.

    Args:
        export: for the facts that are printed.
        results: for the numbers in the prose.
        tables: as `listings.listings` returns them.
        pictures: as `draw` returns them.
    """
    return _template().render(
        css=Markup((TEMPLATES / "report.css").read_text("utf-8")),
        export=export,
        facts=export.facts,
        results=results,
        tables=tables,
        pictures=pictures,
        title=export.study.study.title or export.facts.study,
        digest=export.facts.bundle_digest[:DIGEST_SHOWN],
        dates=_dates(export.participants),
        steps=_totals(results.flow),
        sentences=[comparison_in_words(row) for _, row in results.comparisons.iterrows()],
        unequal=[
            unequal_pass_rates(test)
            for _, test in results.pass_tests.iterrows()
            if test["p"] < DOUBTFUL
        ],
        alone=_alone(export, results),
    )


def draw(results: Results, conditions: Sequence[str]) -> dict[str, Picture]:
    """Every figure, by the name of its files; none where nobody is analysed."""
    if results.users.empty:
        return {}
    drawn = {
        "accuracy": figures.per_user(results.users, results.accuracy),
        "bins": figures.by_bin(results.bins, results.adversarial, conditions),
        "acceptance": figures.acceptance(results.acceptance),
        "against_ai": figures.against_ai(results.against_ai, conditions),
    }
    return {
        name: Picture(name=name, svg=drawing.as_svg(figure, name), png=drawing.as_png(figure))
        for name, figure in drawn.items()
    }


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _dates(participants: pd.DataFrame) -> str:
    started = participants["started_at"].dropna()
    if started.empty:
        return "nobody yet"
    first, last = (f"{day.day} {day:%B %Y}" for day in (started.min(), started.max()))
    return first if first == last else f"{first} to {last}"


def _totals(flow: pd.DataFrame) -> dict[str, int]:
    totals = flow[(flow["condition"] == "All") & (flow["outcome"] == "")]
    return {str(step): int(n) for step, n in zip(totals["step"], totals["n"], strict=True)}


def _alone(export: Export, results: Results) -> list[Alone]:
    bands = export.study.bins
    found = []
    for name in results.ai_only["classifier"].drop_duplicates():
        settings = next(ai for ai in export.facts.ai_only if ai.classifier == name)
        weights = results.weights[results.weights["classifier"] == name]
        sizes = results.ai_only[results.ai_only["classifier"] == name].set_index("basis")
        found.append(
            Alone(
                settings=settings,
                n_pool=int(sizes.loc["whole pool", "n_images"]),
                covered_percent=float(weights["pool_percent"].sum(min_count=1)),
                everywhere=bands.low_below <= settings.threshold <= bands.high_from,
            )
        )
    return found
