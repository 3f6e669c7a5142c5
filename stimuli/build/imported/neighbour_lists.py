"""The neighbours of pictures as a table that another tool wrote: image, neighbour, rank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stimuli.datasets.base import Example, Split
from stimuli.datasets.folder.label_table import Cells
from stimuli.models.given_pictures import PictureNames, ambiguous
from stimuli.problems import some_of

IMAGE, NEIGHBOUR, RANK = "image", "neighbour", "rank"
COLUMNS = (IMAGE, NEIGHBOUR, RANK)
SHOWN = (Split.VAL, Split.TEST)

Lists = Mapping[str, Sequence[str]]
"""The neighbours of each picture, the most alike first."""


@dataclass(frozen=True, kw_only=True)
class ListReader:
    """What rows of neighbours are held against.

    Attributes:
        answers: the class that the AI says of each picture, as far as it was asked.
        classes: names by index.
        where: what messages call the file.
        by_rank: what was read: the neighbours of each picture by their rank.
    """

    examples: Sequence[Example]
    answers: Mapping[str, int]
    classes: Sequence[str]
    where: str
    by_rank: dict[str, dict[int, str]] = field(default_factory=dict)

    def lists(self, rows: Sequence[tuple[int, Cells]], k: int, problems: list[str]) -> Lists:
        """The neighbours of each picture of val and test; what is wrong is added to the problems.

        Args:
            k: how many people see.
        """
        names, unknown = PictureNames.of(self.examples), dict[str, None]()
        example_of = {example.source: example for example in self.examples}
        for line, cells in rows:
            both = [(cells[column], names.meant(cells[column])) for column in (IMAGE, NEIGHBOUR)]
            unknown |= dict.fromkeys(name for name, meant in both if not meant)
            wrong = [ambiguous(name, meant) for name, meant in both if len(meant) > 1]
            if not wrong and all(meant for _, meant in both):
                image, neighbour = (example_of[meant[0]] for _, meant in both)
                wrong = self._added(image, neighbour, cells[RANK])
            problems += [f"{self.where} line {line}: {problem}" for problem in wrong]
        problems += [f"{self.where}: {problem}" for problem in names.unknown([*unknown])]
        lists = {
            source: [ranked[rank] for rank in sorted(ranked)]
            for source, ranked in self.by_rank.items()
        }
        problems += [f"{self.where}: {problem}" for problem in self._too_few(lists, k)]
        return lists

    def _added(self, image: Example, neighbour: Example, rank: str) -> list[str]:
        """Put a row where it belongs, unless it is wrong."""
        if image.split is Split.TRAIN:  # nobody judges it
            return []
        ranked = self.by_rank.setdefault(image.source, {})
        if not (rank.isascii() and rank.isdigit() and int(rank)):
            return [f"rank {rank!r} is none of 1, 2, 3 and so on, of which 1 is the most alike"]
        if int(rank) in ranked:
            return [f"{image.source!r} has a neighbour of rank {rank} already; keep one"]
        if neighbour.source in ranked.values():
            return [f"{neighbour.source!r} is a neighbour of {image.source!r} already; keep one"]
        ranked[int(rank)] = neighbour.source
        return self._unfit(image, neighbour)

    def _unfit(self, image: Example, neighbour: Example) -> list[str]:
        """Why a picture is none that the AI learned from and names as it names the image."""
        named = repr(neighbour.source)
        if neighbour.split is not Split.TRAIN:
            return [f"{named} is of the split {neighbour.split}; neighbours are of train alone"]
        answer, said = self.answers.get(image.source), self.answers.get(neighbour.source)
        if answer is None or said is None:
            return []
        if neighbour.label != answer:
            is_of, says = self.classes[neighbour.label], self.classes[answer]
            advice = "list pictures of that class, or show these as photos (kind = 'imported')"
            differs = f"is of the class {is_of!r}, and the AI says {says!r} of {image.source!r}"
            return [f"{named} {differs}; {advice}"]
        if said != answer:
            return [f"{named} is a picture that the AI names {self.classes[said]!r}; list others"]
        return []

    def _too_few(self, lists: Lists, k: int) -> list[str]:
        """Pictures of which too few neighbours are listed."""
        problems = []
        for split in SHOWN:
            sources = [example.source for example in self.examples if example.split is split]
            few = [f"{s!r} {len(lists.get(s, ()))}" for s in sources if len(lists.get(s, ())) < k]
            if few:
                problems.append(
                    f"{len(few)} of the {len(sources)} pictures of the split {split} have fewer "
                    f"than {k} neighbours: {some_of(few)}; list more, or lower "
                    "[explainers.neighbours] k"
                )
        return problems
