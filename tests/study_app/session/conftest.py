"""What a page's script sends, and the reply."""

import pytest

PREFER = {"Prefer": "return=representation"}


@pytest.fixture
def post(visitor):
    """Sends a form to an address of the visitor's link: the reply."""

    def send(what, **fields):
        token = visitor.page.form.fields["csrf_token"]
        data = {"csrf_token": token} | fields
        return visitor.client.post(f"{visitor.url}/{what}", data=data, headers=PREFER)

    return send
