"""steps.csv and comments.csv: what is written of a study's own steps."""

import pytest

from tests.study_app.visiting import read_csv

PAPER = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'
STEPS = """[trial]
pause = false
[[trial.steps]]
name = "why"
shows = ["photo", "panels"]
response = { kind = "text", text = "Why?" }
[[trial.steps]]
name = "decide"
shows = ["photo", "answer", "panels"]
reveal = { panels = "on demand" }
response = { kind = "decision" }
"""


@pytest.fixture
def exported(empty_app, tools, tmp_path):
    """Loads a study with these steps; somebody of a condition walks through, and is exported."""

    def export(condition, *options, steps=STEPS):
        text = tools.study_text(practice=1, validation=2, test=3).replace(PAPER, steps)
        tools.load(empty_app, tools.build_bundle(tmp_path / "bundle", text).path)
        while True:
            visitor = tools.visitor(empty_app.test_client()).start()
            if tools.participants(empty_app)[-1].condition == condition:
                break
        while visitor.screen != "debrief":
            written = dict.fromkeys(visitor.page.form.blanks, "My name is Ada")
            visitor.go_on(visitor.page.form.choices[0], **written)
        result = empty_app.test_cli_runner().invoke(
            args=["study", "export", str(tmp_path / "out"), *options]
        )
        assert result.exit_code == 0, result.output
        return tmp_path / "out"

    return export


def test_a_condition_without_explanations_shows_none_32(exported) -> None:
    rows = read_csv(exported("confidence") / "steps.csv")
    assert {(row["step"], row["shows"]) for row in rows} == {
        ("why", "photo"),
        ("decide", "photo answer"),
    }


def test_a_condition_with_explanations_shows_them_32(exported) -> None:
    rows = read_csv(exported("heatmap") / "steps.csv")
    assert {row["shows"] for row in rows} == {"photo panels", "photo answer panels"}


def test_free_text_of_steps_is_exported_apart_32(exported) -> None:
    folder = exported("heatmap", "--with-ids")
    assert {row["value"] for row in read_csv(folder / "steps.csv") if row["step"] == "why"} == {""}
    texts = read_csv(folder / "comments.csv")
    assert [row["name"] for row in texts] == [
        "practice 0 why",
        *("validation 0 why", "validation 1 why"),
        *("test 0 why", "test 1 why", "test 2 why"),
    ]
    assert {row["value"] for row in texts} == {"My name is Ada"}


def test_a_trial_and_the_step_that_decides_it_say_the_same_of_the_answer_32(exported) -> None:
    folder = exported("heatmap")
    steps = [row for row in read_csv(folder / "steps.csv") if row["step"] == "decide"]
    trials = read_csv(folder / "responses.csv")
    for step, trial in zip(steps, trials, strict=True):
        assert (step["value"], step["right"]) == (trial["decision"], trial["team_right"])
        assert (step["answered_at"], step["input"]) == (trial["answered_at"], trial["input"])
