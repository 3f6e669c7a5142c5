"""Gorilla's files: the paper's Table 1 from the experts' raw data, and files of a study of ours."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis import accuracy, prior_knowledge, team
from analysis.analysed import Analysed, analysed
from analysis.export import read_export
from analysis.gorilla.__main__ import EXAMPLE, main
from analysis.gorilla.settings import read_settings
from analysis.report import write_report

EXPERTS = Path(__file__).parents[3] / "shared" / "data" / "gorilla_experts"
GRADCAM = "data_exp_45332-v3_task-hfth.csv"
NEIGHBOURS = "data_exp_45279-v3_task-twi6.csv"
CONDITIONS = ("gradcam", "neighbours")
REFERENCE = Path(__file__).parents[1] / "reference" / "nguyen2021"

needs_experts = pytest.mark.skipif(
    not EXPERTS.is_dir(), reason="the authors' files are not at ../shared/data/gorilla_experts"
)


def imported(files: Iterable[Path], out: Path, *more: object) -> Path:
    arguments = [*map(str, files), "--out", str(out), *map(str, more)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("experts") / "export"
    return imported([EXPERTS / GRADCAM, EXPERTS / NEIGHBOURS], out)


@pytest.fixture(scope="module")
def experts(folder) -> Analysed:
    return analysed(read_export(folder))


@needs_experts
def test_table_1_of_the_paper_is_reproduced_to_the_last_digit(experts):
    users = accuracy.per_condition(experts.users, CONDITIONS).set_index("condition")
    kinds = accuracy.by_kind(experts.trials, CONDITIONS).set_index(["condition", "kind"])
    passed = experts.people[experts.people["step"] == "analysed"]
    validation = passed.groupby("condition")["validation_right"].mean()

    def row(name):
        pooled = [kinds.loc[(name, kind)] for kind in ("natural", "adversarial")]
        return (
            f"{users.loc[name, 'n_participants']}",
            f"{validation[name]:.2f}",
            *(f"{n.accuracy_percent:.2f} ({n.n_right:g}/{n.n_trials:g})" for n in pooled),
            f"{users.loc[name, 'mean_percent']:.2f}",
            f"{users.loc[name, 'std_percent']:.2f}",
        )

    published = pd.read_csv(REFERENCE / "table1.csv", dtype=str).to_numpy().tolist()
    assert [[name, *row(name)] for name in CONDITIONS] == published


@needs_experts
def test_every_expert_has_the_answers_and_the_minutes_of_the_raw_file(experts):
    counts = experts.trials.groupby(["participant_id", "kind"])["team_right"].agg(["sum", "size"])
    people = experts.export.participants.set_index("participant_id")
    minutes = (people["finished_at"] - people["started_at"]).dt.total_seconds() / 60
    kinds = ("natural", "adversarial")
    rows = [
        (
            people.loc[name, "condition"],
            f"{people.loc[name, 'validation_right']}",
            *(f"{own.loc[name, k]['sum']}/{own.loc[name, k]['size']}" for k in kinds),
            f"{minutes[name]:.1f}",
        )
        for name, own in counts.groupby(level=0)
    ]
    published = pd.read_csv(REFERENCE / "experts.csv", dtype=str).drop(columns="set")
    assert sorted(rows) == sorted(published.itertuples(index=False, name=None))


@needs_experts
def test_bin_counts_acceptance_and_weighted_accuracy_are_the_authors(experts):
    bins = accuracy.by_bin(experts.trials, CONDITIONS, kind="natural")
    adversarial = accuracy.by_bin(experts.trials, CONDITIONS, kind="adversarial")

    def counts(table, name, right):
        own = table[(table["condition"] == name) & (table["ai_right"] == right)]
        return [f"{k}/{n}" for k, n in zip(own["n_right"], own["n_trials"], strict=True)]

    assert counts(bins, "gradcam", True) == ["12/12", "17/19", "16/21"]
    assert counts(bins, "gradcam", False) == ["13/15", "7/16", "5/21"]
    assert counts(bins, "neighbours", True) == ["21/21", "18/19", "20/22"]
    assert counts(bins, "neighbours", False) == ["14/15", "10/19", "8/20"]
    assert counts(adversarial, "gradcam", False) == ["16/18", "8/14", "8/14"]
    assert counts(adversarial, "neighbours", False) == ["22/22", "16/21", "9/21"]
    accepted = accuracy.acceptance(experts.trials, CONDITIONS)
    both = accepted[accepted["ai_right"].isna()]
    assert list(both["accepted_percent"].round(2)) == [69.23, 69.83]
    facts = experts.export.facts
    weights = team.natural_weights(experts.export.pool, ["resnet34"], facts.natural_weights)
    teams = team.team_accuracy(bins, weights, facts.conditions)
    assert list(teams["accuracy_percent"].round(2)) == [88.23, 91.16]


@needs_experts
def test_prior_knowledge_counts_are_the_authors(experts):
    known = prior_knowledge.by_answer(experts.trials, CONDITIONS).set_index(
        ["condition", "seen_before"]
    )
    counts = {key: f"{row.n_right}/{row.n_trials}" for key, row in known.dropna().iterrows()}
    assert counts == {
        ("gradcam", True): "78/112",
        ("gradcam", False): "24/38",
        ("neighbours", True): "64/84",
        ("neighbours", False): "74/96",
    }


@needs_experts
def test_all_450_pictures_are_known_50_in_each_cell(experts):
    export = experts.export
    test = export.predictions.merge(export.stimuli.query("phase == 'test'"), on="stimulus_id")
    cells = test.groupby(["kind", "ai_right", "bin"]).size()
    assert len(test) == 450
    assert list(cells) == [50] * 9
    # AI-only on the adversarial ones: 89 of 150 are rejected at T* = .55 (reference, section 5.2).
    adversarial = test[test["kind"] == "adversarial"]
    assert int(team.accepts_rightly(adversarial, 0.55).sum()) == 89
    medium = test[(test["kind"] == "natural") & (test["bin"] == "medium")]
    # The notebook accepts above .55, not from .55 on as its text and we do; one picture has .55.
    assert int(((medium["confidence"] > 0.55) == medium["ai_right"]).sum()) == 56
    assert int(team.accepts_rightly(medium, 0.55).sum()) == 57


@needs_experts
def test_no_id_of_a_participant_is_left_in_the_export(folder):
    raw = pd.read_csv(EXPERTS / GRADCAM, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    ids = {
        cell
        for column in ("Participant Public ID", "Participant Private ID", "Schedule ID")
        for cell in raw[column].unique()
        if cell
    }
    cells = {
        cell
        for name in ("participants", "responses")
        for row in csv.reader((folder / f"{name}.csv").read_text("utf-8").splitlines())
        for cell in row
    }
    assert len(ids) > 5
    assert not ids & cells


@needs_experts
def test_the_report_of_an_import_names_its_sources_instead_of_a_bundle(folder, tmp_path):
    html = write_report(folder, tmp_path / "report").read_text("utf-8")
    assert GRADCAM in html
    assert "<dt>Bundle</dt>" not in html
    assert "11 analysed of 11 who started" in html


LABELS = {"n00000001": "junco", "n00000002": "NA", "n00000003": "maypole"}


def picture(predicted: int, true: int, per_cent: int, number: int, *, adversarial: bool = False):
    extra = "_19_13" if adversarial else ""
    return (
        f"n{predicted:08d}_ILSVRC2012_val_{number:08d}_n{true:08d}{extra}_{per_cent}.jpeg",
        "Yes" if predicted == true else "No",
        f"# Have you ever seen a **{LABELS[f'n{predicted:08d}']}** before?",
    )


# Two sets of three pictures each; the second has an adversarial one.
SETS = {
    "1": [picture(1, 1, 90, 1), picture(2, 1, 45, 2), picture(3, 3, 12, 3)],
    "2": [picture(1, 2, 85, 4), picture(2, 2, 40, 5), picture(3, 1, 20, 6, adversarial=True)],
}
CHECKS = [  # validation pictures, with other names
    ("n00000001_n00000001_7_n00000001_96.jpeg", "Yes", "a **junco** before?"),
    ("n00000003_n00000002_8_n00000002_31.jpeg", "No", "a **maypole** before?"),
]
HEADER = [
    *("Event Index", "UTC Timestamp", "Participant Public ID", "Participant Private ID"),
    *("Participant Status", "Task Name", "counterbalance-sf1", "counterbalance-other"),
    *("didyouknow", "Spreadsheet Row", "Trial Number", "Screen Name", "Zone Type"),
    *("Reaction Time", "Response", "Correct", "display", "ANSWER", "didyouknow", "file_name"),
    *(f"{name}{k}" for name in ("answer", "file_name", "didyouknow") for k in SETS),
]


class Task:
    """A Gorilla task file, row by row."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[list[str]] = []

    def begin(self, person: str, chosen: str, status: str = "complete") -> None:
        self.who = {
            "Participant Public ID": f"au{person}",
            "Participant Private ID": person,
            "Participant Status": status,
            "counterbalance-sf1": chosen,
        }
        self.event, self.clock = 0, 1_600_000_000_000
        self._add({"Trial Number": "BEGIN TASK"})

    def trial(self, display: str, row: int, seen: str, answer: str, sheet: dict[str, str]) -> None:
        for screen, response in (("Screen 1", seen), ("Screen 2", ""), ("Screen 3", answer)):
            cells = {"Screen Name": screen, "Response": response, "Reaction Time": "1500.5"}
            self._add({"display": display, "Spreadsheet Row": str(row), **cells, **sheet})

    def validation(self, answers: Iterable[str]) -> None:
        for row, (answer, (file, right, label)) in enumerate(zip(answers, CHECKS, strict=True), 5):
            sheet = {"file_name": file, "ANSWER": right, "didyouknow.1": label}
            self.trial("Validation", row, "No", answer, sheet)

    def test(self, answers: Iterable[str], seen: str = "Yes") -> None:
        for i, answer in enumerate(answers):
            sheet = {}
            for k, pictures in SETS.items():
                file, right, label = pictures[i]
                sheet |= {f"file_name{k}": file, f"answer{k}": right, f"didyouknow{k}": label}
            self.trial("Trial", 15 + i, seen, answer, sheet)

    def end(self, minutes: float) -> None:
        self.clock += 1000
        self._add({"Trial Number": "END TASK", "Reaction Time": str(60_000 * minutes)})

    def loading_delay(self) -> None:
        self._add({"Zone Type": "LOADING DELAY", "Screen Name": "Screen 3", "Response": "A delay"})

    def write(self, path: Path) -> Path:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADER, *self.rows, ["END OF FILE"]])
        return path

    def _add(self, cells: dict[str, str]) -> None:
        self.event += 1
        self.clock += 1600
        known = {
            "Event Index": str(self.event),
            "UTC Timestamp": str(self.clock),
            "Task Name": self.name,
            "Correct": "0",
            **self.who,
            **cells,
        }
        names = [f"{name}.1" if name in HEADER[:i] else name for i, name in enumerate(HEADER)]
        self.rows.append([known.get(name, "") for name in names])


def settings(folder: Path, *changes: tuple[str, str]) -> Path:
    text = EXAMPLE.read_text("utf-8")
    for old, new in (("min_correct = 8", "min_correct = 2"), *changes):
        assert old in text
        text = text.replace(old, new)
    path = folder / "study.toml"
    path.write_text(text, "utf-8")
    return path


def test_validation_and_test_in_two_tasks_are_joined_by_the_private_id(tmp_path):
    val, test = Task("Natural_SOD_Val"), Task("Natural_SOD_Test")
    for person, answers in {"77": ["Yes", "No"], "78": ["Yes", "Yes"], "79": ["Yes", "No"]}.items():
        val.begin(person, "")
        val.validation(answers)
        val.end(1)
    test.begin("79", "2")
    test.loading_delay()
    test.test(["No", "No", "No"])
    test.end(3)
    test.begin("77", "1")
    test.test(["Yes", "No", "Yes"])
    test.end(2)
    files = [val.write(tmp_path / "val.csv"), test.write(tmp_path / "test.csv")]
    (tmp_path / "empty.csv").write_bytes(b"\xef\xbb\xbf")  # a task that nobody did yet
    study = settings(tmp_path, ("live = false", "live = true"))
    out = imported([*files, tmp_path / "empty.csv"], tmp_path / "export", "--study", study)

    export = read_export(out)
    people = export.participants.set_index("participant_id")
    assert people["outcome"].to_dict() == {
        "p001": "completed",
        "p002": "failed_validation",
        "p003": "completed",
    }
    assert people["n_test"].to_dict() == {"p001": 3, "p002": 0, "p003": 3}
    last = export.responses.query("participant_id == 'p003' and phase == 'test'")
    assert list(last["kind"]) == ["natural", "natural", "adversarial"]
    assert list(last["bin"]) == ["hard", "medium", "easy"]
    assert list(last["team_right"]) == [True, False, True]
    assert list(last["label"]) == ["junco", "NA", "maypole"]
    assert list(last["decision_rt_ms"]) == [1500.5] * 3
    minutes = (people["finished_at"] - people["started_at"]).dt.total_seconds() / 60
    assert minutes["p003"] == pytest.approx(3)


def test_a_screen_that_was_answered_again_after_a_reload_counts_once(tmp_path):
    task = Task("Natural_NNs")
    task.begin("5", "1")
    task.validation(["Yes", "No"])
    task.test(["Yes", "No", "No"])
    task._add({"Trial Number": "BEGIN TASK"})
    sheet = {f"file_name{k}": SETS[k][2][0] for k in SETS}
    task.trial("Trial", 17, "No", "Yes", sheet)
    task.end(4)
    out = imported([task.write(tmp_path / "t.csv")], tmp_path / "e", "--study", settings(tmp_path))
    test = read_export(out).responses.query("phase == 'test'")
    assert list(test["decision"]) == ["accept", "reject", "accept"]
    assert list(test["seen_before"]) == [True, True, False]


def test_people_who_are_under_way_have_no_outcome(tmp_path):
    task = Task("Natural_EP")
    task.begin("5", "1", status="live")
    task.validation(["Yes", "No"])
    task.test(["Yes", "No"])
    out = imported([task.write(tmp_path / "t.csv")], tmp_path / "e", "--study", settings(tmp_path))
    (person,) = read_export(out).participants.to_dict("records")
    assert pd.isna(person["outcome"])
    assert person["n_test"] == 2


def problems(tmp_path: Path, task: Task, *changes: tuple[str, str]) -> str:
    arguments = [str(task.write(tmp_path / "t.csv")), "--out", str(tmp_path / "e")]
    result = CliRunner().invoke(main, [*arguments, "--study", str(settings(tmp_path, *changes))])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert not (tmp_path / "e").exists()
    return result.stderr


def test_what_cannot_be_read_is_said_and_nothing_is_written(tmp_path):
    task = Task("Natural_NNs")
    task.begin("5", "3")  # there is no third set
    task.validation(["Yes", "Maybe"])
    task.test(["Yes", "No", "No"])
    task.end(4)
    text = problems(tmp_path, task)
    assert "3 trials belong to the set '3'" in text
    assert "the answer 'Maybe' is neither accept nor reject" in text
    text = problems(tmp_path, task, ("_ILSVRC2012_val_", "_COCO_"))
    assert "does not fit the pattern of its phase" in text
    text = problems(tmp_path, task, ('NNs = "neighbours"', ""))
    assert "the task 'Natural_NNs' is of no condition" in text
    text = problems(tmp_path, task, ("(?P<true>", "(?P<really>"), ('SOD = "sal', 'SOD = "Sal'))
    assert "needs the group true" in text
    assert "conditions.SOD" in text


def test_a_name_that_contradicts_its_answer_column_is_a_problem(tmp_path):
    task = Task("Natural_NNs")
    task.begin("5", "1")
    task.validation(["Yes", "No"])
    file, _, label = SETS["1"][0]
    sheet = {"file_name1": file, "answer1": "No", "didyouknow1": label}
    task.trial("Trial", 15, "Yes", "Yes", sheet)
    task.end(1)
    assert "disagree on whether the AI is right" in problems(tmp_path, task)


def test_the_authors_settings_hold_what_figure_a1_prints():
    study = read_settings(EXAMPLE)
    assert sum(weight.weight for weight in study.natural_weights) == pytest.approx(99.95)
