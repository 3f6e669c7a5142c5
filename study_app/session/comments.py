"""The last screen: whether a picture looked altered, and what people want to tell us.

Nobody is told that pictures were altered before having answered this; so the question says both.
"""

from collections.abc import Mapping

from stimuli.study import Question, Study
from study_app.database import db, now
from study_app.i18n.answer_labels import ALTERED
from study_app.i18n.sentences import say
from study_app.models import Comment, Participant
from study_app.session.questionnaire import read_values


def questions(study: Study) -> tuple[Question, ...]:
    """What the last screen asks, in the study's language."""
    return (
        Question(
            name="altered_noticed",
            text=say(study, "How did the pictures look to you?"),
            kind="choice",
            options=tuple(say(study, text) for text in ALTERED.values()),
            required=True,
        ),
        Question(
            name="comments",
            text=say(study, "Is there anything that you would like to tell us?"),
            kind="text",
        ),
    )


def store_comments(study: Study, participant: Participant, fields: Mapping[str, str]) -> None:
    """Store what was said, once.

    Raises:
        FaultyAnswers: as in `questionnaire.read_values`; nothing is stored then.
    """
    given, at = read_values(study, questions(study), fields), now()
    noticed = {say(study, text): value for value, text in ALTERED.items()}[given["altered_noticed"]]
    text = given.get("comments")
    db.session.add(
        Comment(participant=participant.id, altered_noticed=noticed, text=text, answered_at=at)
    )
    participant.commented_at = at
