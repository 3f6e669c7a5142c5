"""`python -m analysis.trials FILE --map MAP.toml --out EXPORT`: anybody's trials to an export."""

import sys
from pathlib import Path

import click

from analysis.export.write import write_import
from analysis.problems import ExportError
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
    try:
        written = write_import(read_trials(file, map_file), out)
    except (ExportError, OSError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    click.echo(written)


if __name__ == "__main__":
    main()
