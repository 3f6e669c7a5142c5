"""Small words that depend on facts: articles, percentages, sums of money."""

from decimal import ROUND_HALF_UP, Decimal

from stimuli.study import Pay, Phase

PHASE_TITLES = {
    Phase.PRACTICE: "Practice",
    Phase.VALIDATION: "First questions",
    Phase.TEST: "Main questions",
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
    if pay.reward is None:
        return None
    sign = CURRENCY_SIGNS.get(pay.currency)
    return f"{sign}{pay.reward:.2f}" if sign else f"{pay.reward:.2f} {pay.currency}"
