"""`python -m analysis.preregister STUDY.toml --out FILE [--bundle DIR] [--power DIR]
[--ceiling DIR]`: what is planned, as a file for a registry."""

from datetime import UTC, datetime
from pathlib import Path

import click

from analysis.command_line import problems_end_the_command
from analysis.preregister.document import document
from analysis.preregister.open_points import open_points
from analysis.preregister.planned_study import read_plan
from analysis.problems import ExportError

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Markdown to write.")
@click.option("--bundle", type=FOLDER, help="The bundle that was built from the study.")
@click.option("--power", type=FOLDER, help="What `python -m analysis.power` wrote.")
@click.option("--ceiling", type=FOLDER, help="What `python -m stimuli ceiling` wrote.")
def main(
    study: Path, out: Path, bundle: Path | None, power: Path | None, ceiling: Path | None
) -> None:
    """Write a preregistration of STUDY: questions and answers, to paste into a registry.

    What the study file does not say is listed as open. Keep the file as it is: the report of the
    study reads it again (`--preregistered`), and lists every deviation.

    \b
    Example:
      python -m analysis.preregister stimuli/studies/demo.toml --out preregistration.md
    """
    with problems_end_the_command():
        plan = read_plan(study, bundle=bundle, power=power, ceiling=ceiling)
        write_new(out, document(plan, datetime.now(UTC)))
    n = len(open_points(plan))
    click.echo(f"{out}: {n} {'point is' if n == 1 else 'points are'} open")


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet: one that may be registered is not replaced.

    Raises:
        ExportError: if it is there.
    """
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        problem = "is there already, and may be registered; name a file that is not"
        raise ExportError(str(path), [problem]) from None


if __name__ == "__main__":
    main()
