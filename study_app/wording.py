"""Small words that depend on facts: articles, percentages, sums of money."""

from decimal import ROUND_HALF_UP, Decimal

from stimuli.study import Outcome, Pay, Phase

PHASE_TITLES = {
    Phase.PRACTICE: "Practice",
    Phase.VALIDATION: "First questions",
    Phase.TEST: "Main questions",
}
WHEN_PAID_IN_PART = {
    Outcome.INCOMPATIBLE: "the study does not run on your device",
    Outcome.FAILED_VALIDATION: "the first questions show that the task is not for you",
    Outcome.FAILED_ATTENTION: "you miss the questions that check attention",
    Outcome.WITHDRAWN: "you withdraw",
    Outcome.QUOTA_FULL: "there is no place left",
    Outcome.ERROR: "something breaks on our side",
}
CURRENCY_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


def article(label: str) -> str:
    """`a` or `an`, by the first letter, as in the paper's screens."""
    return "an" if label[:1].lower() in tuple("aeiou") else "a"


def percent(confidence: float) -> int:
    """A probability in whole per cent, half rounded up."""
    exact = Decimal(str(confidence)) * 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def money(pay: Pay) -> str | None:
    """The reward as a person would write it; None where no reward is promised."""
    return None if pay.reward is None else sum_of(pay, pay.reward)


def sum_of(pay: Pay, amount: float) -> str:
    """A sum in the study's currency, such as £1.80 or 12.00 CHF."""
    sign = CURRENCY_SIGNS.get(pay.currency)
    return f"{sign}{amount:.2f}" if sign else f"{amount:.2f} {pay.currency}"


def partial_pay(pay: Pay) -> list[str]:
    """A sentence for each way to end that is paid in part."""
    return [
        f"If {WHEN_PAID_IN_PART[outcome]}, you receive {sum_of(pay, amount)}."
        for outcome, amount in pay.partial.items()
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
