import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.export.read import read_export
from analysis.export.write import write_import
from analysis.report.command import write_report
from analysis.report.page import page, sections_of
from analysis.statistics.analysed import analysed
from analysis.statistics.measures import accuracy
from analysis.trials.conversion import read_trials
from analysis.trials.map_file import read_settings
from tests.analysis.exports import write_export
from tests.analysis.participants import someone
from tests.analysis.trials.plain_trials import PLAIN, imported

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "analysis" / "trials" / "example.toml"
HEADER = "Proband;Gruppe;Bild;KI richtig;Antwort;Teil;Art;KI sagt;Sicherheit;Dauer;Bekannt"
# Two people. Test pictures: T1 (90 %, right: easy), T2 (29,5 %, right: hard), T3 (85 %, wrong:
# hard), T4 (70 %, wrong: between the bands), A1 (adversarial, 50 %: medium).
GERMAN = [
    HEADER,
    "Jörg;Grad-CAM;V1;ja;ja;Prüfung;natürlich;Möwe;90;1,5;ja",
    "Jörg;Grad-CAM;V2;nein;nein;Prüfung;natürlich;Möwe;90;1,5;ja",
    "Änne;Nur Sicherheit;V1;ja;JA;Prüfung;natürlich;Möwe;90;1,5;ja",
    "Änne;Nur Sicherheit;V2;nein;nein;Prüfung;natürlich;Möwe;90;1,5;ja",
    "Jörg;Grad-CAM;T1;ja;ja;Versuch;natürlich;NA;90 %;1,25;ja",
    "Jörg;Grad-CAM;T2;ja;nein;Versuch;natürlich;null;29,5;2;nein",
    "Änne;Nur Sicherheit;T1;ja;ja;Versuch;natürlich;NA;90;0,5;nein",
    "Jörg;Grad-CAM;T3;nein;nein;Versuch;natürlich;Möwe;85;3;",
    "",
    "Änne;Nur Sicherheit;T3;nein;ja;Versuch;natürlich;Möwe;85;4;nein",
    "Jörg;Grad-CAM;A1;nein;nein;Versuch;gestört;Möwe;50;3;ja",
    "Änne;Nur Sicherheit;T4;nein;;Versuch;natürlich;Möwe;70;;nein",
    ";;;;;;;;;;",
]


@pytest.fixture(scope="module")
def german(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("german")
    (folder / "antworten.csv").write_bytes("\r\n".join(GERMAN).encode("cp1252"))
    return write_import(read_trials(folder / "antworten.csv", EXAMPLE), folder / "export")


def prose_of(export: Path) -> str:
    participants = analysed(read_export(export))
    return page(participants, sections_of(participants), {})


@pytest.mark.slow
def test_a_german_file_gives_a_report_with_the_numbers_counted_by_hand(german, tmp_path):
    report = write_report(german, tmp_path / "report").parent
    table = pd.read_csv(report / "tables" / "accuracy.csv").set_index("condition")
    # Jörg: T1 right, T2 (a right answer rejected) wrong, T3 right, A1 right. Änne: T1, not T3.
    assert table["mean_percent"].to_dict() == {"confidence": 50, "gradcam": 75}
    bins = pd.read_csv(report / "tables" / "bins.csv").set_index(["condition", "ai_right", "bin"])
    assert bins.loc[("gradcam", 1, "easy"), ["n_trials", "n_right"]].tolist() == [1, 1]
    assert bins.loc[("gradcam", 1, "hard"), ["n_trials", "n_right"]].tolist() == [1, 0]
    assert bins.loc[("gradcam", 0, "hard"), ["n_trials", "n_right"]].tolist() == [1, 1]
    assert bins.loc[("confidence", 0, "hard"), ["n_trials", "n_right"]].tolist() == [1, 0]
    alone = pd.read_csv(report / "tables" / "ai_only.csv").set_index("basis")
    # T1 accepted rightly, T2 rejected wrongly, T3 accepted wrongly; nobody answered T4.
    shown = alone.loc["stimuli shown"]
    assert (shown["n_images"], shown["accuracy_percent"]) == (3, pytest.approx(100 / 3))
    (pair,) = pd.read_csv(report / "tables" / "comparisons.csv").to_dict("records")
    assert (pair["condition_a"], pair["condition_b"], pair["u"]) == ("gradcam", "confidence", 1)


def test_a_german_file_is_imported_cell_by_cell(german):
    read = read_export(german)
    assert read.study.study.title == "Do heat maps help people judge a bird classifier?"
    assert read.facts.condition_names == ("confidence", "gradcam")
    assert read.min_correct == 2
    participants = read.participants.set_index("participant_id")
    assert participants["condition"].to_dict() == {"p001": "gradcam", "p002": "confidence"}
    assert participants[["n_validation", "validation_right", "n_test"]].to_numpy().tolist() == [
        [2, 2, 4],
        [2, 2, 2],
    ]
    first = read.responses.query("participant_id == 'p001' and phase == 'test'")
    assert list(first["stimulus_id"]) == ["T1", "T2", "T3", "A1"]
    assert list(first["trial_index"]) == [0, 1, 2, 3]
    assert list(first["label"]) == ["NA", "null", "Möwe", "Möwe"]
    assert list(first["confidence"]) == [0.9, 0.295, 0.85, 0.5]
    assert list(first["decision_rt_ms"]) == [1250, 2000, 3000, 3000]
    assert first["seen_before"].tolist()[:2] == [True, False]
    assert first["seen_before"].isna().tolist() == [False, False, True, False]
    unanswered = read.responses.query("stimulus_id == 'T4'").iloc[0]
    assert unanswered[["decision", "team_right", "bin", "decision_rt_ms"]].isna().all()


def test_no_name_of_a_person_is_in_the_export(german):
    for path in german.iterdir():
        text = path.read_text("utf-8")
        assert "Jörg" not in text, path.name
        assert "Änne" not in text, path.name


def test_the_example_gives_every_setting_and_the_guide_shows_it():
    settings, problems = read_settings(EXAMPLE)
    assert not problems
    assert settings is not None
    unset = {name for name in type(settings).model_fields if name not in settings.model_fields_set}
    assert unset == set()
    assert EXAMPLE.read_text("utf-8") in (ROOT / "docs" / "import.md").read_text("utf-8")


def test_an_export_written_as_plain_trials_and_imported_has_the_same_accuracies(tmp_path):
    participants = [
        someone(condition, n_right, n=9)
        for condition in ("confidence", "gradcam")
        for n_right in (3, 5, 9)
    ]
    ours = analysed(read_export(write_export(tmp_path / "ours", participants)))
    plain = ours.trials.assign(decision_rt_ms=ours.trials["decision_rt_ms"] / 1000)
    plain.to_csv(tmp_path / "plain.csv", sep="\t", decimal=",", index=False)
    toml = PLAIN.replace("who", "participant_id").replace("group", "condition")
    toml = toml.replace("image", "stimulus_id") + (
        'kind = "kind"\nconfidence = "confidence"\ndecision_time = "decision_rt_ms"\n'
        'label = "label"\n[decision_time]\nunit = "s"\n[file]\nseparator = "\\t"\ndecimal = ","\n'
    )
    (tmp_path / "map.toml").write_text(toml)
    study = read_trials(tmp_path / "plain.csv", tmp_path / "map.toml")
    again = analysed(read_export(write_import(study, tmp_path / "again")))
    values = ["condition", "n_trials", "n_right", "accuracy_percent"]
    pd.testing.assert_frame_equal(again.users[values], ours.users[values])
    for kind in ("natural", "adversarial"):
        pd.testing.assert_frame_equal(
            accuracy.by_bin(again.trials, again.conditions, kind=kind),
            accuracy.by_bin(ours.trials, ours.conditions, kind=kind),
        )
    same = ["trial_index", "stimulus_id", "label", "confidence", "bin", "decision_rt_ms"]
    pd.testing.assert_frame_equal(
        again.trials[same],
        ours.trials.assign(trial_index=again.trials["trial_index"])[same],
        check_categorical=False,  # ours has stimuli of the validation too
    )


def test_who_was_right_and_the_decision_follow_from_each_other(tmp_path):
    csv = "who,group,image,ai_right,person_right\na,x,1,1,1\na,x,2,0,1\na,x,3,1,0\na,x,4,0,\n"
    toml = PLAIN.replace('decision = "decision"', 'team_right = "person_right"')
    read = read_export(imported(tmp_path, csv, toml)).responses
    assert read["decision"].tolist()[:3] == ["accept", "reject", "reject"]
    assert read["decision"].isna().tolist() == [False, False, False, True]
    assert read["team_right"].tolist()[:3] == [True, True, False]


def test_texts_stay_texts_whatever_they_look_like(tmp_path):
    csv = 'who,group,image,ai_right,decision\nNA,x,01,1,yes\n"a, b",x,null,0,no\nä,x,NA,0,no\n'
    read = read_export(imported(tmp_path, csv))
    assert list(read.stimuli["stimulus_id"]) == ["01", "null", "NA"]
    assert list(read.participants["participant_id"]) == ["p001", "p002", "p003"]


def test_a_thousand_people_have_pseudonyms_of_one_length(tmp_path):
    rows = "".join(f"{i},x,1,1,yes\n" for i in range(1000))
    participants = read_export(imported(tmp_path, "who,group,image,ai_right,decision\n" + rows))
    names = participants.participants["participant_id"]
    assert (names.iloc[0], names.iloc[-1]) == ("p0001", "p1000")


def test_a_column_of_bins_is_taken_as_it_is(tmp_path):
    csv = "who,group,image,ai_right,decision,level,p\na,x,1,1,yes,E,.1\na,x,2,1,yes,,.9\n"
    toml = PLAIN + 'bin = "level"\nconfidence = "p"\n[values]\neasy = "e"\n'
    assert read_export(imported(tmp_path, csv, toml)).responses["bin"].fillna("").tolist() == [
        "easy",
        "",
    ]


def test_a_byte_order_mark_does_no_harm(tmp_path):
    csv = "\N{ZERO WIDTH NO-BREAK SPACE}who,group,image,ai_right,decision\na,x,1,1,yes\n"
    assert len(read_export(imported(tmp_path, csv)).responses) == 1


def test_a_picture_that_was_shown_again_without_an_answer_is_no_repetition(tmp_path):
    csv = "who,group,image,ai_right,decision\na,x,1,1,\na,x,1,1,yes\nb,x,1,1,\n"
    participants = read_export(imported(tmp_path, csv)).participants
    assert participants["n_test"].tolist() == [1, 0]
    assert participants["outcome"].fillna("").tolist() == ["completed", ""]


@pytest.mark.slow
def test_one_row_and_nothing_else_still_gives_a_report_that_says_what_is_missing(tmp_path):
    export = imported(tmp_path, "who,group,image,ai_right,decision\na,x,1,1,yes\n")
    report = write_report(export, tmp_path / "report")
    text = re.sub(r"\s+", " ", report.read_text("utf-8"))
    assert "No threshold <i>T</i>* of <code>ai</code> is known" in text
    assert "so teams have no accuracy on six bins" in text
    words = re.sub(r"<(svg|style).*?</\1>", "", text, flags=re.DOTALL).lower()
    assert not re.search(r"\bnan\b", words)
    assert "ai_only.csv" not in text


@pytest.mark.slow
def test_a_threshold_without_confidences_says_what_the_ai_cannot_decide(tmp_path):
    csv = "who,group,image,ai_right,decision,p\na,x,1,1,yes,.9\na,x,2,0,yes,\na,x,3,0,no,\n"
    toml = PLAIN + 'confidence = "p"\n[classifier]\nthreshold = 0.5\nchosen_on = "pool"\n'
    export = imported(tmp_path, csv, toml)
    text = re.sub(r"\s+", " ", prose_of(export))
    assert "Of 3 natural stimuli shown, 2 have no recorded confidence" in text
    tables = {
        t.name: t.frame for s in sections_of(analysed(read_export(export))) for t in s.listings
    }
    shown = tables["ai_only"].set_index("basis").loc["stimuli shown"]
    assert (shown["n_images"], shown["accuracy_percent"]) == (1, 100)
    write_report(export, tmp_path / "report")
