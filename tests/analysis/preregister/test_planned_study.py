"""A plan is read strictly: what does not fit is named, all at once."""

import re

import pytest
from click.testing import CliRunner

from analysis.preregister.__main__ import main
from analysis.preregister.planned_study import read_plan
from analysis.problems import ExportError
from stimuli.study import digest_of
from tests.analysis.preregister.planned import STUDY, write_planning, write_study


def problems(tmp_path, text: str = STUDY, **given) -> str:
    paths = {"bundle": None, "power": None, "ceiling": None} | given
    with pytest.raises(ExportError) as error:
        read_plan(write_study(tmp_path, text), **paths)
    return str(error.value)


def test_a_study_file_with_problems_is_refused_with_all_of_them(tmp_path):
    text = problems(tmp_path, STUDY.replace('"tiny"', '"vgg"').replace("quota = 4", "quota = 0"))
    assert "classifiers.0.backbone" in text
    assert "assignment.quota" in text


def test_what_was_computed_of_another_study_or_bundle_is_refused(tmp_path):
    planning = write_planning(tmp_path / "planning", STUDY + "\n# another\n")
    assert "is another study file than" in problems(tmp_path, power=planning)
    bundle = tmp_path / "bundle"
    write_study(bundle)
    (bundle / "SHA256SUMS").write_text("")
    assert "is another bundle than" in problems(tmp_path, bundle=bundle, ceiling=planning)


def test_a_bundle_of_other_pictures_is_refused_and_one_of_other_texts_is_not(tmp_path):
    bundle = tmp_path / "bundle"
    write_study(bundle, STUDY.replace("per_bin = 8", "per_bin = 9"))
    assert "was built from other [bins]" in problems(tmp_path, bundle=bundle)
    write_study(bundle, STUDY.replace("a lab", "our lab"))
    assert "has no SHA256SUMS" in problems(tmp_path, bundle=bundle)
    (bundle / "SHA256SUMS").write_text("")
    plan = read_plan(write_study(tmp_path), bundle=bundle, power=None, ceiling=None)
    assert plan.bundle_digest == digest_of("")


def test_every_wrong_cell_of_a_table_is_named_with_its_line(tmp_path):
    planning = write_planning(tmp_path / "planning")
    power = (planning / "power.json").read_text().replace("0.21", "1.21").replace("0.81", '"much"')
    (planning / "power.json").write_text(power)
    text = problems(tmp_path, power=planning)
    assert re.search(r"power\.json, rows\.1\.power: .*less than or equal to 1", text)
    assert "power.json, rows.2.power: " in text
    (planning / "ceiling.csv").write_text("condition,shows\na,all\n")
    assert "ceiling.csv, line 2, reader: is missing; add it" in problems(tmp_path, ceiling=planning)


@pytest.mark.parametrize("name", ["power.json", "ceiling.csv", "ceiling.json"])
def test_a_file_that_is_missing_is_named(tmp_path, name):
    planning = write_planning(tmp_path / "planning")
    (planning / name).unlink()
    text = problems(tmp_path, **{name.partition(".")[0]: planning})
    assert name in text
    assert "cannot be read" in text


def test_the_command_says_how_much_is_open_and_replaces_no_file(tmp_path):
    study, out = write_study(tmp_path), tmp_path / "plan.md"
    result = CliRunner().invoke(main, [str(study), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert result.output == f"{out}: 4 points are open\n"
    before = out.read_bytes()
    again = CliRunner().invoke(main, [str(study), "--out", str(out)])
    assert again.exit_code == 1
    assert "is there already, and may be registered" in again.stderr
    assert out.read_bytes() == before
