"""Pay in words: the reward, sums for other ways to end, and what an hour comes to."""

from babel.numbers import format_currency

from stimuli.study import Outcome, Pay, Study, sentence
from study_app.i18n.sentences import locale_of, say

PAID_IN_PART = {
    Outcome.INCOMPATIBLE: sentence(
        "If the study does not run on your device, you receive %(amount)s."
    ),
    Outcome.FAILED_COMPREHENSION: sentence(
        "If questions about the instructions show that they are not clear to you, you receive "
        "%(amount)s."
    ),
    Outcome.FAILED_VALIDATION: sentence(
        "If the first questions show that the task is not for you, you receive %(amount)s."
    ),
    Outcome.FAILED_ATTENTION: sentence(
        "If you miss the questions that check attention, you receive %(amount)s."
    ),
    Outcome.WITHDRAWN: sentence("If you withdraw, you receive %(amount)s."),
    Outcome.QUOTA_FULL: sentence("If there is no place left, you receive %(amount)s."),
    Outcome.ERROR: sentence("If something breaks on our side, you receive %(amount)s."),
}
CURRENCY_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


def money(study: Study) -> str | None:
    """The reward as a person would write it; None where no reward is promised."""
    return None if study.pay.reward is None else sum_in(study, study.pay.reward)


def sum_in(study: Study, amount: float) -> str:
    """A sum as the study's language writes it, such as 1,80 €."""
    if study.study.is_english:
        return sum_of(study.pay, amount)
    return str(format_currency(amount, study.pay.currency, locale=locale_of(study)))


def sum_of(pay: Pay, amount: float) -> str:
    """A sum in the study's currency as in English, such as £1.80 or 12.00 CHF."""
    sign = CURRENCY_SIGNS.get(pay.currency)
    return f"{sign}{amount:.2f}" if sign else f"{amount:.2f} {pay.currency}"


def partial_pay(study: Study) -> list[str]:
    """A sentence for each way to end that is paid in part."""
    return [
        say(study, PAID_IN_PART[outcome], amount=sum_in(study, amount))
        for outcome, amount in study.pay.partial.items()
    ]


def hourly_pay(pay: Pay, median_minutes: float | None) -> str:
    """What the median of those who completed earned an hour; empty before anybody did."""
    if pay.reward is None or not median_minutes:
        return ""
    hourly = pay.reward * 60 / median_minutes
    words = f"half of them took {median_minutes:.1f} minutes or less: {sum_of(pay, hourly)} an hour"
    if pay.floor_per_hour is None or not is_underpaid(pay, median_minutes):
        return words
    return f"{words}, below the {sum_of(pay, pay.floor_per_hour)} that the study promises; pay more"


def is_underpaid(pay: Pay, median_minutes: float | None) -> bool:
    """Whether the median earned less an hour than the study promises."""
    if pay.reward is None or pay.floor_per_hour is None or not median_minutes:
        return False
    return pay.reward * 60 / median_minutes < pay.floor_per_hour
