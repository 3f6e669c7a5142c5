"""Waves that are never pooled, personal links, and quotas that reach every stimulus."""

import csv
import json
import re

import pytest

from study_app.enums import Wave


@pytest.fixture
def study(app):
    """Runs a command of `study`: its exit status, and what it printed."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
        return result.exit_code, result.output

    return run


def exported(study, folder, *options):
    """The wave of an export, and its participants."""
    status, output = study("export", folder, *options)
    assert status == 0, output
    with (folder / "participants.csv").open(encoding="utf-8", newline="") as file:
        participants = [row["participant_id"] for row in csv.DictReader(file)]
    return json.loads((folder / "export.json").read_text("utf-8"))["wave"], participants


def test_an_export_holds_one_wave(another_visitor, study, tools, app, tmp_path):
    study("recruit", "pilot")
    another_visitor().start()
    study("recruit", "main")
    another_visitor().start()
    pilot, main = (participant.participant_id for participant in tools.participants(app))
    assert exported(study, tmp_path / "main") == ("main", [main])
    assert exported(study, tmp_path / "pilot", "--wave", "pilot") == ("pilot", [pilot])


def test_an_invited_person_has_a_link_that_leads_back(another_visitor, study, tools, app):
    _, first = study("invite", "Ada", "Grace", "--url", "https://study.example.org")
    _, again = study("invite", "Ada")
    ada, grace = re.findall(r"\?invitation=(\S+)", first)
    assert re.findall(r"\?invitation=(\S+)", again) == [ada]
    visitor = another_visitor().start(f"?invitation={ada}").walk(until="judge")
    assert another_visitor().start(f"?invitation={ada}").url == visitor.url
    another_visitor().start(f"?invitation={grace}")
    assert [participant.wave for participant in tools.participants(app)] == [Wave.INVITED] * 2


def test_an_invitation_that_was_never_made_is_refused(visitor, tools, app):
    assert visitor.start("?invitation=guessed").response.status_code == 404
    assert tools.participants(app) == []


def with_assignment(tools, **settings):
    """The invented study with an [assignment] table."""
    lines = "\n".join(f"{name} = {value}" for name, value in settings.items())
    return f"{tools.study_text()}\n[assignment]\n{lines}\n"


def reload(tools, app, tmp_path, bundle_path, **settings):
    """Load the invented bundle with other assignment settings."""
    file = tmp_path / "study.toml"
    file.write_text(with_assignment(tools, **settings), "utf-8")
    arguments = ["study", "load", str(bundle_path), "--study", str(file)]
    return app.test_cli_runner().invoke(args=arguments)


def test_a_quota_that_shows_some_stimuli_too_rarely_is_refused(app, tools, tmp_path, bundle_path):
    """12 stimuli twice are 24 views: 4 people with 6 trials each, if no cell is uneven."""
    refused = reload(tools, app, tmp_path, bundle_path, quota=3)
    assert refused.exit_code == 1
    needed = int(re.search(r"12 stimuli 2 times; it takes (\d+)", refused.output)[1])
    assert needed >= 4
    assert reload(tools, app, tmp_path, bundle_path, quota=needed).exit_code == 0


def test_trials_that_the_bundle_has_no_stimuli_for_are_refused(app, tools, tmp_path, bundle_path):
    refused = reload(tools, app, tmp_path, bundle_path, right=0, wrong=1, adversarial=5)
    assert "assignment.adversarial: 5 trials, but the bundle has" in refused.output
    uneven = reload(tools, app, tmp_path, bundle_path, right=1, wrong=1, adversarial=1)
    assert "3 right, wrong and adversarial trials, but the test phase has 6" in uneven.output


def test_everybody_judges_as_many_right_wrong_and_adversarial_pictures(
    app, another_visitor, tools, tmp_path, bundle_path
):
    assert reload(tools, app, tmp_path, bundle_path, right=3, wrong=2, adversarial=1).exit_code == 0
    another_visitor().start()
    kinds = {s.stimulus_id: s for s in tools.read(bundle_path).stimuli}
    right = {p.stimulus_id: p.right for p in tools.read(bundle_path).predictions}
    tested = [t.stimulus_id for t in tools.trials(app) if t.phase == "test"]
    perturbed = [s for s in tested if kinds[s].kind == "adversarial"]
    assert (len(tested), len(perturbed)) == (6, 1)
    assert sum(right[s] for s in tested) == 3


def test_half_of_the_groups_is_refused(app, tools, tmp_path, bundle_path):
    refused = reload(tools, app, tmp_path, bundle_path, right=3)
    assert "give all three, or none of them" in refused.output
