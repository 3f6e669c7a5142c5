import pytest

from analysis.export.several import read_studies
from analysis.problems import ExportError
from tests.analysis.exports import write_export
from tests.analysis.participants import someone


@pytest.fixture
def study(tmp_path):
    def write(folder, **facts):
        return write_export(tmp_path / folder, [someone("confidence", 4)], **facts)

    return write


def problems_of(*folders):
    with pytest.raises(ExportError) as error:
        read_studies(folders)
    return error.value.problems


def test_studies_go_by_their_names_in_the_order_given(study):
    one = study("a", study="imagenet")
    other = study("b", study="dogs", bundle_digest="e" * 64)
    assert list(read_studies([other, one])) == ["dogs", "imagenet"]


def test_studies_of_one_name_go_by_their_folders(study):
    both = [study("spring"), study("autumn", bundle_digest="e" * 64)]
    assert list(read_studies(both)) == ["spring", "autumn"]


def test_two_exports_of_one_bundle_are_no_two_studies(study):
    one, other = study("pilot"), study("main")
    (problem,) = problems_of(one, other)
    assert problem == (
        f"{one} and {other} are of one study: people of both judged the same pictures; "
        "give exports of different studies"
    )


def test_studies_that_cannot_be_told_apart_are_refused(study):
    (problem,) = problems_of(study("a/main"), study("b/main", bundle_digest="e" * 64))
    assert "2 studies and their folders are called 'main'" in problem


def test_every_problem_of_every_export_comes_at_once(study, tmp_path):
    broken = study("broken")
    (broken / "pool.csv").unlink()
    problems = problems_of(broken, tmp_path / "nowhere", study("a"), study("b"))
    assert [problem.partition(": ")[0] for problem in problems[:2]] == [
        str(broken),
        str(tmp_path / "nowhere"),
    ]
    assert "pool.csv: is missing" in problems[0]
    assert "are of one study" in problems[2]
