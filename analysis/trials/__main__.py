"""`python -m analysis.trials FILE --map MAP.toml --out EXPORT`: anybody's trials to an export."""

from pathlib import Path

import click

from analysis.command_line import problems_end_the_command
from analysis.export.write import write_import
from analysis.trials.conversion import read_trials


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map", "map_file", required=True, type=click.Path(path_type=Path), help="What FILE means."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write.")
def main(file: Path, map_file: Path, out: Path) -> None:
    """Import FILE, a CSV file with a row for each answer, as an export.

    \b
    Example:
      python -m analysis.trials answers.csv --map map.toml --out instance/exports/mine
      python -m analysis.report instance/exports/mine
    """
    with problems_end_the_command():
        written = write_import(read_trials(file, map_file), out)
    click.echo(written)


if __name__ == "__main__":
    main()
