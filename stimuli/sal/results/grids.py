"""Grids drawn together: every table and figure of their runs in one folder."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stimuli.cache import Cache
from stimuli.sal.experiment import ExperimentError
from stimuli.sal.results.curves import areas, chosen, mean_areas, mean_curves, read_runs
from stimuli.sal.results.figures import write_figures
from stimuli.sal.results.gains import differences, main_lines
from stimuli.sal.results.references import references


def draw_grids(
    folders: Sequence[Path],
    out: Path | None,
    names: Mapping[str, Sequence[str]],
    *,
    data: Path | None,
    cache: Cache,
) -> Iterator[str]:
    """Write tables and figures; yields the main differences, then the path of each figure.

    Args:
        folders: of grids.
        out: where to; the folder `curves` of a single grid by default.
        names: which runs, as in `chosen`.
        data: folder of a data set that lies in one, for the references.

    Raises:
        ExperimentError: if there are several folders and no `out`, no run is finished, or the
            names fit none.
    """
    if out is None and len(folders) > 1:
        raise ExperimentError("the figures", ["several folders are drawn into one; add --out DIR"])
    out = out or folders[0] / "curves"
    rounds = chosen(read_runs(*folders), names)
    by_run = areas(rounds)
    curves, mean_area, gains = mean_curves(rounds), mean_areas(by_run), differences(rounds, by_run)
    tables = {
        "rounds": rounds,
        "curves": curves,
        "areas_by_run": by_run,
        "areas": mean_area,
        "differences": gains,
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False)
    yield from main_lines(gains)
    known = references(folders, data=data, cache=cache)
    yield from map(str, write_figures(curves, mean_area, known, out))
