"""The 1000 classes of ILSVRC 2012, and the dogs among them."""

from torchvision.models import ResNet34_Weights

from stimuli.datasets.imagenet.synsets import DOGS, GLOSSES, index_of_wnid, synsets


def test_the_classes_stand_in_the_order_of_torchvision() -> None:
    """torchvision tells the two cranes and maillots apart; WordNet's first synonyms do not."""
    ours = [synset.info.name for synset in synsets()]
    theirs = ResNet34_Weights.IMAGENET1K_V1.meta["categories"]
    differ = {index for index in range(1000) if ours[index] != theirs[index]}
    assert differ == {134, 639}
    assert [synset.wnid for synset in synsets()] == sorted(index_of_wnid())


def test_the_two_cranes_keep_their_own_descriptions() -> None:
    bird, machine = synsets()[134], synsets()[517]
    assert (bird.wnid, machine.wnid) == ("n02012849", "n03126707")
    assert bird.info.name == machine.info.name == "crane"
    assert bird.info.description.startswith("large long-necked wading bird")
    assert machine.info.description == "lifts and moves heavy objects"


def test_the_dogs_are_the_120_classes_of_stanford_dogs() -> None:
    """It runs from Chihuahua to African hunting dog, and has no dalmatian and no wolf."""
    names = {synsets()[index].info.name for index in DOGS}
    assert len(DOGS) == len(names) == 120
    assert {"Chihuahua", "Mexican hairless", "dingo", "dhole", "African hunting dog"} < names
    assert not names & {"dalmatian", "timber wolf", "white wolf", "red wolf", "coyote", "hyena"}


def test_the_glosses_travel_with_their_licence() -> None:
    licence = GLOSSES.with_name("WORDNET-LICENSE.txt").read_text("utf-8")
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in licence
