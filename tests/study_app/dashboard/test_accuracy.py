"""The accuracy in the test phase is hidden."""

from tests.study_app.dashboard.console import acts, expert, send, text_of


def test_accuracy_is_hidden_until_somebody_asks_for_it_which_is_noted(
    app, console, bundle, visitor
):
    visitor.start().walk(choose=expert(bundle))
    console.open("/experimenter")
    assert "100.0&nbsp;%" not in console.response.text
    assert acts(app)[-1] == "signed in by the link of `study links`"
    send(console, "accuracy", answer="show")
    assert "100.0&nbsp;% over 1 person" in text_of(console)
    assert acts(app)[-1] == "looked at the accuracy in the test phase, and is not blind any more"
    send(console, "accuracy", answer="hide")
    assert "100.0&nbsp;%" not in console.response.text


def test_the_accuracy_of_another_wave_is_as_hidden(app, console, bundle, visitor, study):
    study("recruit", "pilot")
    visitor.start().walk(choose=expert(bundle))
    study("recruit", "main")
    console.open("/experimenter?wave=pilot")
    assert "100.0&nbsp;%" not in console.response.text
    [form] = [form for form in console.page.forms if "accuracy" in form.action]
    reply = console.client.post(form.action, data=form.fields | {"answer": "show"})
    assert reply.headers["Location"] == "/experimenter?wave=pilot"
    assert acts(app)[-1] == "looked at the accuracy in the test phase, and is not blind any more"
    console.open("/experimenter?wave=pilot")
    assert "100.0&nbsp;% over 1 person" in text_of(console)
