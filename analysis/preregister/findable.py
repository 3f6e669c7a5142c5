"""What a reader of the explanations could find at all."""

from collections.abc import Iterator

from analysis.preregister.markdown import table
from analysis.preregister.planned_study import Plan
from analysis.preregister.planning_files import Ceiling, CeilingRow

SHOWS = (("confidence", "confidence alone"), ("panels", "panels alone"), ("all", "all it shows"))


def findable(plan: Plan) -> Iterator[str]:
    """The area under the curve of a simulated reader, by condition."""
    if plan.ceiling is None:
        return
    yield (
        "A simulated reader that is given what a condition shows predicts whether the AI is right "
        "(after Chen et al. 2022), cross-validated on the stimuli of the bundle "
        f"`{plan.ceiling.facts.bundle_digest[:12]}` as they are shown. Area under the curve with "
        "its interval; .5 is chance. It promises nothing about people."
    )
    shown = {condition.name for condition in plan.study.conditions}
    areas = [row for row in areas_of(plan.ceiling) if row.condition in shown]
    yield table(
        ("condition", *(title for _, title in SHOWS)),
        [
            (name, *(_cell(areas, name, shows) for shows, _ in SHOWS))
            for name in dict.fromkeys(row.condition for row in areas)
        ],
    )


def areas_of(ceiling: Ceiling) -> Iterator[CeilingRow]:
    """The rows that the table is made of: the fixed reader, all kinds and bins, as shown."""
    for row in ceiling.rows:
        is_whole = (row.reader, row.kind, row.bin) == ("mean", "all", "all")
        if is_whole and (row.population, row.measure) == ("shown", "auc"):
            yield row


def _cell(rows: list[CeilingRow], condition: str, shows: str) -> str:
    for row in rows:
        if (row.condition, row.shows) == (condition, shows) and row.value is not None:
            known = row.low is not None and row.high is not None
            return f"{row.value:.2f}" + (f" ({row.low:.2f} to {row.high:.2f})" if known else "")
    return "too few" if shows == "all" else "–"
