"""What pages of the offline stage look like: one frame, one stylesheet, one typeface."""

from base64 import b64encode
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
FRAME_PACKAGE = "stimuli.review"


def templates_of(package: str) -> Environment:
    """The templates of a package, which may extend `frame.html`."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(FRAME_PACKAGE)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def design() -> dict[str, str]:
    """What `frame.html` is given: the stylesheet, and typeface and bird in base 64."""
    return {
        "css": Markup((TEMPLATES / "review.css").read_text("utf-8")),
        "serif": _base64("source-serif-4-latin-wght-normal.woff2"),
        "bird": _base64("lorikeet.svg"),
    }


def _base64(name: str) -> str:
    return b64encode((TEMPLATES / name).read_bytes()).decode("ascii")
