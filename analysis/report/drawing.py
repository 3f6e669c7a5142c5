"""How every figure looks, and how it is written: palette, sizes, SVG and PNG.

The files are the same, byte for byte, for the same tables: text is measured with the font that
matplotlib brings, ids are salted with the figure's name, and no date is written.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from PIL import Image

# Okabe and Ito (2008): told apart with any colour vision. Their yellow is too pale on white, and
# black is kept for means. A marker goes with each, for print without colour.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v", "P")
INK, MUTED, RULE = "#1f2328", "#5f6670", "#dfe2e6"
WIDTH = 7.2  # inches; two columns of a paper
DPI = 300
COMPRESSION = 3  # of PNG: a fifth larger than with 6, in half the time

STYLE = {
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.edgecolor": RULE,
    "axes.facecolor": "none",
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "svg.fonttype": "none",  # text stays text: it can be found, copied and edited
}
MEASURED_WITH = "DejaVu Sans"  # comes with matplotlib, so the layout is the same everywhere
READ_IN = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
PNG_FONTS = ["Helvetica Neue", "Helvetica", "Arial", "Liberation Sans", MEASURED_WITH]
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


def styled(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Draw with the style of this module, and leave matplotlib's settings as they were.

    The layout is worked out here, once: each file that is written would do it again.
    """

    @wraps(draw)
    def drawn(*args: object, **kwargs: object) -> Figure:
        with _style():
            figure = draw(*args, **kwargs)
            if layout := figure.get_layout_engine():
                layout.execute(figure)
            figure.set_layout_engine("none")
            return figure

    return drawn


def look_of(conditions: Sequence[str]) -> dict[str, tuple[str, str]]:
    """A colour and a marker for each condition, the same in every figure."""
    return {
        name: (COLOURS[i % len(COLOURS)], MARKERS[(i + i // len(COLOURS)) % len(MARKERS)])
        for i, name in enumerate(conditions)
    }


def per_cent_axis(
    axes: Axes, *, vertical: bool = False, low: float = 0, high: float = 100, step: int = 25
) -> None:
    """Label an axis in per cent, with a quiet grid."""
    axis = axes.yaxis if vertical else axes.xaxis
    ticks = range(100 - int((100 - low) // step) * step, 101, step)
    axis.set_ticks(ticks, labels=[f"{tick} %" for tick in ticks])
    axis.grid(visible=True, color=RULE, linewidth=0.6)
    (axes.set_ylim if vertical else axes.set_xlim)(low, high)
    axes.spines["left" if vertical else "bottom"].set_visible(False)


def as_svg(figure: Figure, name: str) -> str:
    """The figure as SVG. Every id starts with `name`, so that several fit on one page."""
    text = io.StringIO()
    canvas: Any = FigureCanvasSVG(figure)
    figure.set_facecolor("none")
    with _style(**{"svg.hashsalt": name}):
        canvas.print_svg(text, metadata=NO_METADATA)
    svg = text.getvalue().replace(f"'{MEASURED_WITH}'", READ_IN)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", svg)


def as_png(figure: Figure) -> bytes:
    """The figure as PNG, for slides and word processors."""
    data = io.BytesIO()
    figure.set(dpi=DPI, facecolor="white")
    canvas: Any = FigureCanvasAgg(figure)
    with _style(**{"font.sans-serif": PNG_FONTS}):
        canvas.draw()
    size = canvas.get_width_height(physical=True)
    opaque = Image.frombuffer("RGBA", size, canvas.buffer_rgba()).convert("RGB")
    opaque.save(data, "png", compress_level=COMPRESSION, dpi=(DPI, DPI))
    return data.getvalue()


@contextmanager
def _style(**more: object) -> Iterator[None]:
    settings: dict[Any, Any] = {**STYLE, "font.sans-serif": [MEASURED_WITH], **more}
    with matplotlib.rc_context(settings):
        yield
