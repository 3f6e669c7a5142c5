"""The commands of `study` that decide whom it takes in."""

import click
from flask.cli import with_appcontext

from study_app.active_study import active_study
from study_app.cli_errors import problems_as_messages
from study_app.dashboard.monitoring import overview
from study_app.dashboard.status import going_on_text, version_text
from study_app.enrolment import recruiting
from study_app.enrolment.recruiting import open_wave
from study_app.enums import Wave

HOW_TO_RESUME = "`flask --app study_app study resume` takes people in again"


@click.command()
@click.argument("wave", type=click.Choice([Wave.PILOT.value, Wave.MAIN.value]))
@with_appcontext
@problems_as_messages
def recruit(wave: str) -> None:
    """Take in people of the pilot or of the main WAVE from now on.

    Who took part in one wave is not taken into another, and waves are counted and exported apart.

    Example: flask --app study_app study recruit pilot
    """
    quota = open_wave(active_study(fresh=True), Wave(wave))
    click.echo(f"Recruiting for {wave}; places in each condition: {quota or 'no end'}")
    click.echo(version_text(active_study(fresh=True).version, recruiting.in_force_since()))
    if recruiting.recruiting().paused:
        click.echo(f"Warning: recruiting is paused, nobody new gets in; {HOW_TO_RESUME}", err=True)


@click.command()
@with_appcontext
@problems_as_messages
def pause() -> None:
    """Take nobody new in for now; who is under way goes on.

    Example: flask --app study_app study pause
    """
    active = active_study(fresh=True)
    is_change = recruiting.pause()
    counts = overview(active, recruiting.recruiting().wave, simulated=False)
    click.echo("Recruiting is paused" if is_change else "Recruiting was paused already")
    click.echo(going_on_text(counts.under_way))
    click.echo(f"Next: {HOW_TO_RESUME}")


@click.command()
@with_appcontext
@problems_as_messages
def resume() -> None:
    """Take people in again after a pause.

    Example: flask --app study_app study resume
    """
    active_study(fresh=True)
    is_change, state = recruiting.resume(), recruiting.recruiting()
    again = "Recruiting again" if is_change else "Recruiting was not paused"
    click.echo(f"{again}: {state.wave}; places in each condition: {state.quota or 'no end'}")


COMMANDS = (recruit, pause, resume)
