"""Bad input as one exception, also when it was found in another process."""

import pickle
import re

from hypothesis import given
from hypothesis import strategies as st

from stimuli.problems import ProblemsError, grouped
from stimuli.sal.experiment import ExperimentError


def test_a_process_that_finds_problems_hands_over_all_of_them() -> None:
    found = ExperimentError("a run", ["alpha is 2; lower it", "there is no mask; add some"])
    received = pickle.loads(pickle.dumps(found))
    assert type(received) is ExperimentError
    assert (received.subject, received.problems) == (found.subject, found.problems)
    assert str(received) == (
        "a run: 2 problems\n  - alpha is 2; lower it\n  - there is no mask; add some"
    )


def test_a_hundred_like_problems_are_one_line_with_a_count_33() -> None:
    found = [f"labels.csv line {n}: split 'valid' is none of train, val, test" for n in range(96)]
    found.insert(3, "labels.csv: has no column 'label'; add it")
    error = ProblemsError("photos", found)
    assert error.problems == tuple(found)
    assert str(error) == (
        "photos: 97 problems\n"
        "  - 96 like this: labels.csv line 0: split 'valid' is none of train, val, test "
        "(also labels.csv line 1, labels.csv line 2, labels.csv line 3 and 92 more)\n"
        "  - labels.csv: has no column 'label'; add it"
    )


def test_like_problems_are_told_by_what_differs_in_them_33() -> None:
    found = [f"class {letter!r} has no description; add one" for letter in "abcdefgh"]
    assert grouped(found) == [
        "8 like this: class 'a' has no description; add one (also 'b', 'c', 'd' and 4 more)"
    ]


def test_each_of_two_frequent_mistakes_keeps_its_line_33() -> None:
    found = [f"line {n}: split {('exam', 'valid')[n % 2]!r} is unknown" for n in range(20)]
    assert [line[:45] for line in grouped(found)] == [
        "10 like this: line 0: split 'exam' is unknown",
        "10 like this: line 1: split 'valid' is unknow",
    ]


def test_a_few_like_problems_are_all_told_33() -> None:
    found = [f"line {n}: is empty" for n in range(5)]
    assert grouped(found) == found


@given(st.lists(st.text(alphabet="ab1 '\"/.()\0", max_size=9), max_size=40))
def test_no_problem_gets_lost_and_none_is_told_that_is_not_there_33(found: list[str]) -> None:
    lines = grouped(found)
    counts = [re.match(r"(\d+) like this: ", line) for line in lines]
    assert sum(int(count[1]) if count else 1 for count in counts) == len(found)
