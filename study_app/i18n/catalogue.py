"""Every sentence that a participant may meet, as Babel finds them in templates and modules."""

from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_file

PACKAGE = Path(__file__).parent.parent
KEYWORDS = {"_": None, "gettext": None, "sentence": None, "say": (2,)}
AS_ON_THE_PAGES = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
# Patterns of files, in the order in which people meet them. A sentence belongs to the first page
# that says it.
PAGES = {
    "Every page": ("templates/base.html",),
    "The landing page": (
        *("templates/landing.html", "templates/_outlook.html", "templates/_again.html"),
    ),
    "Every page of a session": ("templates/session.html", "templates/_answer.html"),
    "Consent, and the names of the parts": (
        "templates/consent.html",
        "session/consent.py",
        "i18n/wording.py",
        "i18n/pay.py",
    ),
    "The look at the device": ("templates/check.html",),
    "Questions": (
        *("templates/questions.html", "templates/_questions.html", "templates/_response.html"),
        *("templates/attention.html", "templates/responses/*.html"),
        "../stimuli/study/responses/*.py",
    ),
    "Instructions": ("templates/instructions.html", "templates/_instructions.html"),
    "Questions on the instructions": ("templates/comprehension.html", "session/comprehension.py"),
    "Before the decision": ("templates/seen.html", "templates/card.html"),
    "The decision, in practice and later": (
        *("templates/_trial.html", "templates/judge.html", "templates/_pictures.html"),
    ),
    "A step of a study's own": (
        *("../stimuli/study/steps.py", "templates/step.html", "templates/_step.html"),
    ),
    "Feedback in practice": ("templates/feedback.html",),
    "The pause": ("templates/pause.html",),
    "The last questions": (
        *("templates/comments.html", "i18n/answer_labels.py", "session/comments.py"),
    ),
    "The end": ("templates/debrief.html",),
    "Stopping": ("templates/withdraw.html",),
    "What may come between": (
        *("templates/elsewhere.html", "templates/no_connection.html", "templates/framed.html"),
    ),
    "Problems": ("templates/problem.html", "web/problem_pages.py"),
}
FOR_EXPERIMENTERS = {"experimenter.html", "_condition.html", "login.html", "not_ready.html"}
OTHERS = "Other pages"


def catalogue() -> dict[str, list[str]]:
    """The sentences of each page that has any, in their order; each sentence once."""
    first_pages: dict[str, str] = {}
    for page in (*PAGES, OTHERS):
        for path in files_of(page):
            for english in extract(path):
                first_pages.setdefault(english, page)
    by_page: dict[str, list[str]] = {}
    for english, page in first_pages.items():
        by_page.setdefault(page, []).append(english)
    return by_page


def files_of(page: str) -> list[Path]:
    """The templates and modules that say what a page says.

    A screen's template that `PAGES` does not name belongs to the other pages.
    """
    if page != OTHERS:
        return [path for pattern in PAGES[page] for path in sorted(PACKAGE.glob(pattern))]
    named = {path for known in PAGES for path in files_of(known)}
    templates = PACKAGE.glob("templates/*.html")
    return [p for p in sorted(templates) if p not in named and p.name not in FOR_EXPERIMENTERS]


def sentences() -> list[str]:
    """All of them."""
    return [english for of_page in catalogue().values() for english in of_page]


@cache
def extract(path: Path) -> tuple[str, ...]:
    """The sentences of a template or a module, which stays as it is while the server runs."""
    is_template = path.suffix == ".html"
    method = "jinja2.ext:babel_extract" if is_template else "python"
    options = AS_ON_THE_PAGES if is_template else {}
    found = extract_from_file(method, path, keywords=KEYWORDS, options=options)
    return tuple(said if isinstance(said, str) else said[0] for _, said, _, _ in found)
