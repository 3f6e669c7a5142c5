"""`study load`: what it refuses, and that it then changes nothing."""

import json
import re
import shutil

import pytest

from stimuli.bundle.files import write_sums
from tests.study_app.own_steps import BEST, with_steps


def test_loading_says_what_it_loaded(run, bundle_path):
    result = run("load", bundle_path)
    assert result.exit_code == 0
    assert "Loaded invented" in result.output
    assert "5 practice, 10 validation, 6 test" in result.output


def test_loading_the_same_again_changes_nothing(run, bundle_path):
    run("load", bundle_path)
    assert "Already in force" in run("load", bundle_path).output


OWN_TEXTS = '[texts]\nlab = "the perception lab"\ncontact = "ada@example.org"\n'


def test_texts_that_only_a_lab_can_say_are_warned_of_until_it_says_them(
    run, bundle_path, study_file, tools
):
    result = run("load", bundle_path)
    assert result.exit_code == 0
    assert "Warning: texts.lab: participants read 'our research group'" in result.stderr
    assert "Warning: texts.contact: participants read 'the researcher who" in result.stderr
    result = run("load", bundle_path, "--study", study_file(f"{tools.study_text()}\n{OWN_TEXTS}"))
    assert result.exit_code == 0
    assert "Warning" not in result.output


def test_loading_the_same_with_people_changes_nothing(run, bundle_path, app, visitor):
    visitor.start()
    assert run("load", bundle_path).exit_code == 0


def test_a_folder_that_is_no_bundle_is_refused_in_one_message(run, tmp_path):
    result = run("load", tmp_path)
    assert result.exit_code == 1
    assert "SHA256SUMS is missing" in result.output
    assert "Traceback" not in result.output


def test_a_broken_bundle_is_refused_with_every_problem(run, bundle_path, tmp_path):
    broken = shutil.copytree(bundle_path, tmp_path / "broken")
    (broken / "pool.csv").write_text("x")
    next((broken / "images").iterdir()).unlink()
    result = run("load", broken)
    assert result.exit_code == 1
    assert "2 problems" in result.output


def test_another_bundle_is_refused_once_somebody_started(run, app, visitor, tools, tmp_path):
    visitor.start()
    other = tools.build_bundle(tmp_path / "other", tools.study_text(test=7))
    result = run("load", other.path)
    assert result.exit_code == 1
    assert "already holds 1 participants" in result.output
    assert visitor.open(visitor.url).response.status_code == 200


def test_another_bundle_may_replace_one_that_nobody_met(run, app, tools, tmp_path, visitor):
    other = tools.build_bundle(tmp_path / "other", tools.study_text(test=7))
    assert run("load", other.path).exit_code == 0
    visitor.start()
    assert len(tools.trials(app)) == 22


def test_online_tables_may_be_replaced(run, tools, bundle_path, study_file, empty_app):
    path = study_file(tools.study_text(test=3))
    assert run("load", bundle_path, "--study", path).exit_code == 0
    tools.visitor(empty_app.test_client()).start()
    assert len(tools.trials(empty_app)) == 18


def test_offline_tables_may_not_be_replaced(run, tools, bundle_path, study_file):
    path = study_file(tools.study_text().replace("epochs = 1", "epochs = 2"))
    result = run("load", bundle_path, "--study", path)
    assert result.exit_code == 1
    assert "classifiers: differs" in result.output


def test_more_trials_than_the_bundle_has_are_refused(run, tools, bundle_path, study_file):
    result = run("load", bundle_path, "--study", study_file(tools.study_text(test=99)))
    assert result.exit_code == 1
    assert "99, but the bundle has 12" in result.output


@pytest.mark.parametrize("shown", [1, 3])
def test_more_best_answers_than_an_ai_gave_are_refused(
    run, tools, bundle_path, study_file, tmp_path, shown
):
    folder = shutil.copytree(bundle_path, tmp_path / "labels")
    path = folder / "predictions.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows = [row | {"best": row["best"][:1]} for row in rows]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    write_sums(folder)
    steps = BEST.replace("[trial]", f"[trial]\nbest = {shown}")
    text = with_steps(tools.study_text(), steps)
    result = run("load", folder, "--study", study_file(text))
    said = "the bundle has one answer of tiny to each picture; say best = 1"
    assert (said in result.output) is (shown > 1)
    assert (result.exit_code == 0) is (shown == 1)


def test_a_bundle_that_changed_on_disk_is_not_shown(run, tools, bundle_path, tmp_path, empty_app):
    copy = shutil.copytree(bundle_path, tmp_path / "copy")
    run("load", copy)
    (copy / "pool.csv").write_text("x")
    del empty_app.extensions["lorikeet_running_study"]  # as another process
    visitor = tools.visitor(empty_app.test_client()).open("/")
    assert visitor.response.status_code == 503
    assert "Please tell the person" in visitor.response.text


def test_without_a_study_the_page_says_what_to_run(empty_app, tools):
    visitor = tools.visitor(empty_app.test_client()).open("/")
    assert visitor.response.status_code == 503
    assert "study load" in visitor.response.text


@pytest.mark.parametrize("command", ["status", "links", "simulate"])
def test_commands_say_that_no_study_is_loaded(run, command):
    result = run(command)
    assert result.exit_code == 1
    assert "no study is loaded" in result.output


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
