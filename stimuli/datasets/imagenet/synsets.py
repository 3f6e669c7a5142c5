"""The 1000 classes of ILSVRC 2012: index, WordNet id, name and gloss; and the 120 dogs among them.

The index counts the sorted WordNet ids, as torchvision does. It is the key: names are not unique
("crane" is the bird 134 and the machine 517).
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stimuli.datasets.base import ClassInfo

# WordNet 3.0; its licence stands beside the file.
GLOSSES = Path(__file__).with_name("glosses.json")

# Stanford Dogs (Khosla et al., FGVC 2011) has these classes of ILSVRC 2012: the dog breeds,
# indices 151 to 268, without the dalmatian, and dingo, dhole and African hunting dog.
DALMATIAN = 251
DOGS = frozenset({*range(151, 269), 273, 274, 275} - {DALMATIAN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Synset:
    """A class as WordNet has it.

    Attributes:
        wnid: "n" and eight digits.
        names: synonyms, the most usual one first.
    """

    index: int
    wnid: str
    names: str
    gloss: str

    @property
    def info(self) -> ClassInfo:
        """First synonym, and the gloss up to its first ";" (as on the cards of the paper)."""
        return ClassInfo(name=self.names.split(",")[0], description=self.gloss.split(";")[0])


@cache
def synsets() -> tuple[Synset, ...]:
    """The 1000 classes by index."""
    return tuple(Synset(**facts) for facts in json.loads(GLOSSES.read_text("utf-8")))


IMAGENET_NAMES = tuple(synset.info.name for synset in synsets())
"""What the 1000 outputs of a classifier of ImageNet are called here."""


@cache
def index_of_wnid() -> dict[str, int]:
    """The class index of each WordNet id."""
    return {synset.wnid: synset.index for synset in synsets()}
