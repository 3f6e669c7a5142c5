"""What `study status` and `study links` print."""

from urllib.parse import urljoin

from study_app.monitoring import Overview, Row
from study_app.tokens import experimenter_token
from study_app.views import PROLIFIC_PARAMETERS

HEADINGS = ("condition", "started", "under way", "completed", "passed validation", "others")


def links_text(url: str) -> str:
    """Where participants enter, what to paste into Prolific, and where to watch."""
    base = url if url.endswith("/") else f"{url}/"
    query = "&".join(f"{name}={{{{%{name}%}}}}" for name in PROLIFIC_PARAMETERS)
    return "\n".join(
        (
            f"Participants  {base}",
            f"Prolific      {base}?{query}",
            f"Experimenter  {urljoin(base, f'experimenter/{experimenter_token()}')}",
        )
    )


def status_text(view: Overview) -> str:
    """A table of one kind of people, real or simulated."""
    who = "Simulated participants" if view.simulated else "Participants"
    if not view.started:
        return f"{who}: none yet"
    lines = [HEADINGS, *map(_cells, view.rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
    return "\n".join([f"{who}: {view.completed} of {view.started} completed", *table])


def _cells(row: Row) -> tuple[str, ...]:
    others = ", ".join(f"{n} {outcome}" for outcome, n in row.others.items())
    passed = f"{row.passed_validation} of {row.judged_validation}"
    return (
        row.condition,
        str(row.started),
        str(row.under_way),
        str(row.completed),
        passed,
        others or "-",
    )
