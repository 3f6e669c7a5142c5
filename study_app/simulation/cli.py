"""`study simulate`: the options of a rehearsal, and what it prints."""

import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from tqdm import tqdm

from study_app.active_study import ActiveStudy, active_study
from study_app.cli_errors import problems_as_messages
from study_app.errors import RefusalError
from study_app.prolific.invented import check_invented, write_submissions
from study_app.simulation.decision_model import (
    AGENT_ACCURACY,
    IMAGE_SD,
    PERSON_SD,
    DecisionModel,
)
from study_app.simulation.defences import defences_text
from study_app.simulation.participant import SimulatedParticipant
from study_app.simulation.planting import planted_in, planting_options
from study_app.simulation.profiles import PROFILES, USUAL, read_mix
from study_app.simulation.rehearsal import SIDE_BY_SIDE, Rehearsal
from study_app.simulation.rehearsal import simulate as send
from study_app.simulation.server import serving
from study_app.simulation.verification import verify

USUAL_TEXT = ",".join(f"{name}={share}" for name, share in USUAL.items())
NAMED = 10  # mismatches that are told
SD = click.FloatRange(min=0)


@click.command()
@click.option("-n", "participants", default=40, show_default=True, help="How many people.")
@click.option("--seed", default=1, show_default=True, help="Decides every answer.")
@click.option("--url", help="A server on this database; one is started if not given.")
@click.option(
    *("--mix", "mix_text"),
    default=USUAL_TEXT,
    show_default=True,
    metavar="SORT=SHARE,...",
    help=f"Who comes, of: {', '.join(PROFILES)}.",
)
@click.option(
    *("--behaviour", "behaviours"),
    multiple=True,
    metavar="NAME=ACCEPT_RIGHT,ACCEPT_WRONG",
    help="How people of a condition accept right and wrong answers; NAME:BIN=... for one bin.",
)
@planting_options
@click.option("--person-sd", type=SD, default=PERSON_SD, show_default=True, help="In log odds.")
@click.option("--image-sd", type=SD, default=IMAGE_SD, show_default=True, help="In log odds.")
@click.option(
    "--agent-accuracy",
    type=click.FloatRange(0, 1),
    default=AGENT_ACCURACY,
    show_default=True,
    help="How often agents, and what pasting people ask, know the right label.",
)
@click.option(
    *("--at-once", "side_by_side"),
    type=click.IntRange(min=1),
    default=SIDE_BY_SIDE,
    show_default=True,
    help="How many are there at the same time.",
)
@click.option(
    *("--browser", "in_chromium"),
    default=0,
    show_default=True,
    help="How many of them use a real Chromium.",
)
@click.option(
    *("--prolific", "submissions"),
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="People come from Prolific, whose list of submissions is written here.",
)
@with_appcontext
@problems_as_messages
def simulate(
    participants: int,
    seed: int,
    url: str | None,
    mix_text: str,
    behaviours: tuple[str, ...],
    person_sd: float,
    image_sd: float,
    agent_accuracy: float,
    side_by_side: int,
    in_chromium: int,
    submissions: Path | None,
    **changes: tuple[str, ...],
) -> None:
    """Send simulated people through the study over HTTP; they are marked as simulated.

    Example: flask --app study_app study simulate -n 40 --seed 1 --mix calibrated=0.7,quitting=0.3
    """
    active, began = active_study(fresh=True), time.monotonic()
    if submissions:
        check_invented(submissions, active.study.provider)
    mix, planned = read_mix(mix_text), planted_in(active.study, behaviours, changes)
    people = {"person_sd": person_sd, "image_sd": image_sd, "agent_accuracy": agent_accuracy}
    model = DecisionModel(behaviours=planned, seed=seed, **people)
    with nullcontext(url) if url else serving(current_app) as address:
        rehearsal = Rehearsal(
            participants=participants,
            mix=mix,
            side_by_side=side_by_side,
            in_chromium=in_chromium,
            from_prolific=submissions is not None,
            url=address,
        )
        sent = list(
            tqdm(send(active, model, rehearsal), total=participants, unit="person", disable=None)
        )
    _tell(active, sent, time.monotonic() - began)
    if submissions:
        _write_submissions(submissions, sent, seed)


def _tell(active: ActiveStudy, sent: Sequence[SimulatedParticipant], seconds: float) -> None:
    """Say how it went, what marked whom, and whether every acknowledged answer is stored.

    Raises:
        RefusalError: with the first that it has not, or has otherwise.
    """
    requests = sum(participant.tab.requests for participant in sent)
    click.echo(f"{_who(sent)}, {requests} requests in {seconds:.1f} s")
    verification = verify(sent)
    n = len(verification.mismatches)
    state = f"{n} do not agree" if n else "each is there exactly once, as it was sent"
    click.echo(f"Compared {verification.answers} acknowledged answers with the database: {state}")
    if n:
        more = [f"and {n - NAMED} more"] if n > NAMED else []
        raise RefusalError("the database", [*verification.mismatches[:NAMED], *more])
    click.echo(defences_text(active, [participant.token for participant in sent]))


def _who(sent: Sequence[SimulatedParticipant]) -> str:
    came_in = [participant for participant in sent if participant.condition]
    n_left = sum(participant.has_left for participant in came_in)
    parts = [f"{len(came_in) - n_left} people answered everything"]
    if n_left:
        parts.append(f"{n_left} left")
    if n_away := len(sent) - len(came_in):
        advice = "`study status` says which wave takes people in, and its places"
        parts.append(f"{n_away} not taken in ({advice})")
    return ", ".join(parts)


def _write_submissions(path: Path, sent: Sequence[SimulatedParticipant], seed: int) -> None:
    stays = [participant.stay for participant in sent if participant.stay]
    click.echo(f"Wrote {path}: {write_submissions(path, stays, seed=seed)} people")
    click.echo(f"Next: flask --app study_app study reconcile {path}")
