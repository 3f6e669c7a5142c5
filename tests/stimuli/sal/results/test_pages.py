"""Pages as files."""

from pathlib import Path

from matplotlib.figure import Figure

from stimuli.sal.results.pages import write_pages


def test_pages_are_numbered_from_the_second_on_and_those_of_before_are_removed(
    tmp_path: Path,
) -> None:
    for kept in ("dice-extra.svg", "accuracy-2.svg"):
        (tmp_path / kept).write_text("another's")
    write_pages([Figure() for _ in range(3)], tmp_path, "dice")
    written = write_pages([Figure(), Figure()], tmp_path, "dice")
    names = [f"{name}.{kind}" for name in ("dice", "dice-2") for kind in ("svg", "png")]
    assert [path.name for path in written] == names
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*names, "dice-extra.svg", "accuracy-2.svg"}
