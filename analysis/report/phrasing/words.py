"""What sentences are made of: lists, p-values, and blanks that do not break."""

from collections.abc import Sequence

from analysis.report.listing import p_text

SIGNIFICANT = 0.05  # adjusted p below which a test is said to find a difference
UNBROKEN = "\N{NO-BREAK SPACE}"


def listed(names: Sequence[str]) -> str:
    """Names with commas, and an “and” before the last."""
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]])


def p_in_words(name: str, p: float) -> str:
    """A name with its p-value, without the 0 before the point, as the APA writes it."""
    text = p_text(p).replace("0.", ".", 1)
    return f"{name} {text}" if text.startswith("<") else f"{name} = {text}"


def unbroken(text: str) -> str:
    """A text in which no line ends before or after a sign, or before %."""
    for sign in (" = ", " < ", " %"):
        text = text.replace(sign, sign.replace(" ", UNBROKEN))
    return text
