"""`[trial]`: which screens a trial has, and what a decision's screen says and asks for."""

from typing import Literal

from pydantic import Field

from stimuli.study.offline import Facts

HowOften = Literal["always", "first", "never"]


class TrialSettings(Facts):
    """`[trial]`: the screens of a trial. Its defaults are the study paper's, but for the pause.

    Attributes:
        ask_seen: whether people are asked if they have ever seen such a thing: in each trial, in
            the first one with a label, or never.
        show_card: the same of the class card; with "first" it stays one click away later on.
        wording: how the AI's answer is put: "paper" as "Sam guessed this is 96 % Harrow Ringlet",
            "answer" as "Sam's answer: Harrow Ringlet, confidence 96 %".
        show_confidence: whether people read the AI's confidence.
        unlock: opens the answer only when every picture was in view, and `dwell_ms` have passed.
        dwell_ms: the least time of a decision with `unlock`, the same in every condition.
        record_view: stores what was in view before each decision, and for how long; a consent of
            your own has to say so.
        pause: offers a pause, which nobody times, half-way through the questions.
    """

    ask_seen: HowOften = "always"
    show_card: HowOften = "always"
    wording: Literal["paper", "answer"] = "paper"
    show_confidence: bool = True
    unlock: bool = False
    dwell_ms: int = Field(default=1000, ge=0, le=60_000)
    record_view: bool = True
    pause: bool = True
