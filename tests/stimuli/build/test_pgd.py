"""PGD on a linear classifier, whose best attack is known in closed form, and on a small network."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from explainers.classifier import Classifier, new_classifier
from explainers.networks.backbones import Backbone
from stimuli.build.pgd import pgd

SIDE = 4
EPSILON = 16 / 255


def linear(weights: Tensor, *, mean: float = 0.0, std: float = 1.0) -> Classifier:
    """Logits that are weights (2, 3 SIDE SIDE) times the normalised image."""
    head = nn.Linear(weights.shape[1], 2, bias=False)
    head.weight.data = weights
    parts = Backbone(
        features=nn.Identity(),
        head=nn.Sequential(nn.Flatten(), head),
        mean=(mean,) * 3,
        std=(std,) * 3,
    )
    return Classifier(backbone="by hand", parts=parts, classes=("a", "b")).eval()


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def uniform(images: Tensor, seed: int) -> Tensor:
    """Uniform in [-1, 1]."""
    return 2 * torch.rand(images.shape, generator=seeded(seed)) - 1


def random_case(seed: int, *, batch: int = 3) -> tuple[Tensor, Tensor, Tensor]:
    """Weights of a linear classifier, images that touch 0 and 1, and labels."""
    numbers = seeded(seed)
    # So small that no softmax rounds to 0 or 1, where the gradient would vanish.
    weights = torch.randn(2, 3 * SIDE * SIDE, generator=numbers) / 10
    images = (torch.rand(batch, 3, SIDE, SIDE, generator=numbers) * 1.2 - 0.1).clamp(0, 1)
    return weights, images, torch.randint(2, (batch,), generator=numbers)


@pytest.fixture
def tiny() -> Classifier:
    """A real network with batch normalisation."""
    return new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=6).eval()


@pytest.mark.slow
@given(
    seed=st.integers(0, 1000),
    epsilon=st.floats(0.001, 0.3),
    std=st.floats(0.5, 2),
    n_steps=st.sampled_from([1, 40, 61]),
)
def test_on_a_linear_classifier_every_pixel_goes_straight_to_the_best_edge(
    seed: int, epsilon: float, std: float, n_steps: int
) -> None:
    """Of two classes the loss grows with (w_other - w_label) x.

    The paper's 40 steps of epsilon / 30 are shorter than the ball is wide, so a start on the
    far side falls short; 60 always arrive.
    """
    weights, images, labels = random_case(seed)
    classifier = linear(weights, mean=0.5, std=std)
    start, attacked = (
        pgd([classifier], images, labels, epsilon=epsilon, n_steps=n, noise=uniform(images, seed))
        for n in (0, n_steps)
    )
    away = (weights[1 - labels] - weights[labels]).view_as(images).sign()
    edges = (images - epsilon).clamp(0, 1), (images + epsilon).clamp(0, 1)
    torch.testing.assert_close(attacked, (start + n_steps / 30 * epsilon * away).clamp(*edges))
    if n_steps > 60:
        torch.testing.assert_close(attacked, (images + epsilon * away).clamp(0, 1))


@given(seed=st.integers(0, 1000), n_steps=st.integers(0, 6), relative_step=st.floats(0.01, 5))
@pytest.mark.slow
def test_after_any_number_of_steps_the_image_is_in_the_ball_and_in_range(
    seed: int, n_steps: int, relative_step: float
) -> None:
    weights, images, labels = random_case(seed)
    attacked = pgd(
        [linear(weights)],
        images,
        labels,
        n_steps=n_steps,
        relative_step=relative_step,
        noise=uniform(images, seed),
    )
    assert 0 <= attacked.min() <= attacked.max() <= 1
    assert (attacked - images).abs().max() <= EPSILON + 1e-7


def test_the_attack_starts_where_the_noise_says_and_inside_the_range() -> None:
    images = torch.tensor([0.5, 0.5, 0.0, 1.0]).view(1, 1, 2, 2).expand(1, 3, 2, 2)
    noise = torch.tensor([1.0, -0.5, -1.0, 0.25]).view(1, 1, 2, 2).expand(1, 3, 2, 2)
    start = pgd([linear(torch.zeros(2, 12))], images, torch.tensor([0]), n_steps=0, noise=noise)
    expected = torch.tensor([0.5 + EPSILON, 0.5 - EPSILON / 2, 0, 1])
    torch.testing.assert_close(start[0, 0].flatten(), expected)


def test_the_global_random_state_is_neither_used_nor_changed(tiny: Classifier) -> None:
    images, labels = torch.rand(2, 3, 32, 32, generator=seeded(0)), torch.tensor([0, 2])
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = pgd([tiny], images, labels, n_steps=3, noise=uniform(images, 5))
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(2)
    assert torch.equal(first, pgd([tiny], images, labels, n_steps=3, noise=uniform(images, 5)))


def test_each_step_of_a_network_equals_a_second_implementation(tiny: Classifier) -> None:
    """One image at a time, with the mean loss, accumulated gradients and separate projections."""
    images, labels = torch.rand(3, 3, 32, 32, generator=seeded(0)), torch.tensor([0, 1, 2])
    start = pgd([tiny], images, labels, n_steps=0, noise=uniform(images, 3))
    for n in range(3):
        x = start[n : n + 1].clone()
        for _ in range(4):
            x = x.detach().requires_grad_()
            functional.cross_entropy(tiny(x), labels[n : n + 1]).backward()
            assert x.grad is not None
            moved = x + EPSILON / 30 * torch.sign(x.grad) - images[n : n + 1]
            x = (images[n : n + 1] + moved.clamp(-EPSILON, EPSILON)).clamp(0, 1)
        alone = pgd([tiny], images, labels, n_steps=4, noise=uniform(images, 3))[n]
        # A gradient of nearly zero may round to either sign.
        assert ((alone - x[0]).abs() < 1e-5).float().mean() > 0.99


def test_the_attack_raises_the_loss_far_more_than_noise_of_the_same_size(tiny: Classifier) -> None:
    images = torch.rand(8, 3, 32, 32, generator=seeded(0))
    labels = tiny(images).argmax(1).detach()

    @torch.no_grad()
    def loss(pictures: Tensor) -> float:
        return float(functional.cross_entropy(tiny(pictures), labels))

    noisy, attacked = (
        loss(pgd([tiny], images, labels, n_steps=n, noise=uniform(images, 1))) for n in (0, 40)
    )
    assert attacked - loss(images) > 5 * abs(noisy - loss(images))


@pytest.mark.parametrize("prepare", [nn.Module.train, nn.Module.eval], ids=["train", "eval"])
def test_the_classifier_is_left_as_it_was(
    tiny: Classifier, prepare: Callable[[nn.Module], nn.Module]
) -> None:
    prepare(tiny)
    tiny.features[1].eval()
    first = next(tiny.parameters()).requires_grad_(False)
    modes = [module.training for module in tiny.modules()]
    before = {name: value.clone() for name, value in tiny.state_dict().items()}
    images = torch.rand(2, 3, 32, 32)
    pgd([tiny], images, torch.tensor([0, 1]), n_steps=2, noise=uniform(images, 0))
    assert [module.training for module in tiny.modules()] == modes
    assert all(p.requires_grad == (p is not first) for p in tiny.parameters())
    assert all(p.grad is None for p in tiny.parameters())
    assert all(torch.equal(before[n], v) for n, v in tiny.state_dict().items())


def test_a_classifier_is_left_as_it_was_after_an_error_too(tiny: Classifier) -> None:
    tiny.train()
    images = torch.rand(2, 3, 32, 32)
    with pytest.raises((ValueError, IndexError)):
        pgd([tiny], images, torch.tensor([0, 9]), noise=uniform(images, 0))
    assert tiny.training
    assert all(p.requires_grad for p in tiny.parameters())


def test_images_may_come_from_inference_mode_and_are_not_changed(tiny: Classifier) -> None:
    with torch.inference_mode():
        images = torch.rand(1, 3, 32, 32, generator=seeded(0))
    before = images.clone()
    with torch.no_grad():
        attacked = pgd([tiny], images, torch.tensor([0]), n_steps=2, noise=uniform(images, 0))
    assert torch.equal(images, before)
    assert not attacked.requires_grad


def test_an_attack_on_several_follows_the_mean_of_their_losses() -> None:
    """Linear networks that want opposite things, one of them three times as much."""
    weights, images, labels = random_case(3)
    noise = uniform(images, 3)
    strong, weak = linear(3 * weights), linear(-weights)
    start, together = (pgd([strong, weak], images, labels, n_steps=n, noise=noise) for n in (0, 1))
    logits = [network(start) for network in (strong, weak)]
    losing = [1 - out.softmax(1).gather(1, labels[:, None])[:, 0] for out in logits]
    away = (weights[1 - labels] - weights[labels]).view_as(images)
    gradient = (3 * losing[0] - losing[1]).view(-1, 1, 1, 1) * away / 2
    edges = (images - EPSILON).clamp(0, 1), (images + EPSILON).clamp(0, 1)
    expected = (start + EPSILON / 30 * gradient.sign()).clamp(*edges)
    torch.testing.assert_close(together, expected)
