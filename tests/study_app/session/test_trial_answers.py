"""What the answers to a trial's screens leave in its row."""


def test_every_answer_is_stored(app, visitor, tools):
    visitor.start().walk(until="seen")
    visitor.press("no", rt_ms="812.25", input="touch")
    visitor.press("continue", rt_ms="1500.5", input="mouse")
    visitor.press("no", rt_ms="2345.75", input="keyboard")
    trial = tools.trials(app)[5]
    assert (trial.seen_before, trial.seen_rt_ms, trial.card_rt_ms) == (False, 812.25, 1500.5)
    assert (trial.decision, trial.decision_rt_ms, trial.input) == ("reject", 2345.75, "keyboard")
    assert trial.shown_at <= trial.card_read_at <= trial.answered_at
