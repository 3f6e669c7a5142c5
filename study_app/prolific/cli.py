"""The commands of `study` that are about Prolific."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from study_app.active_study import active_study
from study_app.audit import note
from study_app.cli_errors import problems_as_messages
from study_app.database import writing
from study_app.errors import RefusalError
from study_app.prolific.payments import write_payments
from study_app.prolific.reconciliation import reconcile as reconcile_submissions
from study_app.prolific.reconciliation import reconciliation_text
from study_app.prolific.setup import setup_text
from study_app.prolific.submissions import NAMES, read_submissions


@click.command("prolific-setup")
@click.option("--url", default="http://127.0.0.1:5000", show_default=True, help="The server.")
@with_appcontext
@problems_as_messages
def prolific_setup(url: str) -> None:
    """Print the study's address and its completion codes, to paste into Prolific.

    Example: flask --app study_app study prolific-setup --url https://study.example.org
    """
    active = active_study(fresh=True)
    text = setup_text(active, url)
    with writing():
        note(f"printed the completion codes for {active.study.provider.name}")
    click.echo(text)


@click.command()
@click.argument("file", metavar="CSV", type=click.Path(path_type=Path))
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=HEADER",
    help=f"What the file calls one of: {', '.join(NAMES)}.",
)
@with_appcontext
@problems_as_messages
def reconcile(file: Path, columns: tuple[str, ...]) -> None:
    """Read Prolific's demographic data (a CSV): release places, find what does not fit.

    Example: flask --app study_app study reconcile prolific_export_65f0.csv
    """
    active = active_study(fresh=True)
    headers = [text.partition("=")[::2] for text in columns]
    problems = [
        f"{name!r}: is none of {', '.join(NAMES)}" for name, _ in headers if name not in NAMES
    ]
    if problems:
        raise RefusalError("--column", problems)
    reconciliation = reconcile_submissions(active, read_submissions(file, dict(headers)))
    click.echo(reconciliation_text(reconciliation))
    click.echo("Next: flask --app study_app study payments instance/payments.csv")


@click.command()
@click.argument("file", metavar="CSV", type=click.Path(path_type=Path))
@with_appcontext
@problems_as_messages
def payments(file: Path) -> None:
    """Write whom to approve, pay in part, ask to return or review, to a new CSV. It holds ids.

    Example: flask --app study_app study payments instance/payments.csv
    """
    actions = write_payments(active_study(fresh=True), file)
    click.echo(f"Wrote {file}: " + ", ".join(f"{n} {action}" for action, n in actions.items()))


COMMANDS = (prolific_setup, reconcile, payments)
