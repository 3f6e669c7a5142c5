"""Simulated people go through a real server."""

import csv
from collections import Counter

import pytest

from study_app.behaviour import PLANTED, planted
from study_app.page import read_page
from study_app.refusals import RefusalError


def test_simulated_people_finish_and_behave_as_planted(empty_app, tools, tmp_path):
    app, text = empty_app, tools.study_text(practice=1, validation=2)
    tools.load(app, tools.build_bundle(tmp_path / "short", text).path)

    def run(*arguments):
        return app.test_cli_runner().invoke(args=["study", *map(str, arguments)])

    sure = [f"--behaviour={name}=1,0" for name in ("confidence", "heatmap")]
    result = run("simulate", "-n", "6", "--seed", "3", *sure, "--behaviour=neighbours=0,1")
    assert result.exit_code == 0, result.output
    assert "6 people answered everything" in result.output
    people = tools.people(app)
    assert [(person.simulated, person.outcome) for person in people] == [(True, "completed")] * 6
    assert Counter(person.condition for person in people).most_common()[-1][1] == 2
    run("export", "--simulated", tmp_path / "out")
    with (tmp_path / "out" / "responses.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["phase"] == "test"]
    for row in rows:
        assert row["team_right"] == ("0" if row["condition"] == "neighbours" else "1")
        assert float(row["decision_rt_ms"]) > 0
    assert "6 of 6 completed" in run("status").output


def test_conditions_get_different_behaviours_by_default():
    behaviours = planted(["a", "b", "c", "d"], [])
    assert behaviours == dict(zip("abcd", (*PLANTED, PLANTED[0]), strict=True))


def test_a_behaviour_can_be_planted():
    behaviour = planted(["a", "b"], ["b=0.7,0.2"])["b"]
    assert (behaviour.accept_right, behaviour.accept_wrong) == (0.7, 0.2)


def test_every_wrong_behaviour_is_named():
    with pytest.raises(RefusalError) as caught:
        planted(["a"], ["x=0.1,0.2", "a=2,0", "a=high"])
    assert len(caught.value.problems) == 3


def test_a_page_without_its_form_is_noticed():
    with pytest.raises(ValueError, match="one form, found 0"):
        _ = read_page("<p>Broken</p>").form
