"""The catalogue has every sentence that a page of participants says."""

import re

import pytest
from jinja2 import Environment, nodes

from study_app.i18n.catalogue import (
    FOR_EXPERIMENTERS,
    OTHERS,
    PACKAGE,
    PAGES,
    catalogue,
    extract,
    files_of,
    sentences,
)
from tests.lab import ROOT
from tests.languages import read

TEMPLATES = [path for page in PAGES for path in files_of(page) if path.suffix == ".html"]


def test_the_catalogue_covers_every_page_of_participants():
    templates = {p for p in PACKAGE.glob("templates/**/*.html") if p.name not in FOR_EXPERIMENTERS}
    modules = {
        path
        for package in ("study_app", "stimuli/study")
        for path in (ROOT / package).glob("**/*.py")
        if any(extract(path))
    }
    listed = [path.resolve() for page in PAGES for path in files_of(page)]
    assert len(listed) == len(set(listed))
    assert {p for p in listed if p.suffix == ".html" or any(extract(p))} == templates | modules


def test_a_screen_that_no_page_names_is_translated_with_the_others(monkeypatch):
    others = {page: files for page, files in PAGES.items() if page != "Instructions"}
    monkeypatch.setattr("study_app.i18n.catalogue.PAGES", others)
    assert [path.name for path in files_of(OTHERS)] == ["_instructions.html", "instructions.html"]
    assert "What you will do" in catalogue()[OTHERS]


def test_sentences_are_plain_text_and_no_page_is_without_one():
    assert all(catalogue().values())
    assert [one for one in sentences() if re.search(r"[<>&]|\s\s|^\s|\s$", one)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_words_that_are_not_translated(path):
    found = [text for text in read(bare(path)) if re.search("[A-Za-z]", text)]
    assert [text for text in found if text != "Lorikeet"] == []


def test_words_that_are_not_translated_would_be_found(tmp_path):
    template = """<p>Bare</p><p>{{ "Chosen" if x else "Other" }}</p><img alt="Heard">
    {% set word = "Set" %}{{ go_on(form, "Given") }}<p class="quiet">{{ _("Translated") }}</p>
    {% trans %}Translated{% endtrans %}<p>{{ url_for("views.start") }}</p>"""
    (tmp_path / "page.html").write_text(template)
    texts = " ".join(read(bare(tmp_path / "page.html"))).split()
    assert sorted(texts) == ["Bare", "Chosen", "Given", "Heard", "Other", "Set"]


TRANSLATED = ("_", "gettext")


ADDRESSES = ("url_for", "asset", "selectattr")


def bare(path):
    """A template as if nothing had a translation: its own text, and each word that it may show."""
    environment = Environment(extensions=["jinja2.ext.i18n"])
    environment.newstyle_gettext = True
    text = re.sub(r"{% block body_class %}.*?{% endblock %}", "", path.read_text("utf-8"))
    tree = environment.parse(text)
    parts = [
        part for output in tree.find_all((nodes.Output, nodes.Assign)) for part in words(output)
    ]
    return "".join(parts)


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
