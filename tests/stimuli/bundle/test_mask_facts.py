"""The line about masks, what is odd and what is refused."""

import pytest

from stimuli.bundle.mask_facts import mask_facts, mask_line, mask_problems, mask_warnings


def said(*shares: float | None, meaning: str = "2 values") -> tuple[str, list[str], list[str]]:
    """Line, warnings and problems."""
    facts = mask_facts(shares, meaning)
    assert facts is not None
    return mask_line(facts), mask_warnings(facts), mask_problems(facts)


def test_the_line_has_the_range_the_median_and_the_counts_33() -> None:
    assert said(0.02, 0.31, 0.11) == (
        "object covers 2 to 31 %, median 11 %; 0 empty, 0 full; 3 of 3 found; 2 values",
        [],
        [],
    )


def test_less_than_one_per_cent_keeps_a_digit_and_equal_shares_are_no_range_33() -> None:
    assert said(0.004, 0.004, meaning="")[0] == (
        "object covers 0.4 %, median 0.4 %; 0 empty, 0 full; 2 of 2 found"
    )


def test_empty_masks_are_counted_and_do_not_widen_the_range_33() -> None:
    line, warnings, problems = said(0.0, 0.2, 0.4, 1.0)
    assert line.startswith("object covers 20 to 100 %, median 40 %; 1 empty, 1 full; 4 of 4")
    assert [w.partition(" masks")[0] for w in warnings] == ["1 of 4", "1 of 4"]
    assert not problems


def test_masks_that_cover_what_a_background_covers_are_unusual_33() -> None:
    _, (warning,), _ = said(0.9, 0.95, 0.85)
    assert warning.startswith("the median mask covers 90 % of the picture, as a background does")


@pytest.mark.parametrize(
    ("shares", "problem"),
    [
        ((0.0, 0.0), "all 2 masks are empty"),
        ((1.0, 1.0), "all 2 masks cover the whole picture; draw the object alone"),
        ((1.0, 0.0), "all 2 masks are empty or cover the whole picture"),
        ((0.2, *[None] * 10), "only 1 of 11 pictures have a mask; add the others"),
    ],
)
def test_masks_that_show_nothing_are_refused_33(
    shares: tuple[float | None, ...], problem: str
) -> None:
    assert said(*shares)[2][0].startswith(problem)


def test_few_masks_of_a_split_are_not_judged_and_ten_are_33() -> None:
    few, many = mask_facts([0.0] * 9, ""), mask_facts([0.0] * 10, "")
    assert few is not None
    assert many is not None
    assert mask_problems(few, where="split val") == []
    assert mask_problems(many, where="split val")[0].startswith("split val: all 10 masks are empty")


def test_where_most_pictures_have_no_mask_a_warning_says_so_33() -> None:
    assert said(0.1, 0.2, None, None, None)[1] == [
        "only 2 of 5 pictures have a mask; what is scored by masks is of these alone"
    ]


def test_pictures_without_any_mask_have_no_line_33() -> None:
    assert mask_facts([None, None], "") is None
