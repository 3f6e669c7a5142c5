"""`python -m analysis.power STUDY.toml [--bundle DIR] [--pilot EXPORT] [--out DIR]`: what a study
can find before anybody is paid."""

from pathlib import Path

import click

from analysis.command_line import problems_end_the_command
from analysis.power.assumptions import TITLES, Assumptions
from analysis.power.computing import computed
from analysis.power.forecast import N_STUDIES, world_of
from analysis.power.plan import Plan, assumptions_of, read_plan
from analysis.power.power_page import write_power
from analysis.power.tables import Asked, questions_of
from analysis.problems import ExportError

EFFECTS = (2.0, 5.0, 10.0)
PEOPLE = 30  # of a condition, where the study names no quota
TIMES = (1, 2, 4)  # as many people, for whom the least effect is told
STUDIES_BY_DRAW = 20  # a pilot has 41 assumptions, each of which has this part of the studies
OUT = Path("instance/power")
DEFAULTS = Assumptions()
SHARE, LOST, SD = click.FloatRange(1, 99), click.FloatRange(0, 90), click.FloatRange(0, 3)


def sd_help(name: str) -> str:
    """The help of an SD: what differs, and the default."""
    what = TITLES[name].removesuffix(" (SD)")
    return f"SD of {what}, in log odds.  [default: {getattr(DEFAULTS, name)}]"


@click.command()
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--bundle", type=click.Path(path_type=Path), help="Built: how many stimuli it has.")
@click.option("--pilot", type=click.Path(path_type=Path), help="An export, to learn from.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the page.")
@click.option(
    "--effect",
    "effects",
    multiple=True,
    type=click.FloatRange(0, 60, min_open=True),
    default=EFFECTS,
    show_default=True,
    help="Points of a difference; may be given several times.",
)
@click.option(
    "--people", type=click.IntRange(4), help="Planned in each condition; the study's quota, or 30."
)
@click.option("--accuracy", type=SHARE, help="Right decisions without an effect, %.  [default: 70]")
@click.option("--person-sd", type=SD, help=sd_help("person_sd"))
@click.option("--acceptance-sd", type=SD, help=sd_help("acceptance_sd"))
@click.option("--stimulus-sd", type=SD, help=sd_help("stimulus_sd"))
@click.option("--leaning-sd", type=SD, help=sd_help("leaning_sd"))
@click.option("--dropout", type=LOST, help="Who leave, %.  [default: 10]")
@click.option("--below-gate", type=LOST, help="Of those who stay, %.  [default: 15]")
@click.option(
    "--studies",
    "n_studies",
    type=click.IntRange(100),
    default=N_STUDIES,
    show_default=True,
    help="That are simulated.",
)
@click.option("--seed", type=int, default=1, show_default=True)
def main(
    study: Path,
    bundle: Path | None,
    pilot: Path | None,
    out: Path | None,
    effects: tuple[float, ...],
    people: int | None,
    n_studies: int,
    seed: int,
    **options: float | None,
) -> None:
    """Tell how many people STUDY takes, what they cost, and what it cannot find.

    \b
    Examples:
      python -m analysis.power stimuli/studies/demo.toml --bundle instance/bundles/demo
      python -m analysis.power my.toml --pilot instance/exports/pilot --effect 5
    """
    given = {name: value for name, value in options.items() if value is not None}
    if pilot and given:
        names = ", ".join("--" + name.replace("_", "-") for name in given)
        raise click.UsageError(f"a pilot tells {names}; leave out one or the other")
    with problems_end_the_command():
        plan = read_plan(study, bundle, pilot, assumptions_of(given), seed=seed)
        asked = asked_of(plan, effects, people, n_studies=n_studies, seed=seed)
        place = out or OUT / plan.study.study.name
        written = write_power(plan, asked, computed(asked), place)
    click.echo(written)


def asked_of(
    plan: Plan, effects: tuple[float, ...], people: int | None, *, n_studies: int, seed: int
) -> Asked:
    """What is computed of a plan.

    Raises:
        ExportError: if shares would leave 0 to 1 with one of the effects.
    """
    each = max(n_studies // STUDIES_BY_DRAW, 1) if len(plan.assumed) > 1 else n_studies
    world = world_of(plan.design, plan.assumed, n_studies=each, seed=seed)
    planned = people or plan.study.assignment.quota or PEOPLE
    asked = Asked(
        study=plan.study,
        world=world,
        questions=questions_of(world, effects),
        people=tuple(n * planned for n in TIMES),
        seed=seed,
    )
    problems = [
        f"--effect {question.points:g}: with it, shares of right decisions would not stay between "
        "1 and 99 %; take a smaller one, or another --accuracy"
        for question in asked.questions
        if not world.is_possible(question)
    ]
    if problems:
        raise ExportError(plan.study.study.name, list(dict.fromkeys(problems)))
    return asked


if __name__ == "__main__":
    main()
