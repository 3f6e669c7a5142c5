import pytest

from analysis import exclusions
from analysis.export import read_export


@pytest.fixture
def people(builder):
    person = builder.person
    return [
        person(condition="confidence"),
        person(condition="confidence", validation_right=7),
        person(condition="confidence", simulated=True),
        person(condition="gradcam", validation_right=8),
        person(condition="gradcam", outcome="returned", right=(True, None)),
        person(condition="gradcam", outcome="timed_out", validation_right=2, right=()),
        person(condition="gradcam", outcome="timed_out", simulated=True, right=()),
        person(condition="", outcome="declined", right=()),
        person(condition="confidence", outcome="", right=(True,)),
    ]


def fates_of(builder, folder, people, **settings):
    participants = read_export(builder.write(folder / "e", people)).participants
    return exclusions.fates(participants, min_correct=settings.get("min_correct", 8))


def counts(flow, step, outcome=""):
    rows = flow[(flow["step"] == step) & (flow["outcome"] == outcome)]
    return dict(zip(rows["condition"], rows["n"], strict=True))


def test_everyone_is_counted_at_the_first_rule_that_applies(builder, tmp_path, people):
    fates = fates_of(builder, tmp_path, people).set_index("participant_id")["step"]
    assert fates.to_dict() == {
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


def test_the_flow_counts_every_rule_by_condition(builder, tmp_path, people):
    flow = exclusions.flow(fates_of(builder, tmp_path, people), ["confidence", "gradcam"])
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


def test_started_is_the_sum_of_all_ends(builder, tmp_path, people):
    flow = exclusions.flow(fates_of(builder, tmp_path, people), ["confidence", "gradcam"])
    whole = flow[flow["outcome"] == ""].pivot(index="condition", columns="step", values="n")
    ends = whole[list(exclusions.STEPS)].sum(axis=1)
    assert (whole["started"] == ends).all()


def test_simulated_people_are_a_rehearsal_until_a_real_one_completes(builder, tmp_path):
    simulated = [builder.person(simulated=True)] * 3
    real = builder.person(outcome="returned", right=())
    fates = fates_of(builder, tmp_path, [*simulated, real])
    assert list(fates["step"]) == ["analysed"] * 3 + ["not_completed"]


def test_one_real_person_below_the_gate_ends_the_rehearsal(builder, tmp_path):
    fates = fates_of(
        builder, tmp_path, [builder.person(simulated=True), builder.person(validation_right=0)]
    )
    assert list(fates["step"]) == ["simulated", "below_gate"]


def test_without_a_gate_nobody_is_below_it(builder, tmp_path):
    participants = read_export(
        builder.write(tmp_path / "e", [builder.person(validation_right=0)])
    ).participants
    assert list(exclusions.fates(participants, min_correct=None)["step"]) == ["analysed"]
