"""What a model says of many images: in one pass the same as in two."""

from unittest import mock

import numpy as np
import pytest
import torch

from explainers.classifier import Classifier, new_classifier
from explainers.probes import PROBES
from stimuli.sal.data.images import Data
from stimuli.sal.learning import inference
from stimuli.sal.learning.inference import label_maps, predict, predict_with_label_maps


@pytest.mark.parametrize("probe", list(PROBES))
def test_one_pass_gives_the_answers_and_the_maps_of_the_labels(
    data: Data, monkeypatch: pytest.MonkeyPatch, probe: str
) -> None:
    monkeypatch.setattr(inference, "CPU_BATCH", 4)
    classifier = new_classifier("tiny", weights="none", classes=data.classes, seed=1)
    every = np.arange(len(data.test))
    expected = predict(classifier, data.test, every, probe=probe)
    true_maps = label_maps(classifier, data.test, every, data.test.labels, probe=probe)
    with mock.patch.object(
        Classifier, "output", autospec=True, side_effect=Classifier.output
    ) as calls:
        predictions, maps = predict_with_label_maps(classifier, data.test, probe=probe)
    assert sum(len(call.args[1]) for call in calls.call_args_list) == len(data.test)
    assert torch.equal(maps, true_maps)
    for name in ("logits", "features", "maps"):
        assert torch.equal(getattr(predictions, name), getattr(expected, name))
    assert not torch.equal(predictions.maps, maps)
