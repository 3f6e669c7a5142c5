import pandas as pd

from analysis.report.phrasing.robustness import without_debatable_in_words


def in_words(means, p_holm):
    stimuli = ("all", "without debatable")
    accuracy = [
        {"condition": name, "stimuli": s, "mean_percent": mean}
        for name, both in means.items()
        for s, mean in zip(stimuli, both, strict=True)
    ]
    tests = [
        {"condition_a": a, "condition_b": b, "stimuli": s, "p_holm": p}
        for (a, b), both in p_holm.items()
        for s, p in zip(stimuli, both, strict=True)
    ]
    columns = ["condition_a", "condition_b", "stimuli", "p_holm"]
    text = without_debatable_in_words(pd.DataFrame(accuracy), pd.DataFrame(tests, columns=columns))
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_largest_change_and_a_test_that_turns_are_named():
    means = {"confidence": (60.0, 61.0), "gradcam": (70.0, 67.5)}
    assert in_words(means, {("confidence", "gradcam"): (0.04, 0.06)}) == (
        "Without them, mean accuracy changes by 2.5 points at most (“gradcam”: 70.0 % with them, "
        "67.5 % without), and the adjusted p of “confidence” against “gradcam” crosses 0.05."
    )


def test_results_that_hold_are_said_to_hold():
    means = {"confidence": (60.0, 60.04), "gradcam": (70.0, 70.0)}
    assert in_words(means, {("confidence", "gradcam"): (0.04, 0.03)}) == (
        "Without them, no mean accuracy changes, and no adjusted p crosses 0.05."
    )


def test_without_a_pair_nothing_is_said_of_tests():
    assert in_words({"gradcam": (70.0, 71.0)}, {}) == (
        "Without them, mean accuracy changes by 1.0 points at most (“gradcam”: 70.0 % with them, "
        "71.0 % without)."
    )


def test_people_who_judged_debatable_stimuli_only_leave_nothing_to_compare():
    assert in_words({"gradcam": (70.0, None)}, {}).startswith("No condition has people who")
