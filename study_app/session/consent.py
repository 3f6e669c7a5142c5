"""The words to which a participant agrees, and their digest.

The page shows exactly these paragraphs, so that the digest stands for what was read.
"""

from stimuli.study import Study, digest_of
from study_app.i18n.pay import money, partial_pay
from study_app.i18n.sentences import say, sentence

HEADING = sentence("Your consent")


def consent_heading(study: Study) -> str:
    """What stands over the paragraphs."""
    return say(study, HEADING)


def consent_paragraphs(study: Study) -> list[str]:
    """Everything that the consent page says under its heading."""
    texts = study.texts
    return [
        " ".join([texts.task, _effort(study), *partial_pay(study)]),
        *texts.consent,
        texts.sharing,
        texts.withdrawal,
        texts.legal_basis,
        " ".join([say(study, "This is a study of %(lab)s.", lab=texts.lab), _contact(study)]),
    ]


def _contact(study: Study) -> str:
    return say(
        study,
        "If you have questions, contact %(contact)s before you decide.",
        contact=study.texts.contact,
    )


def _effort(study: Study) -> str:
    minutes, reward = study.pay.minutes, money(study)
    if reward is None:
        return say(study, "It takes about %(minutes)s minutes.", minutes=minutes)
    return say(
        study,
        "It takes about %(minutes)s minutes, and you receive %(reward)s.",
        minutes=minutes,
        reward=reward,
    )


def consent_text(study: Study) -> str:
    """The page as plain text: the heading and each paragraph, with an empty line between them."""
    return "\n\n".join([consent_heading(study), *consent_paragraphs(study)]) + "\n"


def consent_digest(study: Study) -> str:
    """SHA-256 of the text, in hexadecimal; also that of an export's `consent.txt`."""
    return digest_of(consent_text(study))
