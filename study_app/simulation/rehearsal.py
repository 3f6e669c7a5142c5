"""`study simulate`: people with planted behaviour go through the whole study over HTTP.

They come in groups. Those of a group press Start one after the other, so a seed decides who gets
which trials, and then answer side by side. What they know of the truth comes from the bundle, by
the picture on the screen; every page, cookie, hidden field and CSRF token is the real one.
"""

import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import select

from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db
from study_app.errors import RefusalError
from study_app.models import Participant
from study_app.prolific.invented import invented_id
from study_app.simulation.chromium import Chromium
from study_app.simulation.client import HttpClient
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.participant import BrowserTab, SimulatedParticipant
from study_app.simulation.profiles import PROFILES, deal_out
from study_app.simulation.session_simulator import SessionSimulator
from study_app.tokens import SIMULATED_HEADER, simulated_mark

# Twice as many as our server has threads: requests of different people cross, and some wait. More
# only wait longer for the interpreter of this process.
SIDE_BY_SIDE = 16
ELSEWHERE = (
    "has another database or secret key than this command, so what it acknowledges cannot be "
    "compared, and it may take simulated people for real ones; one pressed Start there, nobody "
    "else will. Run this where the server runs, with the server's settings"
)

Newcomer = tuple[int, str]  # number of a person, and of which sort


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """Who comes, and where to.

    Attributes:
        mix: the share of each sort.
        side_by_side: how many are there at the same time.
        in_chromium: how many of them, the last, use a real browser, one after the other.
        from_prolific: whether they come with ids as Prolific gives them.
        url: the server, which runs on this database.
    """

    participants: int
    mix: Mapping[str, float]
    side_by_side: int = SIDE_BY_SIDE
    in_chromium: int = 0
    from_prolific: bool = False
    url: str


def simulate(
    active: ActiveStudy, model: DecisionModel, rehearsal: Rehearsal
) -> Iterator[SimulatedParticipant]:
    """Send people through the study; yields each who came to an end or left."""
    simulator = SessionSimulator(active, model)
    rng = random.Random(f"{model.seed}:sorts")
    newcomers = list(enumerate(deal_out(rehearsal.mix, rehearsal.participants, rng=rng)))
    n_light = max(rehearsal.participants - rehearsal.in_chromium, 0)
    light, heavy, size = newcomers[:n_light], newcomers[n_light:], rehearsal.side_by_side
    with ThreadPoolExecutor(size) as pool:
        for first in range(0, n_light, size):
            group = [
                _come(simulator, rehearsal, newcomer, HttpClient(rehearsal.url, _mark(newcomer)))
                for newcomer in light[first : first + size]
            ]
            yield from pool.map(simulator.run, group)
    if rehearsal.in_chromium:
        with Chromium() as chromium:
            for newcomer in heavy:
                with chromium.tab(rehearsal.url, _mark(newcomer)) as tab:
                    yield simulator.run(_come(simulator, rehearsal, newcomer, tab))


def _mark(newcomer: Newcomer) -> dict[str, str]:
    """The header that says that somebody is simulated, and of which sort."""
    return {SIMULATED_HEADER: simulated_mark(newcomer[1])}


def _come(
    simulator: SessionSimulator, rehearsal: Rehearsal, newcomer: Newcomer, tab: BrowserTab
) -> SimulatedParticipant:
    """Open the landing page and press Start."""
    number, sort = newcomer
    seed, profile = simulator.decision_model.seed, PROFILES[sort]
    rng = random.Random(f"{seed}:{number}")
    participant = SimulatedParticipant(
        tab=tab,
        rng=rng,
        habits=random.Random(f"{seed}:{number}:habits"),
        profile=profile,
        leaning=simulator.decision_model.leaning(rng),
        traits=simulator.decision_model.traits(number),
        leaves_after=rng.randrange(simulator.n_screens) if profile.quits else None,
        prolific=invented_id(seed, number) if rehearsal.from_prolific else None,
    )
    names = simulator.active.study.provider.parameters
    tab.open(f"/{participant.prolific.query(names) if participant.prolific else ''}")
    tab.submit({})
    tab.rest()
    _look_up(participant, simulator.active, rehearsal.url)
    return participant


def _look_up(participant: SimulatedParticipant, active: ActiveStudy, url: str) -> None:
    """Note the condition of somebody who pressed Start, and what the trials show.

    A step need not show the photo, by which other pages tell the stimulus.

    Raises:
        RefusalError: if nobody simulated with this link is in our database.
    """
    db.session.rollback()  # what the server wrote since
    query = select(Participant.id, Participant.condition).where(
        Participant.token == participant.token, Participant.simulated
    )
    row = db.session.execute(query).first()
    if row and active.study.trial.steps:
        trials = select(Trial.key, Trial.stimulus_id).where(Trial.participant == row.id)
        participant.stimuli = dict(db.session.execute(trials).all())
    db.session.rollback()
    if row is None:
        raise RefusalError(url, [ELSEWHERE])
    participant.condition = row.condition
