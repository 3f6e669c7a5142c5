"""The words to which a participant agrees, and their digest.

The page shows exactly these paragraphs, so that the digest stands for what was read.
"""

from stimuli.study import Study, Texts, digest_of
from study_app.wording import money, partial_pay

HEADING = "Your consent"


def consent_paragraphs(study: Study) -> list[str]:
    """Everything that the consent page says under its heading."""
    texts = study.texts
    return [
        " ".join([texts.task, _effort(study), *partial_pay(study.pay)]),
        *texts.consent,
        texts.sharing,
        texts.withdrawal,
        texts.legal_basis,
        f"This is a study of {texts.lab}. {_contact(texts)}",
    ]


def _contact(texts: Texts) -> str:
    return f"If you have questions, contact {texts.contact} before you decide."


def _effort(study: Study) -> str:
    reward = money(study.pay)
    pay = f", and you receive {reward}" if reward else ""
    return f"It takes about {study.pay.minutes} minutes{pay}."


def consent_text(study: Study) -> str:
    """The page as plain text: the heading and each paragraph, with an empty line between them."""
    return "\n\n".join([HEADING, *consent_paragraphs(study)]) + "\n"


def consent_digest(study: Study) -> str:
    """SHA-256 of the text, in hexadecimal; also that of an export's `consent.txt`."""
    return digest_of(consent_text(study))
