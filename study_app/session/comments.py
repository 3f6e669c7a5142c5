"""The last screen: whether a picture looked altered, and what people want to tell us.

Nobody is told that pictures were altered before having answered this; so the question says both.
"""

from datetime import datetime

from stimuli.study import RESPONSE_KINDS, Response, Study
from study_app.active_study import ActiveStudy
from study_app.answer_models import Comment
from study_app.database import db
from study_app.i18n.answer_labels import ALTERED
from study_app.i18n.sentences import say
from study_app.models import Participant
from study_app.session.questionnaire import read_values
from study_app.session.screen import Answer


def comment_questions(study: Study, key: str = "") -> tuple[Response, ...]:
    """What the last screen asks, in the study's language."""
    altered = {
        "name": "altered_noticed",
        "text": say(study, "How did the pictures look to you?"),
        "options": tuple(say(study, text) for text in ALTERED.values()),
        "required": True,
    }
    remarks = {
        "name": "comments",
        "text": say(study, "Is there anything that you would like to tell us?"),
    }
    return (
        RESPONSE_KINDS["choice"].model_validate(altered),
        RESPONSE_KINDS["text"].model_validate(remarks),
    )


def store_comments(
    active: ActiveStudy, participant: Participant, answer: Answer, at: datetime
) -> None:
    """Store what was said, once.

    Raises:
        FaultyAnswers: as in `questionnaire.read_values`; nothing is stored then.
    """
    study = active.study
    values = read_values(study, comment_questions(study), answer.fields)
    by_text = {say(study, text): noticed for noticed, text in ALTERED.items()}
    db.session.add(
        Comment(
            participant=participant.id,
            altered_noticed=by_text[values["altered_noticed"]],
            text=values.get("comments"),
            answered_at=at,
        )
    )
