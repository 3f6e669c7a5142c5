"""Lines, points and legends read back from an SVG file that matplotlib wrote."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Outline

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+\.?\d*")


class Mark(NamedTuple):
    """A line or point.

    Attributes:
        dash: empty where the line is whole or there is none.
        marker: matplotlib's letter; empty where there is none.
        points: (n, 2) x and y on the page, down the page; not what marks are compared by.
    """

    colour: str
    dash: str
    marker: str
    points: np.ndarray

    @property
    def look(self) -> tuple[str, str, str]:
        return self.colour, self.dash, self.marker


class Drawing:
    """A figure as its file has it."""

    def __init__(self, path: Path) -> None:
        root = ElementTree.parse(path).getroot()
        self._groups = {g.get("id", ""): g for g in root.iter(f"{SVG}g")}
        paths = root.iter(f"{SVG}path")
        self._outlines = {p.get("id"): outline(points_of(p.get("d", ""))) for p in paths}

    @property
    def panels(self) -> dict[str, list[Mark]]:
        """By title: all lines and points inside the axes."""
        return {texts_of(panel)[-1]: self._marks(panel) for panel in self._axes}

    @property
    def texts(self) -> dict[str, list[str]]:
        """By title: what stands inside the axes."""
        return {texts_of(panel)[-1]: texts_of(panel)[:-1] for panel in self._axes}

    @property
    def _axes(self) -> list[Element]:
        return [g for name, g in self._groups.items() if name.startswith("axes_")]

    @property
    def legend(self) -> list[tuple[str, Mark]]:
        """Every entry in order."""
        group = self._groups["legend_1"]
        return list(zip(texts_of(group), self._marks(group), strict=True))

    def _marks(self, group: Element) -> list[Mark]:
        lines = (g for g in group if g.get("id", "").startswith("line2d_"))
        return [mark for line in lines if (mark := self._mark(line)) is not None]

    def _mark(self, line: Element) -> Mark | None:
        """None where nothing is drawn."""
        path, uses = line.find(f"{SVG}path"), list(line.iter(f"{SVG}use"))
        if path is not None and path.get("d", "").strip():
            style, points = path.get("style", ""), points_of(path.get("d", ""))
        elif uses:
            style = uses[0].get("style", "")
            points = np.array([[float(use.get(axis, "")) for axis in "xy"] for use in uses])
        else:
            return None
        colour = re.search(r"(?<!-)\bstroke: (#\w{6})", style)
        dash = re.search(r"stroke-dasharray: ([\d.,]+)", style)
        marker = MARKERS[self._outlines[uses[0].get(LINK, "")[1:]]] if uses else ""
        found = colour.group(1) if colour else ""
        return Mark(found, dash.group(1) if dash else "", marker, points)


def texts_of(group: Element) -> list[str]:
    """The texts that stand in a group itself."""
    groups = [g for g in group if g.get("id", "").startswith("text_")]
    return [str(text.text) for g in groups for text in g.iter(f"{SVG}text")]


def points_of(path: str) -> np.ndarray:
    """(n, 2) of a path's `d`."""
    return np.array([float(n) for n in NUMBER.findall(path)]).reshape(-1, 2)


def outline(points: np.ndarray) -> frozenset[tuple[float, float]]:
    """A shape of any size."""
    size = np.abs(points).max(initial=1e-9)
    return frozenset((round(x, 2) + 0.0, round(y, 2) + 0.0) for x, y in points / size)


def letters(markers: str) -> Iterator[tuple[frozenset[tuple[float, float]], str]]:
    """Outlines as they are on a page, where y points down."""
    for letter in markers:
        style = MarkerStyle(letter)
        path = style.get_path().transformed(style.get_transform())
        codes = (
            path.codes if path.codes is not None else np.full(len(path.vertices), Outline.LINETO)
        )
        yield outline(path.vertices[codes != Outline.CLOSEPOLY] * [1, -1]), letter


MARKERS = dict(letters("os^vDPX"))
