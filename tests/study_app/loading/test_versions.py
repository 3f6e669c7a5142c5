"""Words that change between waves: who meets which, and what is known of it afterwards."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from analysis.export.read import read_export
from analysis.statistics.scales.coded_answers import scales_of
from stimuli.study import Outcome
from study_app import create_app
from study_app.active_study import active_study
from study_app.database import db
from study_app.enrolment.allocation import replay
from study_app.models import LoadedStudy, Participant, StudyVersion
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.planting import planted
from study_app.simulation.rehearsal import Rehearsal, simulate
from study_app.simulation.server import serving
from study_app.simulation.verification import verify
from study_app.tokens import trial_run_token
from tests.study_app.enrolment.changes import from_prolific
from tests.study_app.invented import build_bundle, study_text
from tests.study_app.sites import close
from tests.study_app.visiting import Visitor, participants, read_csv

JOB = """
[[questions]]
name = "job"
text = "What is your work?"
kind = "{kind}"
"""
USE = """
[[questions]]
name = "use"
text = "{}"
kind = "scale"
options = ["Never", "Daily"]
required = true
when = "after"
"""
STUDY = study_text(practice=1, validation=1, test=3)
LABS = {number: f'\n[texts]\nlab = "lab number {number}"\n' for number in (1, 2, 3)}
FIRST = STUDY + JOB.format(kind="text") + LABS[1]
SECOND = STUDY + JOB.format(kind="number") + LABS[2]
THIRD = STUDY + LABS[3]
ANNE, BEN = "a" * 24, "b" * 24


@dataclass(frozen=True)
class Place:
    """A server, and its commands."""

    app: Flask
    study: Callable[..., str]
    write: Callable[[str], str]

    def come(self, query: str = "") -> Visitor:
        return Visitor(self.app.test_client()).start(query)

    def open(self, query: str) -> Visitor:
        return Visitor(self.app.test_client()).open(f"/{query}")

    def load(self, text: str, *, refused: bool = False) -> str:
        return self.study(
            "load", self.write("bundle"), "--study", self.write(text), refused=refused
        )


@pytest.fixture(scope="module")
def small_bundle(tmp_path_factory):
    """A bundle of a short study."""
    return build_bundle(tmp_path_factory.mktemp("small") / "bundle", STUDY).path


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path, monkeypatch, small_bundle, compiled_templates) -> Iterator[Place]:
    """The short study in its first version, on either database."""
    if request.param == "postgresql":
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgres_address"))
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    app.jinja_env.bytecode_cache = compiled_templates

    def study(*arguments, refused=False):
        result = app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
        assert result.exit_code == int(refused), result.output
        return result.output

    def write(text):
        if text == "bundle":
            return str(small_bundle)
        (tmp_path / "words.toml").write_text(text, "utf-8")
        return str(tmp_path / "words.toml")

    opened = Place(app=app, study=study, write=write)
    opened.load(FIRST)
    yield opened
    close(app)


def lab_on(visitor: Visitor) -> str:
    """Which lab a page names."""
    [number] = {n for n, words in LABS.items() if f"lab number {n}" in visitor.response.text}
    return f"lab {number}"


def digest(folder, file) -> str:
    return hashlib.sha256((folder / file).read_bytes()).hexdigest()


def rows_of(folder, table="participants"):
    return read_csv(folder / f"{table}.csv")


def test_each_wave_has_its_words_and_everybody_keeps_theirs(place, tmp_path):
    """A tester in version 1, the pilot in 2, the main wave in 3; each leaves half-way."""
    with place.app.app_context():
        tester = place.come(f"?test={trial_run_token()}").walk(until="questions")
    place.study("recruit", "pilot")
    assert "Loaded invented, version 2" in place.load(SECOND)
    status = place.study("status")
    assert status.startswith("The pilot wave")
    assert "\nVersion 2 of the study file, in force since " in status

    anne, ben = (place.come(from_prolific("one", pid)) for pid in (ANNE, BEN))
    assert [lab_on(v) for v in (tester.open(tester.url), anne, ben)] == ["lab 1", "lab 2", "lab 2"]
    assert 'type="number"' not in tester.response.text
    tester.press("continue", **{"question-job": "Art =1"}).walk()
    anne.walk(until="questions").press("continue", **{"question-job": "7"}).walk(until="judge")
    ben.walk()

    refused = place.load(THIRD, refused=True)
    assert "the pilot wave: takes people in, and 2 of them met the words of now" in refused
    command = refused.partition("end it with `flask --app study_app study ")[2].partition("`")[0]
    place.study(*command.split())
    frozen = place.load(THIRD.replace("min_correct = 1", "min_correct = 0"), refused=True)
    assert "gate.min_correct: differs, and stays as 2 participants met it" in frozen
    place.load(THIRD)

    assert lab_on(anne.open(anne.url)) == "lab 2"
    again, new = place.come(from_prolific("two", BEN)), place.come(from_prolific("new", "c" * 24))
    assert lab_on(again) == lab_on(new) == "lab 3"
    assert "lab number 3" not in anne.walk().response.text
    assert "CDONE123" in anne.response.text
    assert "differs" not in place.load(THIRD)
    assert "the main wave: takes people in, and 1 of them" in place.load(SECOND, refused=True)
    for wave, number in (("pilot", 2), ("main", 3)):
        assert f"\nVersion {number} of the study file" in place.study("recruit", wave)
        assert lab_on(place.open(from_prolific("other", "d" * 24))) == f"lab {number}"
        assert lab_on(place.open(from_prolific("one", ANNE))) == "lab 2"

    met = [(p.wave, p.version, p.outcome) for p in participants(place.app)]
    assert met == [
        ("test", 1, Outcome.COMPLETED),
        ("pilot", 2, Outcome.COMPLETED),
        ("pilot", 2, Outcome.COMPLETED),
        ("main", 3, Outcome.DUPLICATE),
        ("main", 3, None),
    ]
    check_exports(place, tmp_path)
    assert place.study("replay") == "4 assignments drawn again: all the same\n"
    audit = place.study("audit")
    places = [audit.index(f"loaded the study invented, version {n}, ") for n in (1, 2, 3)]
    assert places == sorted(places)
    check_migration(place)


def check_exports(place: Place, folder) -> None:
    """Each wave tells its own words, also after others were put in force."""
    for wave, number, text in (("test", 1, FIRST), ("pilot", 2, SECOND), ("main", 3, THIRD)):
        out = folder / wave
        place.study("export", out, "--wave", wave, "--with-comments")
        assert [p.name for p in sorted((out / "versions").iterdir())] == [
            f"{number}.consent.txt",
            f"{number}.toml",
        ]
        assert (out / "study.toml").read_text() == (out / f"versions/{number}.toml").read_text()
        assert (out / "study.toml").read_text() == text
        agreed = {row["consent_digest"] for row in rows_of(out)} - {""}
        assert agreed <= {digest(out, f"versions/{number}.consent.txt")}
        assert digest(out, "consent.txt") == digest(out, f"versions/{number}.consent.txt")
        assert {row["version"] for row in rows_of(out)} == {str(number)}
    assert read_export(folder / "pilot").participants["version"].eq(2).all()
    assert rows_of(folder / "test", "questionnaire") == []  # "job" asked for free text then
    [said] = rows_of(folder / "test", "comments")
    assert (said["name"], said["value"]) == ("job", "Art =1")
    [job] = rows_of(folder / "pilot", "questionnaire")
    assert (job["name"], job["value"]) == ("job", "7")


def check_migration(place: Place) -> None:
    """The tables of before know one version; it is everybody's when they are brought up to date."""
    with place.app.app_context():
        db.session.remove()
        downgrade(revision="0014")
        upgrade()
        version = db.session.scalars(select(StudyVersion)).one()
        assert (version.number, version.study_text) == (1, THIRD)
        assert version.since == db.session.scalars(select(LoadedStudy.loaded_at)).one()
        assert set(db.session.scalars(select(Participant.version))) == {1}


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_who_took_part_in_a_pilot_is_known_in_the_main_wave_and_the_other_way_round(place):
    main = place.come(from_prolific("one", BEN))
    place.study("recruit", "pilot")
    place.load(SECOND)
    anne = place.come(from_prolific("one", ANNE)).walk()
    declined = place.come(from_prolific("one", "c" * 24)).press("decline")
    assert place.come(from_prolific("two", BEN)).screen == "debrief"
    assert main.open(main.url).screen == "consent"
    link = place.study("invite", "Grace").split("?")[1].strip()
    assert lab_on(place.come(f"?{link}")) == "lab 2"
    refused = place.study("recruit", "main", refused=True)
    assert "had people who met version 1 of the study file, and those who came by a" in refused
    assert "the invited wave: takes people in, and 1 of" in place.load(THIRD, refused=True)
    with place.app.app_context():
        outcomes = Counter(db.session.scalars(select(Participant.outcome)))
    assert outcomes == {None: 2, "completed": 1, "declined": 1, "duplicate": 1}
    assert lab_on(anne.open(anne.url)) == lab_on(declined) == "lab 2"


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.slow
def test_a_rehearsal_over_two_versions_stores_every_answer_once_and_reads_each_in_its_own(
    place, tmp_path
):
    """The second half of the people press Start after the words were changed."""
    place.load(STUDY + USE.format("How often do you use an AI?"))
    with serving(place.app) as url, place.app.app_context():
        model = DecisionModel(
            behaviours=planted(["confidence", "heatmap", "neighbours"], []), seed=1
        )
        rehearsal = Rehearsal(participants=6, mix={"calibrated": 1}, side_by_side=3, url=url)
        people = simulate(active_study(), model, rehearsal)
        came = [next(people)]
        place.load(STUDY + USE.format("How often do you use one?"))
        came += people
        assert verify(came).mismatches == ()
        assert replay(active_study()) == (6, [])
        assert Counter(db.session.scalars(select(Participant.version))) == {2: 3, 3: 3}
        db.session.remove()
    place.study("export", tmp_path / "out", "--simulated")
    export = read_export(tmp_path / "out")
    assert sorted(export.participants["version"]) == [2, 2, 2, 3, 3, 3]
    answers = export.questionnaire.merge(export.participants, on="participant_id")
    names = {2: "use (version 2)", 3: "use"}
    assert (answers["name"] == answers["version"].map(names)).all()
    assert {q.name: q.label for q in export.study.questions} == {
        "use": "How often do you use one? (version 3)",
        "use (version 2)": "How often do you use an AI? (version 2)",
    }
    assert [scale.name for scale in scales_of(export.study)] == ["use", "use (version 2)"]
