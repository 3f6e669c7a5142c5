"""Templates speak the language of the study in force; those of experimenters speak English."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_percent
from flask import Blueprint, Flask, g, request
from markupsafe import Markup, escape
from sqlalchemy.exc import SQLAlchemyError

from stimuli.study import ProblemsError, Study
from study_app.active_study import active_study, last_read
from study_app.i18n.sentences import locale_of, translation

IN_ENGLISH = ("login", "experimenter")  # blueprints
ENGLISH = Locale("en")
MARKS = ("strong", "em", "kbd")  # filters that put a fact of a sentence into such an element

filters = Blueprint("language", __name__)


def init_app(app: Flask) -> None:
    """Give templates `{% trans %}` and `_()`, and the words that depend on the language."""
    env = app.jinja_env
    env.policies["ext.i18n.trimmed"] = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {tag: _mark(tag) for tag in MARKS}
    app.register_blueprint(filters)


def study_of_page() -> Study | None:
    """The study in whose language this request's page is; None where that is English anyway."""
    if "study_of_page" not in g:
        g.study_of_page = None
        if request.blueprint not in IN_ENGLISH:
            # Asks the database only if this process never did: it may be what the page is about.
            with suppress(ProblemsError, SQLAlchemyError):
                g.study_of_page = (last_read() or active_study()).study
    study: Study | None = g.study_of_page
    return study


def speak_as(study: Study) -> None:
    """Draw this request's page in the words of a study, which need not be those in force."""
    g.study_of_page = study


def _gettext(english: str) -> Markup:
    study = study_of_page()
    return escape(translation(study, english) if study else english)


def _ngettext(one: str, many: str, n: int) -> str:
    """Refuse a sentence with two forms: a study file has one translation of each."""
    raise TypeError(f"word it so that it needs no plural: {one}")


def _mark(tag: str) -> Callable[[str], Markup]:
    return lambda text: Markup("<{0}>{1}</{0}>").format(Markup(tag), text)


@filters.app_template_filter("percent")
def _percent(whole: int) -> Markup:
    study = study_of_page()
    if study is None or study.study.is_english:
        return Markup(f"{whole}&nbsp;%")
    return escape(format_percent(whole / 100, locale=locale_of(study)))


@filters.app_template_filter("name")
def _name(label: str) -> Markup:
    """The name of a class: the AI, cards and buttons agree by it, so no browser translates it."""
    return Markup('<strong translate="no">{}</strong>').format(label)


@filters.app_template_filter("keeping")
def keeping(text: str, *names: str) -> Markup:
    """A text in which names of classes may stand, which no browser translates either."""
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    if not longest_first:
        return escape(text)
    known = "|".join(map(re.escape, longest_first))
    pieces = re.split(rf"(?<!\w)({known})(?!\w)", text)
    marked = Markup('<span translate="no">{}</span>')
    return Markup().join(
        marked.format(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )


@filters.app_template_filter("listed")
def listed(things: Iterable[str]) -> Markup:
    """One after the other, with the word for "and" before the last."""
    study = study_of_page()
    locale = locale_of(study) if study else ENGLISH
    return Markup(format_list([escape(one) for one in things], locale=locale))


@filters.app_template_global("html_language")
def _html_language() -> Markup:
    """The attributes of a page's root element."""
    study = study_of_page()
    if study is None:
        return Markup('lang="en"')
    attributes = Markup('lang="{}"').format(study.study.language)
    if study.study.is_english or locale_of(study).text_direction == "ltr":
        return attributes
    return attributes + Markup(' dir="rtl"')
