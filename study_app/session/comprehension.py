"""Questions on the instructions: two chances, and the end for whoever fails both.

Failing them is no ground for a rejection: `Grounds` are made of attention checks, another type.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from stimuli.study import CHANCES, RESPONSE_KINDS, Outcome, Response, Study, sentence
from study_app.active_study import ActiveStudy
from study_app.answer_models import ComprehensionAnswer, Trial
from study_app.database import db, now
from study_app.i18n.sentences import say
from study_app.models import Participant
from study_app.outcomes import finish
from study_app.session.questionnaire import field_name, read_values
from study_app.session.screen import Answer, Position, Screen
from study_app.session.trial_context import instructions_context

NOT_RIGHT = sentence("This was not right. Please choose again.")


@dataclass(frozen=True, kw_only=True)
class ComprehensionScreen(Screen):
    """All of the questions on one page, after the instructions, until they are answered rightly."""

    def due(self, study: Study, participant: Participant, trial: Trial | None) -> str | None:
        """The number of the chance, from 1."""
        if not study.comprehension or participant.understood_at is not None:
            return None
        return str(participant.n_comprehension + 1)

    def was_answered(self, participant: Participant, key: str) -> bool:
        """At the chance of this number."""
        return key in map(str, range(1, participant.n_comprehension + 1))

    def before(
        self, active: ActiveStudy, position: Position
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """What was right at the first chance, and that the rest was not."""
        answers = answers_at(position.participant, position.participant.n_comprehension)
        checks = [check for check in active.study.comprehension if check.name in answers]
        right = {c.name: answers[c.name] for c in checks if c.passed_by(answers[c.name])}
        return (
            {field_name(name): answer for name, answer in right.items()},
            {c.name: say(active.study, NOT_RIGHT) for c in checks if c.name not in right},
        )

    def store(self, active: ActiveStudy, position: Position, answer: Answer) -> None:
        """Store the answers; the last wrong ones end the session."""
        participant, study, at = position.participant, active.study, now()
        values = read_values(study, comprehension_questions(study, position.key), answer.fields)
        participant.n_comprehension += 1
        db.session.add_all(
            ComprehensionAnswer(
                participant=participant.id,
                chance=participant.n_comprehension,
                name=name,
                value=value,
                answered_at=at,
            )
            for name, value in values.items()
        )
        if all(check.passed_by(values[check.name]) for check in study.comprehension):
            participant.understood_at = at
        elif participant.n_comprehension >= CHANCES:
            finish(participant, Outcome.FAILED_COMPREHENSION)


def comprehension_questions(study: Study, key: str) -> tuple[Response, ...]:
    """All of them, as the page asks them at each chance."""
    return tuple(
        RESPONSE_KINDS["choice"].model_validate(
            {"name": check.name, "text": check.text, "options": check.options, "required": True}
        )
        for check in study.comprehension
    )


def comprehension_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """The instructions, for whoever reads them again."""
    return instructions_context(active, position) | {"is_last": position.key == str(CHANCES)}


def answers_at(participant: Participant, chance: int) -> dict[str, str]:
    """What was answered at a chance, by the name of the question."""
    own = (ComprehensionAnswer.participant == participant.id, ComprehensionAnswer.chance == chance)
    query = select(ComprehensionAnswer.name, ComprehensionAnswer.value).where(*own)
    return dict(db.session.execute(query).all()) if chance else {}
