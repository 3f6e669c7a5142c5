"""Progress: a bar for whoever looks at a terminal, and lines now and then for a log."""

import logging
import sys

import pytest

from stimuli import progress_bars as progress
from tests.lab import ROOT


def test_a_log_without_a_terminal_has_no_bar_33(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert list(progress.tqdm(range(3), desc="checking", unit="img", leave=False)) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")
    assert caplog.messages == []


def test_a_log_says_now_and_then_how_far_it_is_33(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    lines = progress.LogLines()
    for second in range(181):
        clock[0] = float(second)
        lines.write(f"\rphotos: {second} of 180 img")
        lines.write("\r          \r")
    assert caplog.messages == [f"photos: {second} of 180 img" for second in (60, 120, 180)]


def test_a_line_says_what_and_how_much_of_it_is_done_33(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(progress, "SECONDS_PER_LINE", 0.0)
    with progress.tqdm(total=8, desc="training", unit="epoch", mininterval=0) as bar:
        bar.update(2)
    assert caplog.messages[-1].startswith("training: 2 of 8 epoch")


def test_a_terminal_has_a_bar_33(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    list(progress.tqdm(range(3), desc="checking", unit="img"))
    assert "checking: 100%" in capsys.readouterr().err


def test_every_bar_of_the_offline_stage_is_one_of_these_33() -> None:
    modules = (ROOT / "stimuli").rglob("*.py")
    assert [path for path in modules if "from tqdm" in path.read_text("utf-8")] == []
