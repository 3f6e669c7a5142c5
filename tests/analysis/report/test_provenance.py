from analysis.export.read import read_export
from analysis.report.provenance import inputs
from tests.analysis.exports import write_export
from tests.analysis.participants import someone


def test_every_file_that_was_read_is_named_with_its_digest(tmp_path):
    folder = write_export(tmp_path / "e", [someone("confidence", 3)])
    table = inputs(read_export(folder)).set_index("file")
    assert sorted(table.index) == sorted(path.name for path in folder.iterdir())
    assert table.loc["participants.csv", "n_rows"] == 1
    assert table["sha256"].str.fullmatch("[0-9a-f]{64}").all()
