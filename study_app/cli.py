"""`flask --app study_app study …`: everything an experimenter does on the server."""

from pathlib import Path

import click
from flask.cli import AppGroup

from stimuli.bundle import read_bundle
from stimuli.study import default_text_warnings, read_study
from study_app.active_study import active_study
from study_app.audit import audit_text, note
from study_app.cli_errors import problems_as_messages
from study_app.dashboard import cli as recruiting_cli
from study_app.dashboard.monitoring import overview
from study_app.dashboard.passwords import check_can_set, set_password
from study_app.dashboard.status import (
    invitation_address,
    links_text,
    status_text,
    version_text,
    wave_text,
)
from study_app.dashboard.waves import waves
from study_app.database import upgrade_tables, writing
from study_app.enrolment.allocation import replay as draw_again
from study_app.enrolment.invitations import invite as invite_participants
from study_app.enrolment.recruiting import in_force_since, recruiting
from study_app.enums import Wave
from study_app.errors import RefusalError
from study_app.export.comments_look import telling
from study_app.export.identities import IDENTITIES
from study_app.export.participations import Selection
from study_app.export.question_rows import comments
from study_app.export.write import export as export_study
from study_app.i18n.pay import hourly_pay
from study_app.i18n.translations import names_table, translation_problems, words_table
from study_app.loading.load import load as load_bundle
from study_app.prolific import cli as prolific_cli
from study_app.session.erasure import erase as erase_participant
from study_app.simulation.cli import simulate
from study_app.storage.backup import backup as back_up
from study_app.storage.deleted_rows import clear_deleted_rows
from study_app.storage.integrity import check_integrity
from study_app.storage.set_aside import set_aside as set_database_aside

study = AppGroup("study", help="Load a study, rehearse it, watch it, export its answers.")
for command in (*recruiting_cli.COMMANDS, *prolific_cli.COMMANDS, simulate):
    study.add_command(command)


@study.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--study", "study_file", type=click.Path(path_type=Path), help="Replaces the online tables."
)
@problems_as_messages
def load(bundle: Path, study_file: Path | None) -> None:
    """Put the study of a BUNDLE in force.

    Example: flask --app study_app study load instance/bundles/demo
    """
    check_integrity()
    upgrade_tables()
    changed = load_bundle(bundle, study_file)
    active = active_study(fresh=True)
    counts = ", ".join(f"{n} {phase}" for phase, n in active.trial_counts.items())
    if changed:
        with writing():
            name, digest = active.study.study.name, active.study_digest[:12]
            note(f"loaded the study {name}, version {active.version}, {digest}")
    number = f", version {active.version}" if active.version > 1 else ""
    click.echo(f"{'Loaded' if changed else 'Already in force:'} {active.study.study.name}{number}")
    problems = translation_problems(active.study, active.bundle)
    for problem in [*problems, *default_text_warnings(active.study)]:
        click.echo(f"Warning: {problem}", err=True)
    mixed = ", mixed" if active.study.gate.interleaved else ""
    click.echo(f"{', '.join(active.conditions)}; trials: {counts}{mixed}")
    click.echo("Next: flask --app study_app study links")
    click.echo('Serve it here: gunicorn --bind 127.0.0.1:5000 "study_app:create_app()"')


@study.command()
@click.argument("study_file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--bundle", type=click.Path(path_type=Path), help="Prints [names] too: what this bundle says."
)
@problems_as_messages
def words(study_file: Path | None, bundle: Path | None) -> None:
    """Print the table [words], to translate: every sentence that a participant may meet.

    With a STUDY_FILE, those that it has translated are filled in.

    Example: flask --app study_app study words my_study_de.toml --bundle instance/bundles/mine
    """
    translated = read_study(study_file) if study_file else None
    click.echo(words_table(translated), nl=False)
    if bundle:
        click.echo(f"\n{names_table(translated, read_bundle(bundle))}", nl=False)


@study.command()
@click.option("--url", default="http://127.0.0.1:5000", show_default=True, help="The server.")
@problems_as_messages
def links(url: str) -> None:
    """Print the links of participants and of the experimenter.

    Example: flask --app study_app study links --url https://study.example.org
    """
    click.echo(links_text(url, active_study(fresh=True).study.provider))


@study.command()
@click.argument("participants", metavar="NAME", nargs=-1, required=True)
@click.option("--url", default="http://127.0.0.1:5000", show_default=True, help="The server.")
@problems_as_messages
def invite(participants: tuple[str, ...], url: str) -> None:
    """Print a personal link for each NAME, such as an expert; the same name keeps its link.

    Example: flask --app study_app study invite "Ada L." "Grace H."
    """
    active_study(fresh=True)
    for label, token in invite_participants(participants).items():
        click.echo(f"{label}  {invitation_address(url, token)}")


@study.command()
@problems_as_messages
def replay() -> None:
    """Draw every assignment again, from what the database noted when it was made.

    Example: flask --app study_app study replay
    """
    repeated, others = draw_again(active_study(fresh=True))
    if others:
        raise RefusalError("assignment", [f"{name} has other trials" for name in others])
    click.echo(f"{repeated} assignments drawn again: all the same")


@study.command()
@problems_as_messages
def password() -> None:
    """Ask for the experimenter's new password, and keep its hash.

    Example: flask --app study_app study password
    """
    check_can_set()
    upgrade_tables()
    secret = click.prompt("New password", hide_input=True, confirmation_prompt="Once more")
    path = set_password(secret)
    click.echo(f"Wrote its hash to {path}, which only you can read. Whoever was signed in is out")
    click.echo("Next: open /experimenter on the server")


@study.command()
@problems_as_messages
def audit() -> None:
    """Print what experimenters did, the oldest first.

    Example: flask --app study_app study audit
    """
    active_study(fresh=True)
    click.echo(audit_text())


@study.command()
@click.option(
    *("--wave", "name"),
    type=click.Choice([wave.value for wave in Wave]),
    help="Which one; that for which you recruit if not given.",
)
@problems_as_messages
def status(name: str | None) -> None:
    """Print how many people of a wave are where.

    Example: flask --app study_app study status --wave pilot
    """
    check_integrity()
    active, state = active_study(fresh=True), recruiting()
    wave = Wave(name or state.wave)
    click.echo(wave_text(wave, state, waves(state.wave)))
    click.echo(version_text(active.version, in_force_since()))
    for simulated in (False, True):
        counts = overview(active, wave, simulated=simulated)
        click.echo(status_text(counts))
        if not simulated and (hourly := hourly_pay(active.study.pay, counts.median_minutes)):
            click.echo(f"Of those who completed, {hourly}")


@study.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--wave", type=click.Choice([wave.value for wave in Wave]), default="main", show_default=True
)
@click.option("--simulated", is_flag=True, help="With the simulated people, marked as such.")
@click.option("--with-ids", is_flag=True, help="Adds identities.csv: who is who on Prolific.")
@click.option("--with-comments", is_flag=True, help="Adds comments.csv: what people wrote.")
@problems_as_messages
def export(folder: Path, wave: str, simulated: bool, with_ids: bool, with_comments: bool) -> None:
    """Write every answer of a wave to a new folder DIR, without names and links.

    Example: flask --app study_app study export instance/exports/demo
    """
    selection = Selection(wave=Wave(wave), simulated=simulated)
    active = active_study(fresh=True)
    rows = export_study(active, folder, selection, with_ids=with_ids, with_comments=with_comments)
    click.echo(f"Wrote {folder}: " + ", ".join(f"{n} {name}" for name, n in rows.items()))
    if not rows["participants"]:
        more = "" if simulated else "; simulated people are exported with --simulated"
        click.echo(f"Warning: nobody real of the {wave} wave is there{more}", err=True)
    if with_ids:
        click.echo(f"{folder / IDENTITIES} says who is who: never share it, and delete it soon")
    elif with_comments:
        for line in telling(comments(active, selection)):
            click.echo(f"Warning: {line}", err=True)
        click.echo("People may write who they are: read comments.csv before you share it")
    click.echo(f"Next: python -m analysis.report {folder}")


@study.command()
@click.option("--participant", help="As exports call the person.")
@click.option("--prolific", help="Prolific's id of the person.")
@click.confirmation_option(prompt="Erase what this person gave? It cannot be brought back")
@problems_as_messages
def erase(participant: str | None, prolific: str | None) -> None:
    """Delete a person's answers, ids and demographics, who then counts as withdrawn.

    Example: flask --app study_app study erase --participant 3f9a0c2b71d4
    """
    active_study(fresh=True)
    names = erase_participant(participant_id=participant, prolific_pid=prolific)
    click.echo(f"Erased {', '.join(names)}")
    if left := clear_deleted_rows(names[0]):
        click.echo(f"Warning: {left}", err=True)
    click.echo(
        "Exports, payments, backups and databases set aside before still hold it: "
        "`flask --app study_app study audit` names them. "
        "So do lists of Prolific that you downloaded"
    )


@study.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@problems_as_messages
def backup(file: Path) -> None:
    """Write the whole database to a new FILE, while the study runs. It holds ids.

    Example: flask --app study_app study backup instance/backups/monday.sqlite
    """
    active_study(fresh=True)
    click.echo(f"Wrote {file}: {back_up(file) / 1e6:.1f} MB")


@study.command("set-aside")
@problems_as_messages
def set_aside() -> None:
    """Begin anew with an empty database; the one of now is kept whole under another name.

    Example: flask --app study_app study set-aside
    """
    click.echo(f"Set aside. To look at it again, {set_database_aside()}")
    click.echo("Next: flask --app study_app study load BUNDLE")
