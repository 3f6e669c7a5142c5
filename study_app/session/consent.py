"""The words to which a participant agrees, and their digest.

The page shows exactly these paragraphs, so that the digest stands for what was read.
"""

from datetime import datetime

from stimuli.study import Study, digest_of, sentence
from study_app.active_study import ActiveStudy
from study_app.i18n.pay import money, partial_pay
from study_app.i18n.sentences import say
from study_app.models import Participant
from study_app.session.screen import Answer, Position

HEADING = sentence("Your consent")


def consent_heading(study: Study) -> str:
    """What stands over the paragraphs."""
    return say(study, HEADING)


def consent_paragraphs(study: Study) -> list[str]:
    """Everything that the consent page says under its heading."""
    texts, minutes, reward = study.shown_texts, study.pay.minutes, money(study)
    lab = say(study, "This is a study of %(lab)s.", lab=texts.lab)
    contact = say(
        study,
        "If you have questions, contact %(contact)s before you decide.",
        contact=texts.contact,
    )
    effort = say(study, "It takes about %(minutes)s minutes.", minutes=minutes)
    if reward is not None:
        effort = say(
            study,
            "It takes about %(minutes)s minutes, and you receive %(reward)s.",
            minutes=minutes,
            reward=reward,
        )
    return [
        " ".join([texts.task, effort, *partial_pay(study)]),
        *texts.consent,
        texts.sharing,
        texts.ways_out,
        texts.legal_basis,
        f"{lab} {contact}",
    ]


def consent_text(study: Study) -> str:
    """The page as plain text: the heading and each paragraph, with an empty line between them."""
    return "\n\n".join([consent_heading(study), *consent_paragraphs(study)]) + "\n"


def consent_digest(study: Study) -> str:
    """SHA-256 of the text, in hexadecimal; also that of an export's `consent.txt`."""
    return digest_of(consent_text(study))


def consent_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """What the page shows."""
    study = active.study
    return {"heading": consent_heading(study), "paragraphs": consent_paragraphs(study)}


def store_consent(
    active: ActiveStudy, participant: Participant, answer: Answer, at: datetime
) -> None:
    """Keep the digest of the words that somebody agreed to."""
    if answer.choice == "agree":
        participant.consent_digest = consent_digest(active.study)
