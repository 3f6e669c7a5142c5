"""`python -m analysis.gorilla FILES… --out EXPORT`: Gorilla's task files to an export."""

from pathlib import Path

import click

from analysis.command_line import problems_end_the_command
from analysis.export.write import write_import
from analysis.gorilla.conversion import convert
from analysis.gorilla.map_file import read_settings

EXAMPLE = Path(__file__).with_name("nguyen2021_experts.toml")


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of the export.")
@click.option(
    "--study",
    type=click.Path(path_type=Path),
    default=EXAMPLE,
    help="TOML that says how the files are read; the expert study of the paper if not given.",
)
def main(files: tuple[Path, ...], out: Path, study: Path) -> None:
    """Turn Gorilla's task FILES into an export, with participants' ids left out.

    \b
    Example:
      python -m analysis.gorilla data_exp_*.csv --study my_study.toml --out instance/exports/mine
    """
    with problems_end_the_command():
        written = write_import(convert(files, read_settings(study)), out)
    click.echo(written)


if __name__ == "__main__":
    main()
