"""A build says how well a detector tells adversarial stimuli from natural ones, and warns."""

import logging

import numpy as np
import pytest
from PIL import Image

from stimuli.build.contents import Contents
from stimuli.build.manifest_facts import told_apart
from stimuli.bundle import AdversarialFacts, Kind, Stimulus
from stimuli.bundle.summary import TELLING_AUC, detector_sentence
from stimuli.pictures.jpeg import encode
from stimuli.study.online import Phase

FACTS = AdversarialFacts(attacked=12, deceived=12, twins=0, excluded=0, bins=())


def contents(rng: np.random.Generator, noise: dict[Kind, float], n: int = 12) -> Contents:
    """So many test stimuli of each kind, with so much noise, and a noisy natural practice item."""
    made = Contents()
    shown = [(kind, Phase.TEST, noise[kind]) for kind in Kind for _ in range(n)]
    for number, (kind, phase, sigma) in enumerate([*shown, (Kind.NATURAL, Phase.PRACTICE, 60.0)]):
        pixels = (128 + sigma * rng.normal(size=(64, 64, 3))).clip(0, 255).astype(np.uint8)
        made.stimuli.append(
            Stimulus(
                stimulus_id=f"{number:012x}",
                phase=phase,
                kind=kind,
                true_index=0,
                true_label="a",
                image=made.add_image(encode(Image.fromarray(pixels))),
                source=str(number),
            )
        )
    return made


def test_stimuli_that_are_told_apart_are_warned_of_with_what_it_means(
    rng: np.random.Generator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    noisy = contents(rng, {Kind.NATURAL: 2, Kind.ADVERSARIAL: 25, Kind.FLIPPED: 25})
    assert told_apart(FACTS, noisy).detector_auc == 1
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "AUC of 1.00 (0.50 is chance): people could learn to tell" in record.message


def test_stimuli_that_look_alike_are_reported_without_a_warning(
    rng: np.random.Generator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    auc = told_apart(FACTS, contents(rng, dict.fromkeys(Kind, 5.0))).detector_auc
    assert auc is not None
    assert auc < TELLING_AUC
    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert record.message == detector_sentence(auc)


def test_of_a_few_stimuli_nothing_is_said(
    rng: np.random.Generator, caplog: pytest.LogCaptureFixture
) -> None:
    few = contents(rng, {Kind.NATURAL: 2, Kind.ADVERSARIAL: 25, Kind.FLIPPED: 25}, n=5)
    assert told_apart(FACTS, few) == FACTS
    assert not caplog.records
