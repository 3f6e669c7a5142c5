"""What the steps of a trial show, ask and count as right, in words."""

from collections.abc import Iterator

from analysis.preregister.markdown import bullets, table
from stimuli.study import Condition, Delay, Part, Response, Step, Study

RIGHT = {
    ("decision", "ai_right"): "a right answer of the AI accepted, or a wrong one rejected",
    ("choice", "label"): "the true name chosen",
    ("choice", "ai_answer"): "the AI’s answer foreseen (forward simulation)",
    ("number", "label"): "the true number given exactly",
    ("number", "ai_answer"): "the AI’s number foreseen exactly (forward simulation)",
}
NAME_ALONE = "a right name accepted, or a wrong one rejected, without a word of the AI"
HOW_OFTEN = {
    "always": "each trial",
    "first": "the first trial with a name",
    "never": "no trial",
}


def steps_in_words(study: Study) -> Iterator[str]:
    """The steps, which of them decides, and the groups that do not see all of it."""
    yield "A trial has these steps, one after the other, each of which takes one answer:"
    yield table(
        ("step", "shows", "asks", "what is right", "comes"),
        [
            (step.name, _shows(study, step), _asks(study, step), _right(step), _comes(step))
            for step in study.trial.steps
        ],
    )
    yield "Whether a trial was answered rightly is decided by:\n\n" + bullets(
        f"“{condition.name}”: {outcome_in_words(study, condition)}."
        for condition in study.conditions
    )


def groups_in_words(study: Study) -> Iterator[str]:
    """The groups that do not meet the AI, or its answer alone."""
    for condition in study.conditions:
        if condition.shows_ai is True:
            continue
        if condition.shows_ai == "answer":
            yield f"“{condition.name}” is shown the AI’s answer, without confidence and panels."
            continue
        text = f"“{condition.name}” is a group without the AI: nothing that comes from it is shown."
        kept = {step.name for step in study.steps_of(condition)}
        if left_out := [f"“{s.name}”" for s in study.trial.steps if s.name not in kept]:
            text += f" Without an answer to revise it does not meet {', '.join(left_out)}."
        yield text


def outcome_in_words(study: Study, condition: Condition) -> str:
    """What counts as a right answer to a trial of a condition."""
    step = study.outcome_of(condition)
    if step is None:
        return right_in_words("decision", "ai_right", meets_ai=bool(condition.shows_ai))
    right = right_in_words(step.response.kind, step.truth, meets_ai=bool(condition.shows_ai))
    return f"the step “{step.name}”, {right}{_of_how_many(step.response)}"


def right_in_words(kind: str, truth: str | None, *, meets_ai: bool) -> str:
    """What a right answer is; empty where nothing is right or wrong."""
    if truth is None:
        return ""
    if kind == "decision" and not meets_ai:
        return NAME_ALONE
    return RIGHT["number" if kind == "slider" else kind, truth]


def _shows(study: Study, step: Step) -> str:
    words = {
        Part.PHOTO: "the photo",
        Part.ANSWER: "the AI’s answer",
        Part.CONFIDENCE: "its confidence",
        Part.BEST: f"its {study.trial.best} most likely answers",
        Part.PANELS: "the panels",
        Part.CARD: "the description of the name",
        Part.OWN: "the person’s earlier answer",
        Part.TRUTH: "the truth",
    }
    moments = step.moments
    return ", ".join(words[part] + _later(moments.get(part)) for part in step.shows) or "nothing"


def _later(moment: object) -> str:
    if isinstance(moment, Delay):
        return f" (after {moment.after_ms} ms)"
    return " (on demand)" if moment else ""


def _asks(study: Study, step: Step) -> str:
    """The question, with gaps for what differs between trials, and what can be answered."""
    text = step.response.text.replace("%(ai)s", study.study.ai_name).replace("%(label)s", "…")
    answers = _answers(step.response)
    return f"{step.response.kind}: “{text}”{f' ({answers})' if answers else ''}"


def _answers(response: Response) -> str:
    if of := _of_how_many(response):
        return f"one{of}: the true one, the AI’s, others by lot"
    if response.kind in ("choice", "scale"):
        return " / ".join(response.offered)
    ends = [getattr(response, name, None) for name in ("low", "high")]
    if ends == [None, None]:
        return ""
    low, high = (f"{end:g}" if end is not None else "" for end in ends)
    return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"


def _of_how_many(response: Response) -> str:
    is_of_classes = response.names_classes
    return f" of {getattr(response, 'n', 0)} names" if is_of_classes else ""


def _right(step: Step) -> str:
    return right_in_words(step.response.kind, step.truth, meets_ai=True) or "–"


def _comes(step: Step) -> str:
    often = HOW_OFTEN[step.show]
    phases = ", ".join(step.phases)
    return (
        often
        if len(step.phases) == len(type(step).model_fields["phases"].default)
        else (f"{often} of {phases}")
    )
