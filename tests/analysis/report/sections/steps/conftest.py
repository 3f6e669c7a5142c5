import pytest

from analysis.export.read import read_export
from analysis.statistics.analysed import Analysed, analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant
from tests.analysis.report.sections.steps.asked import asked


@pytest.fixture(scope="session")
def of_many(tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    """Enough people of one condition, and too few of another."""
    return asked(tmp_path_factory.mktemp("asked"), {"gradcam": 20, "confidence": 3})


@pytest.fixture(scope="session")
def of_the_paper(tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    """People whose trials have the paper's steps alone."""

    folder = tmp_path_factory.mktemp("paper") / "export"
    return analysed(read_export(write_export(folder, [Participant()])))
