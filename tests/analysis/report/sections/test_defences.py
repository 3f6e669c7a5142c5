from dataclasses import replace

from analysis.export.read import read_export
from analysis.report.page import page
from analysis.report.sections import defences
from analysis.statistics.analysed import Analysed, analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant

NONE = dict.fromkeys(
    ("webdriver", "scripted_answers", "still_clicks", "pasted_chars", "unkeyed_chars", "trap"), 0
)
AGENT = Participant(simulated=True, sort="agent", left=0, signals=NONE)
PASTING = replace(AGENT, sort="pasting", left=6, signals=NONE | {"pasted_chars": 19})
HONEST = replace(AGENT, sort="calibrated")


def read_of(folder, crowd) -> Analysed:
    return analysed(read_export(write_export(folder / "e", crowd)))


def text_of(read: Analysed, section) -> str:
    return " ".join(page(read, [section], {}).split())


def test_honest_and_real_people_alone_have_no_such_section(tmp_path) -> None:
    crowd = [HONEST, Participant(), Participant(simulated=True)]
    assert defences.section(read_of(tmp_path, crowd)) is None


def test_the_page_says_who_passes_unseen_and_that_an_agent_cannot_be_told(tmp_path) -> None:
    read = read_of(tmp_path, [AGENT] * 4 + [replace(AGENT, validation_right=2), PASTING, HONEST])
    section = defences.section(read)
    assert section is not None
    of_agents = "“agent”: 5 of 5 completed the study; 4 of these 5 marked by nothing, 80\xa0% "
    of_pasting = "“pasting”: 1 of 1 completed the study; 0 of these 1 marked by nothing, 0\xa0% "
    assert section.prose["sentences"] == [
        of_agents + "(95\xa0% CI [38, 96]).",
        of_pasting + "(95\xa0% CI [0, 79]).",
    ]
    assert section.warnings[0].startswith("Of those analysed, 5 of 6 were sent to be caught")
    html = text_of(read, section)
    assert "No defence here tells an agent from a careful person." in html
    [table] = section.listings
    assert table.headers == ("", "agent", "pasting", "honest")
    rows = {row[0].text: [(cell.text, cell.under) for cell in row[1:]] for row in table.rows}
    assert rows["Gate"][0] == ("20 %", "1/5, 4 to 62 %")
    assert rows["Pasted text"] == [
        ("0 %", "0/5, 0 to 43 %"),
        ("100 %", "1/1, 21 to 100 %"),
        ("0 %", "0/1, 0 to 79 %"),
    ]
    assert "Attention checks" not in rows  # the study has none


def test_beside_real_people_nobody_who_was_sent_is_analysed(tmp_path) -> None:
    read = read_of(tmp_path, [Participant(), PASTING, replace(PASTING, outcome="", right=())])
    section = defences.section(read)
    assert section is not None
    assert section.warnings == ()
    html = text_of(read, section)
    assert "No defence here tells an agent" not in html
    assert "no honest ones came beside them" in html


def test_a_sort_of_which_nobody_completed_is_said_so(tmp_path) -> None:
    failing = replace(AGENT, sort="failing", validation_right=4, outcome="failed_validation")
    section = defences.section(read_of(tmp_path, [failing] * 2))
    assert section is not None
    assert section.prose["sentences"] == ["“failing”: 0 of 2 completed the study."]
