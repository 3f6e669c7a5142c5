"""A figure in its two file formats, and the processes that draw it beside the analysis."""

import multiprocessing
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass

from markupsafe import Markup
from matplotlib.figure import Figure

from analysis.report import drawing

MOST_DRAWERS = 4  # a report has about ten figures, and each process needs memory


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


def picture(name: str, figure: Callable[[], Figure]) -> Picture:
    """Draw a figure.

    Args:
        name: of its files.
        figure: makes it.
    """
    drawn = figure()
    return Picture(name=name, svg=drawing.as_svg(drawn, name), png=drawing.as_png(drawn))


def pictures_of(figures: Mapping[str, Callable[[], Figure]]) -> dict[str, Picture]:
    """Draw figures one after the other, by the name of their files."""
    return {name: picture(name, figure) for name, figure in figures.items()}


class Drawn(Mapping[str, Picture]):
    """Pictures that others draw, by name: each is waited for when it is looked up."""

    def __init__(self, futures: Mapping[str, Future[Picture]]) -> None:
        self._futures = futures

    def __getitem__(self, name: str) -> Picture:
        return self._futures[name].result()

    def __contains__(self, name: object) -> bool:
        return name in self._futures

    def __iter__(self) -> Iterator[str]:
        return iter(self._futures)

    def __len__(self) -> int:
        return len(self._futures)


def drawers() -> Executor:
    """Who draws while sections are worked out: other processes, or where only Linux's fork would
    start them with everything imported, a thread."""
    if sys.platform != "linux":
        return ThreadPoolExecutor(max_workers=1)
    n_drawers = min(MOST_DRAWERS, len(os.sched_getaffinity(0)))
    return ProcessPoolExecutor(n_drawers, mp_context=multiprocessing.get_context("fork"))
