"""A study in another language: nothing on its pages is English."""

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest

from stimuli.study import read_study
from study_app import create_app
from study_app.database import db
from study_app.i18n.catalogue import sentences
from study_app.i18n.translations import names_of, rationales_of
from study_app.session.consent import consent_digest
from tests.every_page import GOOD, every_page, in_language, serve, tables_of, whole_study
from tests.languages import english_of, german_tables, masked, read, table


@pytest.fixture
def new_app(tmp_path, tools, compiled_templates):
    """Makes servers, each with a database of its own."""
    apps = []

    def make():
        app = create_app({"TESTING": True}, instance_path=str(tmp_path / f"app{len(apps)}"))
        app.jinja_env.bytecode_cache = compiled_templates
        apps.append(app)
        return app

    yield make
    for app in apps:
        tools.close(app)


VARIANTS = (  # of a study, and whether classes have descriptions
    ({}, True),
    ({"style": "overlay", "examples": 0, "phones": "false", "pays": False}, True),
    ({"practises": False, "comprehends": False, "pays": False}, False),
    ({"screens": "once", "pays": False}, True),
    ({"screens": "once", "comprehends": False, "pays": False}, False),
    ({"screens": "silent", "examples": 0}, True),
    ({"screens": "steps", "pays": False, "practises": False}, True),
    ({"screens": "foreseeing", "pays": False}, True),
)


@pytest.mark.slow
def test_no_page_of_a_german_study_says_an_english_sentence(new_app, tools, tmp_path):
    faults = {}
    for number, (variant, describes) in enumerate(VARIANTS):
        app, english = new_app(), whole_study(tools, **variant)
        bundle = tools.build_bundle(tmp_path / f"bundle{number}", english, describes=describes)
        german = in_language(english, "de", title="Ein Titel") + german_tables(names_of(bundle))
        serve(tools, app, bundle, german)
        for what, page in every_page(app, tools):
            assert '<html lang="de">' in page, what
            if said := english_of(read(page)):
                faults[number, what] = said
    assert faults == {}


@pytest.mark.slow
def test_every_word_on_every_page_can_be_said_otherwise(new_app, tools, tmp_path):
    """Whatever is left in ASCII, no study file can translate; and no sentence is never said."""
    faults, said = {}, set()
    for number, (variant, describes) in enumerate(VARIANTS):
        app, english = new_app(), whole_study(tools, **variant)
        bundle = tools.build_bundle(tmp_path / f"bundle{number}", english, describes=describes)
        other = in_language(english, "fr", title=masked("Title"), ai_name=masked("Sam"))
        other = other.replace("minutes = 12", 'minutes = 12\ncurrency = "EUR"')
        serve(tools, app, bundle, other + tables_of(bundle, rationales=number == 0))
        for what, page in every_page(app, tools):
            texts = set(read(page)) - {"Lorikeet"}
            said |= texts
            # "et" is how Babel ends a list.
            if plain := [text for text in texts if re.search("[A-Za-z]", text.replace(" et ", ""))]:
                faults[number, what] = plain
    assert faults == {}
    never = [one for one in sentences() if not any(is_part(masked(one), text) for text in said)]
    assert never == []


def is_part(sentence, text):
    """Whether a text holds a sentence, whatever its facts are."""
    pieces = map(re.escape, re.split(r"%\(\w+\)s", sentence))
    return re.search(".+".join(pieces), text) is not None


def test_experimenters_read_english(new_app, tools, tmp_path):
    app, english = new_app(), whole_study(tools)
    bundle = tools.build_bundle(tmp_path / "bundle", english)
    serve(tools, app, bundle, in_language(english, "de", title="Titel") + tables_of(bundle))
    page = app.test_client().get("/experimenter/login").text
    assert '<html lang="en">' in page
    assert "Questions? Contact" in page


def test_pages_of_a_language_from_right_to_left_say_so(new_app, tools, tmp_path):
    app, english = new_app(), whole_study(tools)
    bundle = tools.build_bundle(tmp_path / "bundle", english)
    serve(tools, app, bundle, in_language(english, "ar", title="Title") + tables_of(bundle))
    assert '<html lang="ar" dir="rtl">' in app.test_client().get("/").text


@pytest.mark.parametrize("was_read", [True, False])
def test_a_database_that_breaks_is_told_in_the_language_that_is_known(german, was_read):
    visitor, app = german
    app.config["PROPAGATE_EXCEPTIONS"] = False
    visitor.open("/")
    with app.app_context():
        db.engine.dispose()
    (Path(app.instance_path) / "study.sqlite").write_bytes(b"no database" * 1000)
    if not was_read:
        del app.extensions["lorikeet_running_study"]  # as another process
    reply = visitor.client.post("/start", data=visitor.page.form.fields)
    assert reply.status_code == 503
    said = "Unser Server kann im Moment nichts" if was_read else "Our server cannot store anything"
    assert said in reply.text


# What a German study stores


@pytest.fixture
def german(new_app, tools, tmp_path):
    """Somebody in a German study, with its server."""
    # One of two is right for whoever always gives the first answer.
    english = whole_study(tools).replace("min_correct = 2", "min_correct = 1")
    app = new_app()
    bundle = tools.build_bundle(tmp_path / "german", english)
    german = in_language(english, "de", title="Titel") + german_tables(names_of(bundle))
    serve(tools, app, bundle, german.replace("reward = 1.8", 'reward = 1.8\ncurrency = "EUR"'))
    return tools.visitor(app.test_client()), app


def finish(visitor, **more):
    """Answer everything to the end."""
    while visitor.screen != "debrief":
        visitor.press(visitor.page.form.choices[0], **{f"question-{n}": v for n, v in GOOD}, **more)


def test_the_digest_and_the_export_hold_the_consent_as_it_was_read(german, tools, tmp_path):
    visitor, app = german
    visitor.start()
    page = " ".join(read(visitor.response.text))
    finish(visitor)
    folder = tmp_path / "out"
    app.test_cli_runner().invoke(args=["study", "export", str(folder)])
    consent = (folder / "consent.txt").read_text("utf-8")
    assert consent.startswith("Ihre Einwilligung\n\nSie sehen Bilder")
    assert "Sie erhalten dafür 1,80\u00a0€." in consent
    assert "Falls Sie Ihre Teilnahme abbrechen, erhalten Sie 0,50\u00a0€." in consent
    assert " ".join(consent.split()) in page
    [participant] = tools.participants(app)
    assert participant.consent_digest == hashlib.sha256(consent.encode()).hexdigest()
    assert participant.consent_digest == consent_digest(read_study(folder / "study.toml"))
    assert json.loads((folder / "export.json").read_text("utf-8"))["language"] == "de"


def test_answers_in_german_are_stored_as_those_in_english_are(german, tools, tmp_path):
    visitor, app = german
    visitor.start()
    finish(visitor, **{"question-altered_noticed": "Alle sahen wie gewöhnliche Bilder aus"})
    app.test_cli_runner().invoke(args=["study", "export", str(tmp_path / "out")])
    with (tmp_path / "out/participants.csv").open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert row["altered_noticed"] == "no"
    with (tmp_path / "out/responses.csv").open(encoding="utf-8") as file:
        labels = {row["label"] for row in csv.DictReader(file)}
    assert labels <= {"Amber Fritillary", "Blue Morpho", "Orange Tip", "Peacock"}


def test_a_rationale_is_shown_in_the_language_of_the_study_or_not_at_all(
    new_app, tools, tmp_path, bundle
):
    for number, given in enumerate(["", "Achten Sie auf die Flügel."]):
        app, text = new_app(), in_language(tools.study_text(), "de", title="Titel")
        names = german_tables(names_of(bundle))
        if given:
            names += table("names", {rationales_of(bundle)[0]: given}).removeprefix("[names]\n")
        serve(tools, app, bundle, text + names)
        visitor = tools.visitor(app.test_client()).start().walk(until="feedback")
        said = read(visitor.response.text)
        assert (given in said) == bool(given)
        verdict = any("und hatte recht." in text or "und lag falsch." in text for text in said)
        assert verdict == (number == 0)
        assert not any("wings" in text for text in said)


# The catalogue


def test_a_bundle_that_was_built_in_the_language_needs_no_names(new_app, tools, tmp_path):
    text = in_language(tools.study_text(), "de", title="Titel")
    tables = german_tables([]).replace("[names]\n", "")
    bundle = tools.build_bundle(tmp_path / "german", text + tables)
    app = new_app()
    tools.load(app, bundle.path)
    visitor = tools.visitor(app.test_client()).start().walk(until="feedback")
    assert "Look at the tips of its wings." in visitor.response.text  # its author's words


# The German demo
