"""`study prolific-setup`: the address and the table of codes to paste into Prolific.

Of another provider, only the address and the codes can be told.

Types and actions are those of Prolific's completion codes. No code leads to a rejection: who
fails the questions on the instructions or the validation trials is screened out or asked to return
the submission.
"""

from dataclasses import dataclass

from stimuli.study import Outcome, Phase, Study
from study_app.active_study import ActiveStudy
from study_app.dashboard.status import aligned, provider_address, provider_hint
from study_app.enrolment.recruiting import Recruiting, recruiting
from study_app.enums import Wave
from study_app.i18n.pay import sum_of
from study_app.session.endings import WITH_A_CODE, completion_code

HEADINGS = ("outcome", "code", "type", "action")
TYPES = {
    Outcome.COMPLETED: "COMPLETED",
    Outcome.DECLINED: "NO_CONSENT",
    Outcome.INCOMPATIBLE: "INCOMPATIBLE_DEVICE",
    Outcome.FAILED_ATTENTION: "FAILED_ATTENTION_CHECK",
}
ACTIONS = {
    Outcome.COMPLETED: "AUTOMATICALLY_APPROVE",
    Outcome.DECLINED: "REQUEST_RETURN",
    Outcome.INCOMPATIBLE: "REQUEST_RETURN",
    Outcome.FAILED_COMPREHENSION: "REQUEST_RETURN",
    Outcome.FAILED_VALIDATION: "REQUEST_RETURN",
    Outcome.DUPLICATE: "REQUEST_RETURN",
    Outcome.WITHDRAWN: "REQUEST_RETURN",
}


# Whom the study screens out, the first to be paid by Prolific itself first.
SCREENED_OUT = (Outcome.FAILED_VALIDATION, Outcome.FAILED_COMPREHENSION)


@dataclass(frozen=True, kw_only=True)
class Code:
    """A completion code, and what Prolific does with a submission that has it."""

    outcome: Outcome
    code: str
    type: str
    action: str


def codes(active: ActiveStudy) -> list[Code]:
    """A code for each outcome that leads back to Prolific.

    That of questions on the instructions is left out where there are none. Prolific pays a fixed
    sum for being screened out on one code of a study only: the first of `SCREENED_OUT` for which
    `[pay.partial]` names a sum. The other is then paid by hand.
    """
    types, actions, pay = dict(TYPES), dict(ACTIONS), active.study.pay
    paid = [outcome for outcome in SCREENED_OUT if outcome in pay.partial]
    for outcome in paid[:1]:
        types[outcome] = "FIXED_SCREENOUT"
        actions[outcome] = f"FIXED_SCREEN_OUT_PAYMENT of {sum_of(pay, pay.partial[outcome])}"
    actions |= dict.fromkeys(paid[1:], "MANUALLY_REVIEW")
    never = () if active.study.comprehension else (Outcome.FAILED_COMPREHENSION,)
    return [
        Code(
            outcome=outcome,
            code=completion_code(active, outcome),
            type=types.get(outcome, "OTHER"),
            action=actions.get(outcome, "MANUALLY_REVIEW"),
        )
        for outcome in WITH_A_CODE
        if outcome not in never
    ]


def setup_text(active: ActiveStudy, url: str) -> str:
    """What to paste into the form of a new study on Prolific, or at another provider's."""
    provider = active.study.provider
    if provider.is_prolific:
        rows = [(c.outcome, c.code, c.type, c.action) for c in codes(active)]
        lines = [
            "Study URL (record Prolific ids by URL parameters):",
            f"  {provider_address(url, provider)}",
            "",
            *details(active.study, recruiting()),
            "",
            "Completion codes (redirect people with a URL):",
            *aligned([HEADINGS, *rows]),
        ]
    else:
        hint = provider_hint(provider)
        lines = [
            f"People of this study come from {provider.name}, not from Prolific. Its study URL:",
            f"  {provider_address(url, provider)}",
            *((f"  ({hint})",) if hint else ()),
            "",
            f"Completion codes, with which people go back to {provider.return_url}:",
            *aligned([HEADINGS[:2], *((c.outcome, c.code) for c in codes(active))]),
        ]
    return "\n".join(lines)


def details(study: Study, state: Recruiting) -> list[str]:
    """The places of the wave that is open; pay and screening, as the study file says them."""
    pay, quota, n = study.pay, state.quota, len(study.conditions)
    places = f"{quota * n}: {quota} people in each of {n} conditions" if quota else "as you like"
    if state.wave is Wave.PILOT:
        places += ", for the pilot"
    if quota and study.has_phase(Phase.VALIDATION):
        places += (
            "; who fails the validation or leaves frees the place, so add more when it is full"
        )
    reward = "none in [pay]"
    if pay.reward is not None:
        hourly = sum_of(pay, pay.reward * 60 / pay.minutes)
        reward = f"{sum_of(pay, pay.reward)} for about {pay.minutes} minutes, {hourly} an hour"
    screening = "; ".join(study.prolific.filters) or "none in [prolific]"
    return aligned([("places", places), ("reward", reward), ("screening", screening)])
