"""Bad input as one exception, also when it was found in another process."""

import pickle

from stimuli.sal.experiment import ExperimentError


def test_a_process_that_finds_problems_hands_over_all_of_them() -> None:
    found = ExperimentError("a run", ["alpha is 2; lower it", "there is no mask; add some"])
    received = pickle.loads(pickle.dumps(found))
    assert type(received) is ExperimentError
    assert (received.subject, received.problems) == (found.subject, found.problems)
    assert str(received) == (
        "a run: 2 problems\n  - alpha is 2; lower it\n  - there is no mask; add some"
    )
