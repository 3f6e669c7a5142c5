"""What browsers fetch ahead."""


def test_what_is_fetched_ahead_is_what_the_next_screens_show(app, visitor):
    """Nothing else, in the order in which it is shown: so it tells nothing that those do not."""
    visitor.start()
    coming, checked = [], 0
    while visitor.screen != "debrief":
        pictures = [p for p in visitor.page.pictures if p.startswith("/media/")]
        if visitor.screen in ("card", "judge", "instructions") and coming:
            assert pictures == coming[: len(pictures)], visitor.screen
            checked += 1
        if visitor.screen not in ("feedback", "seen", "check"):
            coming = visitor.response.text.split('data-coming="')[1].split('"')[0].split()
        visitor.answer(visitor.page.form.choices[0])
    assert checked > 30
