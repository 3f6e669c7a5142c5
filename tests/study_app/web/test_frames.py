"""The study inside another page."""


def test_a_framed_page_says_so_and_leads_out_of_the_frame_27_9(visitor):
    visitor.client.environ_base["HTTP_SEC_FETCH_DEST"] = "iframe"
    visitor.open("/?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=s")
    assert "The study needs a window of its own" in visitor.response.text
    assert "frame-ancestors *" in visitor.response.headers["Content-Security-Policy"]
    assert visitor.page.links == ["/?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=s"]
    visitor.client.environ_base["HTTP_SEC_FETCH_DEST"] = "document"
    assert visitor.open(visitor.page.links[0]).page.forms
    policy = visitor.response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
