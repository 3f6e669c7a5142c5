"""What a library's network is called in a study file, with the layer and tokens of its maps."""

from dataclasses import dataclass
from typing import Self

from explainers.networks.map_layout import TokenGrid

TOKENS = "tokens="


class ArchitectureError(ValueError):
    """A network that is not there, or cannot be cut in two."""


@dataclass(frozen=True, kw_only=True)
class LibraryName:
    """A name such as "timm/vit_small_patch16_224:blocks.8:tokens=1+14x14".

    Attributes:
        library: torchvision or timm.
        architecture: what the library calls it.
        layer: whose output has the maps; empty for the last one that has some.
        grid: how tokens lie in it; None where that is to be found.
    """

    library: str
    architecture: str
    layer: str = ""
    grid: TokenGrid | None = None

    @classmethod
    def read(cls, name: str) -> Self:
        """A name in its parts.

        Raises:
            ArchitectureError: if what it says of tokens cannot be read.
        """
        network, *said = name.split(":")
        library, _, architecture = network.partition("/")
        grid = None
        if said and said[-1].startswith(TOKENS):
            grid = TokenGrid.read(said.pop().removeprefix(TOKENS))
            if grid is None:
                advice = "say rows x columns, with the tokens before and after them: 1+14x14+4"
                raise ArchitectureError(f"{name}: says of tokens what nobody can read; {advice}")
        return cls(library=library, architecture=architecture, layer=":".join(said), grid=grid)

    def with_grid(self, grid: TokenGrid) -> str:
        """The name that says how tokens lie."""
        layer = f":{self.layer}" if self.layer else ""
        return f"{self.library}/{self.architecture}{layer}:{TOKENS}{grid}"
