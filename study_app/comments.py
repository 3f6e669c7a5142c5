"""The last screen: whether a picture looked altered, and what people want to tell us.

Nobody is told that pictures were altered before having answered this; so the question says both.
"""

from collections.abc import Mapping

from stimuli.study import Question
from study_app.database import db, now
from study_app.models import Comment, Participant
from study_app.questionnaire import read_values
from study_app.words import Noticed

ALTERED = {
    Noticed.YES: "At least one looked as if it had been altered",
    Noticed.NO: "All of them looked like ordinary pictures",
    Noticed.NOT_SURE: "I am not sure",
}
QUESTIONS = (
    Question(
        name="altered_noticed",
        text="How did the pictures look to you?",
        kind="choice",
        options=tuple(ALTERED.values()),
        required=True,
    ),
    Question(
        name="comments", text="Is there anything that you would like to tell us?", kind="text"
    ),
)


def store_comments(person: Participant, fields: Mapping[str, str]) -> None:
    """Store what was said, once.

    Raises:
        FaultyAnswers: as in `questionnaire.read_values`; nothing is stored then.
    """
    given, at = read_values(QUESTIONS, fields), now()
    [noticed] = [value for value, text in ALTERED.items() if text == given["altered_noticed"]]
    text = given.get("comments")
    db.session.add(
        Comment(participant=person.id, altered_noticed=noticed, text=text, answered_at=at)
    )
    person.commented_at = at
