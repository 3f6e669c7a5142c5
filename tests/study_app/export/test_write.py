"""An export is whole, says what it is, and leads to nobody."""

import json
import re

from tests.study_app.export.contract import CONTRACT


def test_nothing_that_leads_to_a_person_is_exported(exported, tools):
    text = "".join(path.read_text("utf-8") for path in exported.folder.rglob("*.*"))
    for secret in (
        "5f9b2c1e0a7d4e3b8c6f1a20",
        "sss222",
        "eee333",
        *(p.token for p in tools.participants(exported.app)),
    ):
        assert secret not in text


def test_the_facts_are_those_of_the_contract(exported, bundle):
    facts = json.loads((exported.folder / "export.json").read_text("utf-8"))
    example = re.search(r"```json\n(.*?)```", CONTRACT.read_text("utf-8"), re.S)
    expected = json.loads(example[1])
    assert facts.keys() == expected.keys()
    assert facts["pairing"] == bundle.study.bins.pairing == "system"
    for key in ("conditions", "ai_only", "bins"):
        assert facts[key][0].keys() == expected[key][0].keys()
    assert facts["bundle_digest"] == bundle.digest
    assert facts["bundle_study_digest"] == facts["study_digest"]
    assert facts["rows"]["responses"] == 27


def test_an_export_tells_when_its_wave_was_exported_before(app, tmp_path):
    def run(*arguments):
        args = ["study", *map(str, arguments)]
        assert app.test_cli_runner().invoke(args=args).exit_code == 0

    def facts(name, *options):
        run("export", tmp_path / name, *options)
        return json.loads((tmp_path / name / "export.json").read_text("utf-8"))

    first = facts("first")
    assert first["exported_before"] == []
    run("backup", tmp_path / "backup.sqlite")
    second, third = facts("second", "--simulated"), facts("third", "--with-ids")
    assert len(second["exported_before"]) == 1
    assert third["exported_before"][0] == second["exported_before"][0] <= first["created_at"]
    assert second["exported_before"][0] < third["exported_before"][1] <= second["created_at"]
    assert facts("pilot", "--wave", "pilot")["exported_before"] == []


def test_the_study_is_exported_as_it_was_run(exported, bundle):
    assert (exported.folder / "study.toml").read_text("utf-8") == bundle.study_text


def test_an_export_never_overwrites(exported):
    result = exported.run("export", exported.folder)
    assert result.exit_code == 1
    assert "is there already" in result.output


def test_no_partial_folder_is_left(exported):
    assert not exported.folder.with_name("out.partial").exists()
