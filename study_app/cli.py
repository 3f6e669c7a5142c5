"""`flask --app study_app study …`: everything an experimenter does on the server."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_migrate import upgrade

from study_app.backup import backup as back_up
from study_app.erasure import erase as erase_person
from study_app.export import export as export_study
from study_app.loading import load as load_bundle
from study_app.monitoring import overview
from study_app.plainly import plainly
from study_app.prolific.cli import COMMANDS
from study_app.rehearsal_cli import simulate
from study_app.running import running_study
from study_app.status import links_text, status_text
from study_app.wording import hourly_pay

study = AppGroup("study", help="Load a study, rehearse it, watch it, export its answers.")
for command in (*COMMANDS, simulate):
    study.add_command(command)


@study.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--study", "study_file", type=click.Path(path_type=Path), help="Replaces the online tables."
)
@plainly
def load(bundle: Path, study_file: Path | None) -> None:
    """Put the study of a BUNDLE in force.

    Example: flask --app study_app study load instance/bundles/demo
    """
    upgrade()
    changed = load_bundle(bundle, study_file)
    running = running_study(fresh=True)
    counts = ", ".join(f"{n} {phase}" for phase, n in running.trial_counts.items())
    click.echo(f"{'Loaded' if changed else 'Already in force:'} {running.study.study.name}")
    click.echo(f"{', '.join(running.conditions)}; trials: {counts}")
    click.echo("Next: flask --app study_app study links")


@study.command()
@click.option("--url", default="http://127.0.0.1:5000", show_default=True, help="The server.")
@plainly
def links(url: str) -> None:
    """Print the links of participants and of the experimenter.

    Example: flask --app study_app study links --url https://study.example.org
    """
    running_study(fresh=True)
    click.echo(links_text(url))


@study.command()
@plainly
def status() -> None:
    """Print how many people are where.

    Example: flask --app study_app study status
    """
    running = running_study(fresh=True)
    for simulated in (False, True):
        view = overview(running, simulated=simulated)
        click.echo(status_text(view))
        if not simulated and (hourly := hourly_pay(running.study.pay, view.median_minutes)):
            click.echo(f"Of those who completed, {hourly}")


@study.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@plainly
def export(folder: Path) -> None:
    """Write every answer to a new folder DIR, without names and links.

    Example: flask --app study_app study export instance/exports/demo
    """
    rows = export_study(running_study(fresh=True), folder)
    click.echo(f"Wrote {folder}: " + ", ".join(f"{n} {name}" for name, n in rows.items()))
    click.echo(f"Next: python -m analysis.report {folder}")


@study.command()
@click.option("--participant", help="As exports call the person.")
@click.option("--prolific", help="Prolific's id of the person.")
@click.confirmation_option(prompt="Erase what this person gave? It cannot be brought back")
@plainly
def erase(participant: str | None, prolific: str | None) -> None:
    """Delete a person's answers, ids and demographics, who then counts as withdrawn.

    Example: flask --app study_app study erase --participant 3f9a0c2b71d4
    """
    running_study(fresh=True)
    names = erase_person(participant_id=participant, prolific_pid=prolific)
    click.echo(f"Erased {', '.join(names)}. Exports and backups of before still hold the answers")


@study.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@plainly
def backup(file: Path) -> None:
    """Write the whole database to a new FILE, while the study runs. It holds ids.

    Example: flask --app study_app study backup instance/backups/monday.sqlite
    """
    running_study(fresh=True)
    click.echo(f"Wrote {file}: {back_up(file) / 1e6:.1f} MB")
