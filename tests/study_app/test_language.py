"""A study in another language: nothing on its pages is English, and `study load` sees to that."""

import csv
import hashlib
import json
import re
import tomllib
from itertools import product
from pathlib import Path

import pytest
from flask import render_template
from jinja2 import Environment, nodes
from werkzeug.exceptions import default_exceptions

from stimuli.bundle import BundleError
from stimuli.datasets.base import ClassInfo
from stimuli.datasets.species.kinds import KINDS
from stimuli.rationales import rationale
from stimuli.study import Outcome, Texts, parse_study, read_study
from study_app import create_app
from study_app.catalogue import PACKAGE, PAGES, catalogue, sentences
from study_app.comments import questions
from study_app.consent import consent_digest
from study_app.database import db
from study_app.models import Participant
from study_app.recruiting import PausedError
from study_app.responses import PAGES as PROBLEM_PAGES
from study_app.running import running_study
from study_app.translations import names_of, rationales_of
from study_app.words import Outlook
from tests.lab import ROOT
from tests.languages import english_of, german_tables, german_words, masked, read, table

DEMO, GERMAN_DEMO = (ROOT / f"stimuli/studies/{name}.toml" for name in ("demo", "demo_de"))
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
FOR_EXPERIMENTERS = {"experimenter.html", "_condition.html", "login.html", "not_ready.html"}
FROM_PROLIFIC = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=sss222&SESSION_ID=eee333"
CONDITIONS = ("confidence", "heatmap", "neighbours", "salient", "confidence")
FAULTY = (
    (("low", "1"), ("high", "9")),
    (("number", "x"), ("choice", "x"), ("text", "1" * 2001), ("comments", "1" * 2001)),
    (("number", "17"), ("altered_noticed", "x")),
)
GOOD = (("number", "34"), ("low", ""), ("high", ""), ("text", "10"), ("comments", ""))
MORE = """
[explainers.salient]

[adversarial]
per_bin = 1

[rendering]
heatmaps = "{style}"

[cards]
examples = {examples}

[device]
phones = {phones}

[[conditions]]
name = "salient"
panels = ["salient"]

[[questions]]
name = "number"
text = "1"
kind = "number"
low = 18
high = 1999.5
required = true

[[questions]]
name = "low"
text = "11"
kind = "number"
low = 18

[[questions]]
name = "high"
text = "12"
kind = "number"
high = 5

[[questions]]
name = "choice"
text = "2"
kind = "choice"
options = ["3", "4"]
required = true

[[questions]]
name = "text"
text = "5"
kind = "text"
required = true
when = "after"

[[attention]]
name = "one"
kind = "instructed"
text = "7"
options = ["6", "7"]
expected = "7"
after_trial = 1

[[attention]]
name = "two"
kind = "instructed"
text = "8"
options = ["8", "9"]
expected = "8"
after_trial = 2
"""
PARTIAL_PAY = "".join(
    f"{outcome} = 0.5\n"
    for outcome in (
        *("incompatible", "failed_validation", "failed_attention"),
        *("withdrawn", "quota_full", "error"),
    )
)


def whole_study(tools, *, style="beside", examples=3, phones="true", pays=True, practises=True):
    """A study that shows everything that there is to show, in English."""
    text = tools.study_text(practice=2, validation=2, test=3)
    text = text.replace('name = "debrief"', 'name = "comments"\n[[phases]]\nname = "debrief"')
    pay = f"reward = 1.8\n[pay.partial]\n{PARTIAL_PAY}" if pays else ""
    text = text.replace("reward = 1.8\n", pay)
    if not practises:
        text = text.replace('[[phases]]\nname = "practice"\n', "")
    return text + MORE.format(style=style, examples=examples, phones=phones)


def in_language(text, language, *, title, ai_name="Sam"):
    """An English study file, with another language and other names."""
    online = f'title = "{title}"\nlanguage = "{language}"\nai_name = "{ai_name}"'
    return re.sub(r"^title = .*$", online, text, flags=re.MULTILINE)


def every_page(app, tools):
    """Everything that the server shows to people who come to a study, as (what, page)."""
    for person, condition in enumerate(CONDITIONS):
        visitor = tools.visitor(app.test_client())
        visitor.client.environ_base["HTTP_USER_AGENT"] = PHONE if person == 4 else ""
        visitor.open(f"/{FROM_PROLIFIC if person == 2 else ''}")
        yield "landing", visitor.response.text
        visitor.press()
        change(app, visitor, condition=condition)
        yield from session_pages(visitor, says=person % 2)
        yield from pages_beside(visitor.client, visitor.url)
    yield from ends(app, tools, visitor)
    yield from outlooks(app)
    with app.test_request_context("/"):
        for code in PROBLEM_PAGES:
            error = app.handle_http_exception(default_exceptions[code]())
            yield f"problem {code}", error.get_data(as_text=True)
        for trouble in (PausedError("study", []), BundleError("bundle", [])):
            yield (
                type(trouble).__name__,
                app.make_response(app.handle_user_exception(trouble)).get_data(as_text=True),
            )


def outlooks(app):
    """The landing page where somebody new may meet something else than the study."""
    with app.test_request_context("/"):
        study = running_study().study
        for met, panel in product(Outlook, (None, study.provider.name)):
            facts = {"study": study, "given": {}, "outlook": met, "panel": panel}
            yield f"outlook: {met}", render_template("landing.html", **facts)


def session_pages(visitor, *, says):
    """Every screen of a session, and what comes back where answers are missing or wrong.

    Args:
        says: 0 for yes, 1 for no.
    """
    while visitor.screen != "debrief":
        yield visitor.screen, visitor.response.text
        form, answer = visitor.page.form, visitor.page.form.choices[0]
        if visitor.screen in ("questions", "comments"):
            for typed in FAULTY:
                sent = form.fields | {"answer": answer} | {f"question-{n}": v for n, v in typed}
                yield "faulty", visitor.client.post(form.action, data=sent).text
        if visitor.screen == "check" and answer == "incompatible":
            return
        if visitor.screen in ("judge", "seen"):
            answer = form.choices[says]
        visitor.press(answer, **{f"question-{name}": v for name, v in GOOD})
    yield "debrief", visitor.response.text


def pages_beside(client, link):
    """What is not a screen."""
    for path in (
        f"{link}/withdraw",
        f"{link}/elsewhere",
        "/no-connection",
        "/p/nobody",
        "/media/x",
    ):
        yield path, client.get(path).text
    yield "start", client.post("/start").text


def ends(app, tools, visitor):
    """The last page after each outcome, and how somebody withdraws."""
    for outcome in Outcome:
        change(app, visitor, outcome=outcome)
        yield f"end: {outcome}", visitor.open(visitor.url).response.text
    stopping = tools.visitor(app.test_client()).start()
    stopping.open(f"{stopping.url}/withdraw")
    yield "stopping", stopping.response.text
    yield "erased", stopping.press("erase").response.text


def change(app, visitor, **facts):
    """Let a person be another one."""
    with app.app_context():
        person = db.session.query(Participant).filter_by(token=visitor.token).one()
        for name, value in facts.items():
            setattr(person, name, value)
        db.session.commit()


def tables_of(bundle, *, rationales=True):
    """Everything that can be translated, in letters beyond ASCII, and money in euros."""
    texts = {
        name: masked(value) if isinstance(value, str) else [masked(one) for one in value]
        for name, value in Texts().model_dump().items()
    }
    names = names_of(bundle) + (rationales_of(bundle) if rationales else [])
    return "\n".join(
        [
            "[texts]",
            *(f"{key} = {json.dumps(value)}" for key, value in texts.items()),
            table("words", {one: masked(one) for one in sentences()}),
            table("names", {one: masked(one) for one in names}),
            f'[provider]\nname = "{masked("Prolific")}"',
        ]
    )


def serve(tools, app, bundle, text):
    """Load a study file beside a bundle."""
    file = Path(app.instance_path) / "study.toml"
    file.write_text(text, "utf-8")
    tools.load(app, bundle.path, "--study", file)


@pytest.fixture
def run(empty_app):
    """Runs a study command."""
    runner = empty_app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["study", *map(str, arguments)])


@pytest.fixture
def study_file(tmp_path):
    """Writes a study file."""

    def write(text):
        path = tmp_path / "study.toml"
        path.write_text(text, "utf-8")
        return path

    return write


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


VARIANTS = (
    {},
    {"style": "overlay", "examples": 0, "phones": "false", "pays": False},
    {"practises": False},
)


def test_no_page_of_a_german_study_says_an_english_sentence(new_app, tools, tmp_path):
    words, found = german_words(), {}
    for number, variant in enumerate(VARIANTS):
        app, english = new_app(), whole_study(tools, **variant)
        bundle = tools.build_bundle(tmp_path / f"bundle{number}", english)
        german = in_language(english, "de", title="Ein Titel") + german_tables(names_of(bundle))
        serve(tools, app, bundle, german)
        for what, page in every_page(app, tools):
            assert '<html lang="de">' in page, what
            if said := english_of(read(page), words):
                found[number, what] = said
    assert found == {}


def test_every_word_on_every_page_can_be_said_otherwise(new_app, tools, tmp_path):
    """Whatever is left in ASCII, no study file can translate; and no sentence is never said."""
    found, said = {}, set()
    for number, variant in enumerate(VARIANTS):
        app, english = new_app(), whole_study(tools, **variant)
        bundle = tools.build_bundle(tmp_path / f"bundle{number}", english)
        other = in_language(english, "fr", title=masked("Title"), ai_name=masked("Sam"))
        other = other.replace("minutes = 12", 'minutes = 12\ncurrency = "EUR"')
        serve(tools, app, bundle, other + tables_of(bundle, rationales=number == 0))
        for what, page in every_page(app, tools):
            texts = set(read(page)) - {"Lorikeet"}
            said |= texts
            if plain := [text for text in texts if re.search("[A-Za-z]", text)]:
                found[number, what] = plain
    assert found == {}
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
    reply = visitor.client.post("/start", data={"start_key": "0" * 32, **token_of(visitor)})
    assert reply.status_code == 500
    said = "Bei uns ist etwas ausgefallen" if was_read else "Something broke on our side"
    assert said in reply.text


def token_of(visitor):
    """The form token of the page that a visitor sees."""
    return {"csrf_token": visitor.page.form.fields["csrf_token"]}


# What a German study stores


@pytest.fixture
def german(new_app, tools, tmp_path):
    """Somebody in a German study, with its server."""
    app, english = new_app(), whole_study(tools)
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
    [person] = tools.people(app)
    assert person.consent_digest == hashlib.sha256(consent.encode()).hexdigest()
    assert person.consent_digest == consent_digest(read_study(folder / "study.toml"))
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


def test_the_catalogue_covers_every_page_of_participants():
    templates = {f"templates/{p.name}" for p in PACKAGE.glob("templates/*.html")}
    modules = {
        p.relative_to(PACKAGE).as_posix()
        for p in PACKAGE.glob("**/*.py")
        if re.search(r"\b(say|sentence)\(", p.read_text("utf-8"))
    }
    listed = [file for files in PAGES.values() for file in files]
    assert len(listed) == len(set(listed))
    experimenters = {f"templates/{name}" for name in FOR_EXPERIMENTERS}
    assert set(listed) == (templates - experimenters) | modules - {"sentences.py", "showing.py"}


def test_sentences_are_plain_text_and_no_page_is_without_one():
    assert all(catalogue().values())
    assert [one for one in sentences() if re.search(r"[<>&]|\s\s|^\s|\s$", one)] == []


@pytest.mark.parametrize("name", sorted(f for files in PAGES.values() for f in files if "/" in f))
def test_no_template_has_words_that_are_not_translated(name):
    found = [text for text in read(bare(PACKAGE / name)) if re.search("[A-Za-z]", text)]
    assert [text for text in found if text != "Lorikeet"] == []


def test_words_that_are_not_translated_would_be_found(tmp_path):
    template = """<p>Bare</p><p>{{ "Chosen" if x else "Other" }}</p><img alt="Heard">
    {% set word = "Set" %}{{ go_on(form, "Given") }}<p class="quiet">{{ _("Translated") }}</p>
    {% trans %}Translated{% endtrans %}<p>{{ url_for("views.start") }}</p>"""
    (tmp_path / "page.html").write_text(template)
    found = " ".join(read(bare(tmp_path / "page.html"))).split()
    assert sorted(found) == ["Bare", "Chosen", "Given", "Heard", "Other", "Set"]


TRANSLATED = ("_", "gettext")
ADDRESSES = ("url_for", "asset", "selectattr")


def bare(path):
    """A template as if nothing had a translation: its own text, and each word that it may show."""
    environment = Environment(extensions=["jinja2.ext.i18n"])
    environment.newstyle_gettext = True
    text = re.sub(r"{% block body_class %}.*?{% endblock %}", "", path.read_text("utf-8"))
    tree = environment.parse(text)
    shown = [
        part for output in tree.find_all((nodes.Output, nodes.Assign)) for part in words(output)
    ]
    return "".join(shown)


def words(node):
    """The text of a node, and the constants in it that are no translation and no address."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield f"<p>{node.value}</p>" if " " in node.value or node.value.istitle() else ""
    elif isinstance(node, nodes.Call) and getattr(node.node, "name", "") in TRANSLATED + ADDRESSES:
        return
    else:
        for child in node.iter_child_nodes():
            yield from words(child)


# `study words`


def test_words_are_printed_as_a_table_to_fill(run, bundle_path):
    printed = tomllib.loads(run("words", "--bundle", bundle_path).output)
    assert list(printed["words"]) == sentences()
    assert set(printed["words"].values()) == {""}
    assert "Blue Morpho" in printed["names"]
    assert "A butterfly, number 2." in printed["names"]
    assert "Look at the tips of its wings." in printed["names"]


def test_words_that_are_there_are_filled_in_and_others_are_named(run, study_file, tools):
    file = study_file(tools.study_text() + '[words]\n"I agree" = "Einverstanden"\n"Hi" = "Hallo"\n')
    output = run("words", file).output
    printed = tomllib.loads(output)["words"]
    assert printed["I agree"] == "Einverstanden"
    assert "Hi" not in printed
    assert '# "Hi" = "Hallo"' in output
    assert output.index("# Consent") < output.index('"I agree"') < output.index("# The end")


# Problems


def refused(run, bundle_path, file):
    """What `study load` says of a study file that it refuses."""
    result = run("load", bundle_path, "--study", file)
    assert result.exit_code == 1, result.output
    return result.output


def test_everything_that_a_language_lacks_is_named_at_once(run, study_file, tools, bundle_path):
    text = in_language(tools.study_text(), "de", title="Titel")
    said = refused(run, bundle_path, study_file(text + '[words]\n"I agree" = "Ja"\n'))
    missing = [one for one in sentences() if one != "I agree"]
    assert all(f"words: {one!r} has no translation; add it" in said for one in missing)
    assert "words: 'I agree'" not in said
    assert all(
        f"texts.{name}: is missing; its default is English" in said for name in Texts().model_dump()
    )
    assert "names: 'Blue Morpho' has no translation" in said
    assert "names: 'A butterfly, number 2.' has no translation" in said
    assert "Look at the tips" not in said  # a rationale may be left out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"I agre": "Ja"}, "no page says 'I agre'; did you mean 'I agree'?"),
        ({"Qwertz": "Ja"}, "no page says 'Qwertz'; remove it"),
        (
            {"This is %(thing)s.": "Richtig."},
            "'Richtig.' leaves out %(thing)s of 'This is %(thing)s.'; put it in",
        ),
        (
            {"I agree": "Ja, %(name)s"},
            "'Ja, %(name)s' has %(name)s, which 'I agree' has not; remove it",
        ),
        ({"I agree": "100 %"}, "'100 %' has a % that stands for no fact; write %%"),
        ({"Y": "N"}, "'Y' is not told apart from another answer; word it otherwise"),
        ({"Y": "Ja"}, "'Y' is a key to press, one letter, not 'Ja'"),
        (
            {"I am not sure": "All of them looked like ordinary pictures"},
            "'I am not sure' is not told apart from another answer",
        ),
    ],
)
def test_what_is_wrong_with_words_is_named(run, study_file, tools, bundle_path, words, problem):
    said = refused(run, bundle_path, study_file(tools.study_text() + table("words", words)))
    assert f"words: {problem}" in said


def test_names_that_only_another_bundle_shows_are_allowed(run, study_file, tools, bundle_path):
    file = study_file(tools.study_text() + table("names", {"Red Admiral": "Admiral"}))
    assert run("load", bundle_path, "--study", file).exit_code == 0
    output = run("words", file, "--bundle", bundle_path).output
    assert '# This bundle does not say these.\n# "Red Admiral" = "Admiral"' in output


def test_a_language_that_nobody_knows_is_refused(run, study_file, tools, bundle_path):
    file = study_file(in_language(tools.study_text(), "xx", title="Titel"))
    assert "study.language: nobody knows 'xx'" in refused(run, bundle_path, file)


def test_an_english_study_may_word_some_sentences_otherwise(
    run, study_file, tools, bundle_path, empty_app
):
    text = tools.study_text() + table("words", {"I agree": "I take part", "Start": ""})
    text += table("names", {"Blue Morpho": "Emperor"})
    assert run("load", bundle_path, "--study", study_file(text)).exit_code == 0
    visitor = tools.visitor(empty_app.test_client()).start()
    assert "I take part" in visitor.response.text
    assert ">I do not agree<" in visitor.response.text
    pages = visitor.walk().texts
    assert any("an <strong>Emperor</strong>" in page for page in pages)
    assert not any("Blue Morpho" in page for page in pages)
    assert any("Look at the tips of its wings." in page for page in pages)


def test_a_bundle_that_was_built_in_the_language_needs_no_names(new_app, tools, tmp_path):
    text = in_language(tools.study_text(), "de", title="Titel")
    tables = german_tables([]).replace("[names]\n", "")
    bundle = tools.build_bundle(tmp_path / "german", text + tables)
    app = new_app()
    tools.load(app, bundle.path)
    visitor = tools.visitor(app.test_client()).start().walk(until="feedback")
    assert "Look at the tips of its wings." in visitor.response.text  # its author's words


# The German demo


def test_the_german_demo_is_complete_and_fits_the_bundle_of_the_demo():
    demo, german = read_study(DEMO), read_study(GERMAN_DEMO)
    assert german.offline() == demo.offline()
    assert list(german.words) == sentences()
    said = [text for kind in KINDS for text in (kind.name, kind.description)]
    assert set(said) < set(german.names)
    assert {*german.names} - {*said} == set(rationales_of_species())
    assert german.texts.model_fields_set == set(Texts.model_fields)


def rationales_of_species():
    """Those that a build makes of right answers, and of taking a species for its twin."""
    classes = [ClassInfo(name=kind.name, description=kind.description) for kind in KINDS]
    for truth, own in enumerate(classes):
        yield rationale(truth, {truth}, classes, "Sam")
        for guess, other in enumerate(classes):
            if guess != truth and own.name.split()[-1] == other.name.split()[-1]:
                yield rationale(truth, {guess}, classes, "Sam")


def test_the_questions_at_the_end_are_asked_in_german():
    first, second = questions(read_study(GERMAN_DEMO))
    assert (first.text, second.text) == (
        "Wie sahen die Bilder für Sie aus?",
        "Möchten Sie uns noch etwas mitteilen?",
    )


def test_title_name_of_the_ai_and_language_need_no_rebuild(tools):
    english = tools.study_text()
    other = in_language(english, "de", title="Titel", ai_name="Sami")
    one, two = (parse_study(text, subject="study.toml") for text in (english, other))
    assert one.offline() == two.offline()
    assert one.study.title != two.study.title
