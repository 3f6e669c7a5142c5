"""Templates speak the language of the study in force; those of experimenters speak English."""

from collections.abc import Callable

from babel.numbers import format_percent
from flask import Flask, g, request
from markupsafe import Markup, escape
from sqlalchemy.exc import SQLAlchemyError

from stimuli.study import ProblemsError, Study
from study_app.active_study import active_study, last_read
from study_app.i18n.sentences import locale_of, translation

IN_ENGLISH = ("login", "experimenter")  # blueprints
MARKS = ("strong", "em", "kbd")  # filters that put a fact of a sentence into such an element


def init_app(app: Flask) -> None:
    """Give templates `{% trans %}` and `_()`, and the words that depend on the language."""
    env = app.jinja_env
    env.policies["ext.i18n.trimmed"] = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(_said, _plural, newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {"percent": _percent, **{tag: _mark(tag) for tag in MARKS}}
    env.globals["html_language"] = _html_language


def spoken() -> Study | None:
    """The study in whose language this request's page is; None where that is English anyway."""
    if "spoken" not in g:
        g.spoken = None if request.blueprint in IN_ENGLISH else _in_force()
    study: Study | None = g.spoken
    return study


def _in_force() -> Study | None:
    """Asks the database only if this process never did: it may be what the page is about."""
    try:
        return (last_read() or active_study()).study
    except (ProblemsError, SQLAlchemyError):
        return None


def _said(english: str) -> Markup:
    study = spoken()
    return escape(translation(study, english) if study else english)


def _plural(one: str, many: str, n: int) -> str:
    """Refuse a sentence with two forms: a study file has one translation of each."""
    raise TypeError(f"word it so that it needs no plural: {one}")


def _percent(whole: int) -> Markup:
    study = spoken()
    if study is None or study.study.is_english:
        return Markup(f"{whole}&nbsp;%")
    return escape(format_percent(whole / 100, locale=locale_of(study)))


def _mark(tag: str) -> Callable[[str], Markup]:
    return lambda text: Markup("<{0}>{1}</{0}>").format(Markup(tag), text)


def _html_language() -> Markup:
    """The attributes of a page's root element."""
    study = spoken()
    if study is None:
        return Markup('lang="en"')
    attributes = Markup('lang="{}"').format(study.study.language)
    if study.study.is_english or locale_of(study).text_direction == "ltr":
        return attributes
    return attributes + Markup(' dir="rtl"')
