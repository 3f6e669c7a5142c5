"""How templates speak the language of the study."""

import pytest


def test_a_sentence_with_two_forms_is_refused(app):
    counted = "{% trans n=2 %}{{ n }} picture{% pluralize %}{{ n }} pictures{% endtrans %}"
    with app.test_request_context("/"), pytest.raises(TypeError, match="needs no plural"):
        app.jinja_env.from_string(counted).render()
