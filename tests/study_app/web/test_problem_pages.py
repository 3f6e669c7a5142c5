"""Pages that say that something is wrong."""

import pytest


@pytest.mark.parametrize("path", ["/p/unknown", "/nowhere", "/media/0123456789abcdef.jpg"])
def test_an_unknown_address_gets_a_friendly_page(visitor, path):
    visitor.open(path)
    assert visitor.response.status_code == 404
    assert "do not know this link" in visitor.response.text
