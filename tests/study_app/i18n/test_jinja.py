"""How templates speak the language of the study."""

import pytest

from study_app.i18n.jinja import keeping


def test_a_sentence_with_two_forms_is_refused(app):
    counted = "{% trans n=2 %}{{ n }} picture{% pluralize %}{{ n }} pictures{% endtrans %}"
    with app.test_request_context("/"), pytest.raises(TypeError, match="needs no plural"):
        app.jinja_env.from_string(counted).render()


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("This is a [Red Fox].", "Red Fox"),
        ("[Fox]es are none, a [Fox] is.", "Fox"),
        ("<b>[A+B]</b>", "A+B"),
        ("A [Red Fox] or a [Fox]?", "Fox|Red Fox"),
        ("Nothing of it.", ""),
    ],
)
def test_a_browser_may_translate_a_text_but_for_the_names_in_it(text, marked):
    text = text.replace("[Fox]es", "Foxes")
    plain = text.replace("[", "").replace("]", "")
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    expected = escaped.replace("[", '<span translate="no">').replace("]", "</span>")
    assert keeping(plain, *marked.split("|")) == expected
