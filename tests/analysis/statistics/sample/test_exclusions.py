import pytest

from analysis.export.read import read_export
from analysis.statistics.sample import exclusions
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant


@pytest.fixture
def participants():
    return [
        Participant(condition="confidence"),
        Participant(condition="confidence", validation_right=7),
        Participant(condition="confidence", simulated=True),
        Participant(condition="gradcam", validation_right=8),
        Participant(condition="gradcam", outcome="returned", right=(True, None)),
        Participant(condition="gradcam", outcome="timed_out", validation_right=2, right=()),
        Participant(condition="gradcam", outcome="timed_out", simulated=True, right=()),
        Participant(condition="", outcome="declined", right=()),
        Participant(condition="confidence", outcome="", right=(True,)),
    ]


def dispositions_of(folder, participants, **settings):
    participants = read_export(write_export(folder / "e", participants)).participants
    return exclusions.dispositions(participants, min_correct=settings.get("min_correct", 8))


def counts(flow, step, outcome=""):
    rows = flow[(flow["step"] == step) & (flow["outcome"] == outcome)]
    return dict(zip(rows["condition"], rows["n"], strict=True))


def test_everyone_is_counted_at_the_first_rule_that_applies(tmp_path, participants):
    dispositions = dispositions_of(tmp_path, participants).set_index("participant_id")["step"]
    assert dispositions.to_dict() == {
        "p000": "analysed",
        "p001": "below_gate",
        "p002": "simulated",
        "p003": "analysed",
        "p004": "not_completed",
        "p005": "not_completed",
        "p006": "not_completed",
        "p007": "not_completed",
        "p008": "not_completed",
    }


def test_the_flow_counts_every_rule_by_condition(tmp_path, participants):
    flow = exclusions.flow(dispositions_of(tmp_path, participants), ["confidence", "gradcam"])
    groups = ("confidence", "gradcam", "Not assigned", "All")

    def row(*n):
        return dict(zip(groups, n, strict=True))

    assert counts(flow, "started") == row(4, 4, 1, 9)
    assert counts(flow, "not_completed") == row(1, 3, 1, 5)
    assert counts(flow, "not_completed", "declined") == row(0, 0, 1, 1)
    assert counts(flow, "not_completed", "timed_out") == row(0, 2, 0, 2)
    assert counts(flow, "not_completed", "returned") == row(0, 1, 0, 1)
    assert counts(flow, "not_completed", "under_way") == row(1, 0, 0, 1)
    assert counts(flow, "simulated") == row(1, 0, 0, 1)
    assert counts(flow, "below_gate") == row(1, 0, 0, 1)
    assert counts(flow, "analysed") == row(1, 1, 0, 2)


@pytest.mark.parametrize("condition", ["", "confidence"])  # exports of before named one
def test_who_was_turned_away_stands_before_started_and_in_no_condition(
    tmp_path, participants, condition
):
    away = [
        Participant(condition=condition, outcome=outcome, right=(), agreed=False)
        for outcome in ("quota_full", "quota_full", "duplicate")
    ]
    later = Participant(condition="gradcam", outcome="quota_full")  # after having agreed
    dispositions = dispositions_of(tmp_path, [*participants, *away, later])
    flow = exclusions.flow(dispositions, ["confidence", "gradcam"])
    assert list(flow["step"])[0] == "turned_away"
    assert list(counts(flow, "turned_away").values()) == [0, 0, 3, 3]
    assert list(counts(flow, "turned_away", "quota_full").values()) == [0, 0, 2, 2]
    assert list(counts(flow, "turned_away", "duplicate").values()) == [0, 0, 1, 1]
    assert list(counts(flow, "started").values()) == [4, 5, 1, 10]
    assert list(counts(flow, "not_completed").values()) == [1, 4, 1, 6]
    assert list(counts(flow, "not_completed", "quota_full").values()) == [0, 1, 0, 1]


def test_started_is_the_sum_of_all_ends(tmp_path, participants):
    flow = exclusions.flow(dispositions_of(tmp_path, participants), ["confidence", "gradcam"])
    whole = flow[flow["outcome"] == ""].pivot(index="condition", columns="step", values="n")
    ends = whole[list(exclusions.STEPS)].sum(axis=1)
    assert (whole["started"] == ends).all()


def test_simulated_people_are_a_rehearsal_until_a_real_one_completes(tmp_path):
    simulated = [Participant(simulated=True)] * 3
    real = Participant(outcome="returned", right=())
    dispositions = dispositions_of(tmp_path, [*simulated, real])
    assert list(dispositions["step"]) == ["analysed"] * 3 + ["not_completed"]


def test_one_real_person_below_the_gate_ends_the_rehearsal(tmp_path):
    dispositions = dispositions_of(
        tmp_path, [Participant(simulated=True), Participant(validation_right=0)]
    )
    assert list(dispositions["step"]) == ["simulated", "below_gate"]


def test_without_a_gate_nobody_is_below_it(tmp_path):
    participants = read_export(
        write_export(tmp_path / "e", [Participant(validation_right=0)])
    ).participants
    assert list(exclusions.dispositions(participants, min_correct=None)["step"]) == ["analysed"]
