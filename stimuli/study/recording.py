"""What is recorded of how people answer, and what the consent says of it by default."""

from stimuli.study.offline import Facts

HOW = "how you answer (by mouse, keys or touch, with pasted text, or by a program)"
AWAY = "whether you leave the page meanwhile or have it translated"
VIEWED = "which part of the pictures is in your window and for how long"
INPUT = "whether you give them by mouse, keys or touch"


class Behaviour(Facts):
    """`[behaviour]`: what is recorded beside answers and their times.

    Attributes:
        record: stores signals of programs, translated pages, times away, opened cards and enlarged
            pictures, the window, and, by `[trial] record_view`, what was in view. Pages of a study
            without it send nothing of that, and nothing is stored.
    """

    record: bool = True


def default_consent(*things: str, with_ai: bool = True) -> tuple[str, ...]:
    """What the consent page says of the study where a file has no `consent` of its own.

    Args:
        things: what is recorded of how people answer.
        with_ai: whether everybody meets the AI.
    """
    aim = "when people can tell whether an AI is right"
    aim = aim if with_ai else "how well people judge what photos show"
    stored = ", ".join(("We store your answers, how long they take", *things))
    return (
        f"We do this study to learn {aim}.",
        (
            f"{stored}, and what kind of screen you use, under a random number, without your name "
            "and address, on the server of this study."
        ),
        (
            "If a panel such as Prolific sent you, its id of you is kept apart from your answers. "
            "It serves to pay you and to see that nobody takes part twice, and is never published."
        ),
    )
