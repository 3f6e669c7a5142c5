"""The paper's Table 1, and all that stands beside it, from the experts' raw files of Gorilla."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from analysis.export.read import read_export
from analysis.gorilla.__main__ import EXAMPLE
from analysis.gorilla.map_file import read_settings
from analysis.report.command import write_report
from analysis.statistics.analysed import Analysed, analysed
from analysis.statistics.measures import accuracy, prior_knowledge
from analysis.statistics.measures.natural import natural_accuracy
from analysis.statistics.measures.teams import team
from analysis.statistics.measures.teams.ai_alone import accepts_rightly
from analysis.statistics.measures.teams.natural_weights import natural_weights
from tests.analysis.gorilla.gorilla_files import imported

EXPERTS = Path(__file__).parents[4] / "shared" / "data" / "gorilla_experts"
GRADCAM = "data_exp_45332-v3_task-hfth.csv"
NEIGHBOURS = "data_exp_45279-v3_task-twi6.csv"
CONDITIONS = ("gradcam", "neighbours")
REFERENCE = Path(__file__).parents[2] / "reference" / "nguyen2021"

needs_experts = pytest.mark.skipif(
    not EXPERTS.is_dir(), reason="the authors' files are not at ../shared/data/gorilla_experts"
)


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
    passed = experts.participants[experts.participants["step"] == "analysed"]
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
    participants = experts.export.participants.set_index("participant_id")
    minutes = (participants["finished_at"] - participants["started_at"]).dt.total_seconds() / 60
    kinds = ("natural", "adversarial")
    rows = [
        (
            participants.loc[name, "condition"],
            f"{participants.loc[name, 'validation_right']}",
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
    weights = natural_weights(experts.export.pool, ["resnet34"], facts.natural_weights)
    teams = team.team_accuracy(bins, weights, facts.conditions)
    assert list(teams["accuracy_percent"].round(2)) == [88.23, 91.16]


@needs_experts
def test_natural_accuracy_is_the_papers_pooled_and_the_mean_of_six_bins_beside_it(experts):
    bins = accuracy.by_bin(experts.trials, CONDITIONS, kind="natural")
    table = natural_accuracy(experts.trials, bins).round(2)
    assert table["accuracy_percent"].tolist() == [67.31, 78.45]
    # (12/12 + 17/19 + 16/21 + 13/15 + 7/16 + 5/21) / 6, and so on.
    assert table["bin_mean_percent"].tolist() == [69.98, 78.6]


@needs_experts
def test_prior_knowledge_counts_are_the_authors(experts):
    known = prior_knowledge.by_answer(experts.trials, CONDITIONS).set_index(
        ["condition", "seen_before"]
    )
    counts = {
        key: f"{row.n_right}/{row.n_trials}"
        for key, row in known.dropna(subset="n_right").iterrows()
    }
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
    assert int(accepts_rightly(adversarial, 0.55).sum()) == 89
    medium = test[(test["kind"] == "natural") & (test["bin"] == "medium")]
    # The notebook accepts above .55, not from .55 on as its text and we do; one picture has .55.
    assert int(((medium["confidence"] > 0.55) == medium["ai_right"]).sum()) == 56
    assert int(accepts_rightly(medium, 0.55).sum()) == 57


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
@pytest.mark.slow
def test_the_report_of_an_import_names_its_sources_instead_of_a_bundle(folder, tmp_path):
    html = write_report(folder, tmp_path / "report").read_text("utf-8")
    assert GRADCAM in html
    assert "<dt>Bundle</dt>" not in html
    assert "11 analysed of 11 who started" in html


def test_the_authors_settings_hold_what_figure_a1_prints():
    study = read_settings(EXAMPLE)
    assert sum(weight.weight for weight in study.natural_weights) == pytest.approx(99.95)
