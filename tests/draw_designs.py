"""Draws the pages of the recipes for `docs/designs.md`, in a real browser.

`python -m tests.draw_designs BUNDLE [NAME…]` writes `docs/pictures/design-NAME.jpg`, on the tables
by which the bundle was built: the demo's, or any other of the drawn species.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.lab import ROOT
from tests.recipes import NAMES, upon
from tests.study_app.sites import Site, open_loaded
from tests.web import FORM, RADIOS, leave, open_chromium, screen_of, selector_of, start

WINDOW = {"width": 1040, "height": 720}
WIDTH, GAP = 616, 8  # of a page in the picture, in pixels
GROUND = (128, 128, 128)
SCREENS = 12  # after which every page of a recipe has been met
SHOWN = {  # the group, and the pages
    "accept_reject": ("neighbours", ("card", "judge")),
    "human_alone": ("alone", ("judge",)),
    "advice_taking": ("gradcam", ("alone", "advised")),
    "advice_with_confidence": ("gradcam", ("alone", "sure")),
    "forward_simulation": ("gradcam", ("foresee", "lesson")),
    "multi_class": ("neighbours", ("choose",)),
    "on_demand": ("gradcam", ("decide", "asked")),
    "distinction": ("gradcam", ("distinguish",)),
}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A page as it looked.

    Attributes:
        name: of the step or screen; "asked" where everything was asked for.
    """

    name: str
    picture: Image.Image


def draw(bundle: Path, name: str, browser: Browser) -> Path:
    """The picture of a recipe's pages, side by side."""
    condition, wanted = SHOWN[name]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.toml"
        file.write_text(upon(name, (bundle / "study.toml").read_text("utf-8"), trials=6), "utf-8")
        with open_loaded(Path(folder), bundle, "--study", file) as site:
            page = somebody_of(condition, site, browser)
            met: dict[str, Image.Image] = {}
            for taken in pages(page):
                met.setdefault(taken.name, taken.picture)
                if {*wanted} <= {*met}:
                    break
    out = ROOT / f"docs/pictures/design-{name.replace('_', '-')}.jpg"
    side_by_side([met[one] for one in wanted]).save(out, quality=80, optimize=True)
    return out


def somebody_of(condition: str, site: Site, browser: Browser) -> Page:
    """The first page of somebody whom the study sent to a condition."""
    while True:
        page = start(browser.new_page(viewport=WINDOW), site.url)  # type: ignore[arg-type]
        if site.participant(page).condition == condition:
            return page
        page.context.close()


def pages(page: Page) -> Iterator[Taken]:
    """The screens of somebody who answers, as they look before the answer."""
    for _ in range(SCREENS):
        trial = page.get_attribute(f"{FORM} [name=trial]", "value") if _has_trial(page) else None
        name = (trial or "").partition(":")[2] or screen_of(page)
        yield _taken(name, page)
        for ask in page.query_selector_all("button[data-ask]"):
            ask.click()
            page.wait_for_timeout(500)
            yield _taken("asked", page)
        answer(page)


def answer(page: Page) -> None:
    """Answer with the first button, and whatever there is to fill in before."""
    this = selector_of(page)
    for group in page.eval_on_selector_all(RADIOS, "all => [...new Set(all.map((r) => r.name))]"):
        page.check(f"[name='{group}'] >> nth=0")
    for line in page.query_selector_all(f"{FORM} [type=range], {FORM} [data-slider] .line"):
        line.focus()
        page.keyboard.press("ArrowRight")
    page.click(f"{FORM} button[name=answer] >> nth=0")
    leave(page, this)


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Pages beside each other, as high as the highest of them."""
    small = [p.resize((WIDTH, round(p.height * WIDTH / p.width))) for p in pictures]
    size = (len(small) * (WIDTH + GAP) - GAP, max(picture.height for picture in small))
    whole = Image.new("RGB", size, GROUND)
    for place, picture in enumerate(small):
        whole.paste(picture, (place * (WIDTH + GAP), 0))
    return whole


def _has_trial(page: Page) -> bool:
    return page.query_selector(f"{FORM} [name=trial]") is not None


def _taken(name: str, page: Page) -> Taken:
    return Taken(name=name, picture=Image.open(BytesIO(page.screenshot())).convert("RGB"))


if __name__ == "__main__":
    with open_chromium() as chromium:
        for recipe in sys.argv[2:] or NAMES:
            click.echo(draw(Path(sys.argv[1]), recipe, chromium))
