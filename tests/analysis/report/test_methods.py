import json

from analysis.export.read import read_export
from analysis.report.methods import paragraph
from analysis.statistics.analysed import analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, Participant, Stimulus, someone
from tests.analysis.steps import Advised, steps_export


def text_of(tmp_path, participants, **facts) -> str:
    text = paragraph(analysed(read_export(write_export(tmp_path / "e", participants, **facts))))
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_paragraph_holds_the_numbers_of_the_study(tmp_path):
    participants = [someone("confidence", right) for right in (2, 3, 4)]
    participants += [someone("gradcam", right) for right in (4, 5, 6)]
    participants += [someone("gradcam", 6, validation_right=5)]
    participants += [Participant(condition="confidence", outcome="returned", right=())]
    text = text_of(tmp_path, participants)
    assert "8 participants started the study (between subjects: confidence and gradcam)." in text
    assert (
        "1 did not complete it and 1 had fewer than 8 validation trials right; 6 were analysed."
        in text
    )
    assert "in 6 test trials (36 in all: 36 on natural stimuli)" in text
    # 2, 3, 4 of 6: mean 50 %, SD 100/6 = 16.7, t(.975, 2) = 4.303, so 50 ± 41.4.
    assert "50.0 % with confidence (n = 3, SD = 16.7, 95 % t interval 8.6 to 91.4 %)" in text
    # Of the six bins in order, right were: confidence 3, 3, 2, 1, 0, 0 of 3 people.
    assert (
        "Pooled over trials (in brackets: the plain mean over the six bins), decisions on natural "
        "stimuli were right in 50.0 % with confidence (50.0 %) and 83.3 % with gradcam (83.3 %)."
    ) in text
    assert "two-sided; p adjusted by Holm’s method over 1 pair" in text
    assert "(tiny) accepts its own label where its confidence is at least 0.55" in text


def test_one_person_makes_no_interval_and_one_condition_no_comparison(tmp_path):
    text = text_of(tmp_path, [someone("confidence", 3)], conditions=("confidence",))
    assert "All 1 were analysed." in text
    assert "50.0 % with confidence (n = 1)." in text
    assert "Mann-Whitney" not in text
    assert "nan" not in text


def test_a_rehearsal_is_never_told_as_a_study_of_people(tmp_path):
    participants = [someone("confidence", 3, simulated=True)] * 2
    assert "2 simulated participants started" in text_of(tmp_path, participants)


def test_before_anybody_the_paragraph_says_so(tmp_path):
    assert text_of(tmp_path, []) == "Nobody is analysed yet."


def test_the_paragraph_says_how_the_task_was_learnt_and_what_was_shown_how_often_28(tmp_path):
    folder = write_export(tmp_path / "e", [someone("confidence", 3)])
    facts = json.loads((folder / "export.json").read_text())
    trial = {
        "ask_seen": "first",
        "show_card": "never",
        "wording": "answer",
        "show_confidence": False,
        "unlock": True,
        "dwell_ms": 1500,
        "record_view": True,
        "pause": True,
    }
    practice = {"items": 5, "steps": "trial", "feedback": "full"}
    facts |= {"schema_version": 2, "trial": trial, "practice": practice}
    facts["behaviour"] = {"record": False}
    (folder / "export.json").write_text(json.dumps(facts))
    text = paragraph(analysed(read_export(folder))).replace("\N{NO-BREAK SPACE}", " ")
    assert "5 practice items had the screens of a later trial; their feedback showed photo" in text
    assert "asked in a person’s first trial with a label, and the class card shown never" in text
    assert "The AI’s confidence was not shown." in text
    assert "after 1.5 s" in text
    assert "How people answered was not recorded, beyond their answers" in text


def test_the_paragraph_of_an_export_of_before_says_nothing_of_the_screens_28(tmp_path):
    text = text_of(tmp_path, [someone("confidence", 3)])
    assert "practice items" not in text
    assert "class card" not in text


def test_the_paragraph_says_what_holds_without_debatable_stimuli_and_only_where_some_are(tmp_path):
    doubtful = (*NATURAL[:5], Stimulus(bin="hard", ai_right=False, debatable=True))
    participants = [someone(name, 3) for name in ("confidence", "gradcam")]
    text = text_of(tmp_path, participants, stimuli=doubtful)
    # 3 of 6, and 3 of the 5 others.
    assert (
        "found the true label of 1 of the stimuli debatable. Without them, mean accuracy changes "
        "by 10.0 points at most (“confidence”: 50.0 % with them, 60.0 % without)"
    ) in text
    assert "debatable" not in text_of(tmp_path / "none", participants)


def test_a_study_in_steps_says_what_was_asked_and_who_was_shown_no_ai(tmp_path):
    people = [
        Advised(before="TTOTAO", after="TTTTAA"),
        Advised(before="TTOTAO", condition="unaided"),
    ]
    read = read_export(steps_export(tmp_path / "e", people))
    text = paragraph(analysed(read))
    assert "Each answered step by step (alone, then advised) in 6 test trials (12 in all" in text
    assert (
        "A trial was right if the last of its answers that can be right or wrong was. People of "
        "unaided were shown no AI."
    ) in text
    assert "accepts its own label" not in text
