"""Studies that show everything there is to show, in any language, and all pages of theirs."""

import json
import re
from itertools import product
from pathlib import Path

from flask import render_template
from werkzeug.exceptions import default_exceptions

from stimuli.bundle import BundleError
from stimuli.study import Outcome, Texts
from study_app.active_study import active_study
from study_app.database import db
from study_app.enrolment.provider_link import UnreadableIdError
from study_app.enrolment.recruiting import PausedError
from study_app.enums import Outlook
from study_app.errors import UnavailableError
from study_app.i18n.catalogue import sentences
from study_app.i18n.translations import names_of, rationales_of
from study_app.models import Participant
from study_app.session.endings import Ending
from study_app.web.problem_pages import PAGES
from tests.languages import masked, table
from tests.study_app.own_steps import EVERY_KIND, FORWARD

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
FROM_PROLIFIC = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=sss222&SESSION_ID=eee333"
CONDITIONS = ("confidence", "heatmap", "neighbours", "salient", "signed", "confidence", "alone")
FAULTY = (
    (("low", "1"), ("high", "9")),
    (("number", "x"), ("choice", "x"), ("text", "1" * 2001), ("comments", "1" * 2001)),
    (("number", "17"), ("altered_noticed", "x"), ("line", "999"), ("order", "9")),
)
GOOD = (
    ("number", "34"),
    ("low", ""),
    ("high", ""),
    ("twice", "15"),
    ("text", "10"),
    ("comments", ""),
)
MORE = """
[explainers.salient]

[explainers.gradient_shap]

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

[[conditions]]
name = "signed"
panels = ["gradient_shap"]

[[questions]]
name = "line"
text = "13"
kind = "slider"
ends = ["14", "15"]

[[questions]]
name = "order"
text = "16"
kind = "rank"
options = ["17", "18"]

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
COMPREHENSION = """
[[comprehension]]
name = "twice"
text = "13"
options = ["14", "15"]
expected = "15"
"""
WITHOUT_AI = '[[conditions]]\nname = "alone"\nshows_ai = false\n'
PARTIAL_PAY = "".join(
    f"{outcome} = 0.5\n"
    for outcome in (
        *("incompatible", "failed_comprehension", "failed_validation", "failed_attention"),
        *("withdrawn", "quota_full", "error"),
    )
)


PAPER = 'steps = "paper"\nfeedback = "verdict"\n[trial]\npause = false\n'
ASKED = 'reveal = "on demand"\n[trial.steps.response]'
STEPS = {"place": "0.5 0.5", "count": "12", "words": "1", "order": "2 1", "sure": "50"}


def in_digits(trial: str) -> str:
    """The words of a study file's steps, which nobody translates, as numbers.

    Other parts come later than elsewhere, and the number is asked for in our own words.
    """
    trial = trial.replace('text = "How many dots do its wings have?", ', "")
    trial = trial.replace('"answer"]\n[trial.steps.response]', f'"answer"]\n{ASKED}')
    trial = trial.replace('truth = "ai_answer"', 'truth = "ai_answer"\nreveal = { after_ms = 100 }')
    return re.sub(
        r"(?<=text = )\"[^\"]+\"|(?<=options = )\[[^]]+\]|(?<=ends = )\[[^]]+\]",
        lambda words: '["21", "22"]' if words[0].startswith("[") else '"20"',
        trial,
    )


SCREENS = {
    "paper": PAPER,
    "once": '[trial]\nask_seen = "first"\nshow_card = "first"\nwording = "answer"\n',
    "steps": in_digits(EVERY_KIND),
    "foreseeing": in_digits(FORWARD),
    "silent": '[trial]\nwording = "answer"\nshow_confidence = false\n',
}
"""Study files' tables of the screens of practice and trial."""


def whole_study(
    tools,
    *,
    style="beside",
    examples=3,
    phones="true",
    pays=True,
    practises=True,
    comprehends=True,
    screens="paper",
):
    """A study that shows everything that there is to show, in English."""
    text = tools.study_text(practice=2, validation=2, test=3, live=pays)
    text = text.replace(PAPER, SCREENS[screens])
    text = text.replace('name = "debrief"', 'name = "comments"\n[[phases]]\nname = "debrief"')
    pay = f"reward = 1.8\n[pay.partial]\n{PARTIAL_PAY}" if pays else ""
    text = text.replace("reward = 1.8\n", pay)
    if not practises:
        text = text.replace('[[phases]]\nname = "practice"\n', "")
    more = MORE if screens == "foreseeing" else MORE + WITHOUT_AI  # who has nothing to foresee
    text += COMPREHENSION if comprehends else ""
    return text + more.format(style=style, examples=examples, phones=phones)


def in_language(text, language, *, title, ai_name="Sam"):
    """An English study file, with another language and other names."""
    online = f'title = "{title}"\nlanguage = "{language}"\nai_name = "{ai_name}"'
    text = text.replace("[provider]\n", f'[provider]\nname = "{masked("Prolific")}"\n')
    return re.sub(r"^title = .*$", online, text, flags=re.MULTILINE)


def every_page(app, tools):
    """Everything that the server shows to people who come to a study, as (what, page)."""
    with app.app_context():
        names = [condition.name for condition in active_study().study.conditions]
    for participant, condition in enumerate(name for name in CONDITIONS if name in names):
        visitor = tools.visitor(app.test_client())
        visitor.client.environ_base["HTTP_USER_AGENT"] = PHONE if participant == 5 else ""
        visitor.open(f"/{FROM_PROLIFIC if participant == 2 else ''}")
        yield "landing", visitor.response.text
        visitor.press()
        change(app, visitor, condition=condition)
        yield from session_pages(visitor, says=participant % 2)
        yield from pages_beside(visitor.client, visitor.url)
    yield from ends(app, tools, visitor)
    yield from outlooks(app)
    with app.test_request_context("/"):
        for code in PAGES:
            error = app.handle_http_exception(default_exceptions[code]())
            yield f"problem {code}", error.get_data(as_text=True)
        for trouble in (
            PausedError("study", []),
            UnreadableIdError("PROLIFIC_PID"),
            BundleError("bundle", []),
            UnavailableError("database", []),
        ):
            yield (
                type(trouble).__name__,
                app.make_response(app.handle_user_exception(trouble)).get_data(as_text=True),
            )


def outlooks(app):
    """The landing page where somebody new may meet something else than the study."""
    with app.test_request_context("/"):
        study = active_study().study
        for met, panel in product(Outlook, (None, study.provider.name)):
            facts = {"study": study, "given": {}, "outlook": met, "panel": panel}
            yield f"outlook: {met}", render_template("landing.html", **facts)
        for begun in ("under way", "over"):
            facts |= {"begun": begun, "may_start": True, "address": {}}
            yield f"again: {begun}", render_template("landing.html", **facts)


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
        if visitor.screen == "step":
            _, _, name = form.fields["trial"].partition(":")
            for value in ("", "999"):
                sent = form.fields | {"answer": value or answer, f"question-{name}": value}
                if name in STEPS if not value else name != "words":
                    yield "faulty", visitor.client.post(form.action, data=sent).text
            visitor.press(answer, **{f"question-{name}": STEPS.get(name, "")})
            continue
        if visitor.screen == "comprehension":  # the first is wrong
            chosen = form.radios["question-twice"][int(form.fields["trial"]) - 1]
            visitor.press(answer, **{"question-twice": chosen})
            continue
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
    yield "framed", client.get("/", headers={"Sec-Fetch-Dest": "iframe"}).text
    yield "start", client.post("/start").text


def ends(app, tools, visitor):
    """The last page after each outcome, and how somebody withdraws."""
    for outcome in Outcome:
        change(app, visitor, outcome=outcome)
        yield f"end: {outcome}", visitor.open(visitor.url).response.text
    yield "end: texts of before", end_of_old_texts(app)
    stopping = tools.visitor(app.test_client()).start()
    stopping.open(f"{stopping.url}/withdraw")
    yield "stopping", stopping.response.text
    yield "erased", stopping.press("erase").response.text


def end_of_old_texts(app):
    """The last page of a study file of before, whose `withdrawal` says everything."""
    over = Ending(
        outcome=Outcome.COMPLETED, code=None, return_url=None, is_erased=False, took_part=True
    )
    with app.test_request_context("/"):
        study = active_study().study
        study = study.model_copy(
            update={"texts": study.texts.model_copy(update={"deletion": None})}
        )
        return render_template(
            "debrief.html", study=study, end=over, meets_ai=True, withdraw_url="/"
        )


def change(app, visitor, **facts):
    """Let a person be another one."""
    with app.app_context():
        participant = db.session.query(Participant).filter_by(token=visitor.token).one()
        for name, value in facts.items():
            setattr(participant, name, value)
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
        ]
    )


def serve(tools, app, bundle, text):
    """Load a study file beside a bundle."""
    file = Path(app.instance_path) / "study.toml"
    file.write_text(text, "utf-8")
    tools.load(app, bundle.path, "--study", file)
