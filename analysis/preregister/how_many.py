"""How many people and why, when data collection stops, and who is left out."""

from collections.abc import Iterator

from analysis.power.assumptions import TITLES
from analysis.power.power_file import PowerRow
from analysis.preregister.markdown import bullets, table
from analysis.preregister.planned_study import Plan
from analysis.report.phrasing.looks import shares_in_words, small
from analysis.statistics.differences import SIGNIFICANT
from analysis.statistics.looks import sides_of
from analysis.statistics.spending import nominal_levels
from stimuli.study import Phase


def sample(plan: Plan) -> Iterator[str]:
    """The quota, and what it can find."""
    quota, n_conditions = plan.quota, len(plan.study.conditions)
    if quota is None:
        yield "**Open**: the study file does not say how many people take part."
    else:
        yield (
            f"**{quota} people of each condition**, {quota * n_conditions} in all, whose data "
            "count: who complete the study and pass the gate."
        )
    yield from power(plan)
    pay = plan.study.pay
    if pay.reward is not None:
        yield (
            f"Each is paid {pay.reward:.2f} {pay.currency} for about {pay.minutes} minutes, "
            "without the provider’s fee."
        )


def stopping(plan: Plan) -> Iterator[str]:
    """The rule, and the looks with their levels."""
    if plan.quota is None:
        yield "**Open**: without a number of people there is no rule."
        return
    yield (
        "Places go to people whose data count or who are under way, and nobody is taken in while "
        "all are taken; data collection stops when in each condition so many people count."
    )
    settings = plan.facts.analysis
    if not settings.looks:
        yield "The primary test is made once, at the end. Nobody decides by data to stop earlier."
        return
    sides = sides_of(settings.alternative)
    levels = nominal_levels(SIGNIFICANT, settings.looks, sides=sides)
    n = plan.quota * len(plan.study.conditions)
    tail = "two-sided" if sides == 2 else "one-sided"
    yield (
        f"The primary test is made at {shares_in_words(settings.looks)} of the people. The chance "
        "of a false finding, .05 over all looks, is spent as by O’Brien and Fleming (Lan and "
        "DeMets 1983). If a look comes at another number of people than planned, its level is "
        "that of this number."
    )
    rows = zip(settings.looks, levels, strict=True)
    yield table(
        ("look", "people, about", f"one {tail} p below"),
        [(str(k), str(round(s * n)), small(p)) for k, (s, p) in enumerate(rows, start=1)],
    )


def exclusions(plan: Plan) -> Iterator[str]:
    """The rules, in the order in which the report applies them."""
    study, least = plan.study, plan.facts.gate.min_correct
    rules = ["Who did not complete the study, for whatever reason, is left out."]
    if study.comprehension:
        rules.append(
            f"Who misunderstands the instructions, by {len(study.comprehension)} questions with "
            "two chances, ends with the outcome failed_comprehension, and is left out."
        )
    if study.attention:
        n = study.least_failed
        checks = f"{n} attention {'check' if n == 1 else 'checks'} of {len(study.attention)}"
        rules.append(f"Who fails {checks} ends with the outcome failed_attention, and is left out.")
    if study.has_phase(Phase.VALIDATION):
        ends = "; the session ends there" if study.gate.live else ""
        rules.append(
            f"Who has fewer than {least} of {study.validation.items} validation trials right is "
            f"left out{ends}."
        )
    else:
        rules.append("Nobody is left out for their answers: there is no validation.")
    rules.append(
        "Who comes again is a duplicate, and counts with the first participation only; pilots and "
        "other waves are never pooled with the main one."
    )
    rules.append("No trial is left out for its time or its answer.")
    yield bullets(rules)


def power(plan: Plan) -> Iterator[str]:
    """What the quota finds, where both are known."""
    if plan.power is None or plan.quota is None:
        return
    rows = [row for row in plan.power.rows if row.in_sentence]
    own = [row for row in rows if row.n_per_condition == plan.quota]
    numbers = plan.power.assumptions.items()
    assumed = "; ".join(f"{TITLES.get(name, name)} {value:.2f}" for name, value in numbers)
    source = f"as the pilot `{plan.power.pilot}` tells" if plan.power.pilot else "assumed"
    yield (
        f"Power is simulated, with the test of the report. People and stimuli, {source}: {assumed}."
    )
    if own:
        yield table(
            ("question", "true difference, points", "power", "95 % interval", "cost"),
            [_cells(row, plan.study.pay.currency) for row in own],
        )
    if plan.power.cautions:
        yield bullets(plan.power.cautions)


def _cells(row: PowerRow, currency: str) -> tuple[str, ...]:
    return (
        row.question,
        f"{row.effect_points:g}",
        f"{row.power:.2f}",
        f"{row.low:.2f} to {row.high:.2f}",
        "not known" if row.cost is None else f"{row.cost:,.2f} {currency}",
    )
