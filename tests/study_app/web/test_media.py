"""Pictures are sent by their content alone."""

import pytest


def test_pictures_tell_nothing_but_their_content(visitor, bundle):
    visitor.start().walk(until="judge")
    [name] = {p for p in visitor.page.pictures if p.startswith("/media/")} & {
        "/media/" + stimulus.image.split("/")[1] for stimulus in bundle.stimuli
    }
    reply = visitor.client.get(name)
    assert reply.mimetype == "image/jpeg"
    assert "immutable" in reply.headers["Cache-Control"]
    assert "Last-Modified" not in reply.headers
    assert "Content-Disposition" not in reply.headers
    again = visitor.client.get(name, headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["bundle.json", "..%2fstudy.toml", "0123456789abcdef.jpg"])
def test_only_pictures_of_the_bundle_are_sent(visitor, name):
    assert visitor.open(f"/media/{name}").response.status_code == 404
