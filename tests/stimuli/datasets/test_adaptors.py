"""The list of adaptors has every one that a study file can name."""

from typing import get_args

from stimuli.datasets.adaptors import ADAPTORS
from stimuli.study.dataset_settings import DatasetSettings


def test_every_adaptor_that_a_study_can_name_says_what_it_needs() -> None:
    leaves = get_args(get_args(DatasetSettings)[0])
    names = [get_args(leaf.model_fields["adaptor"].annotation)[0] for leaf in leaves]
    assert sorted(ADAPTORS) == sorted(names)
