"""The one encoder of all pictures, and files of one length."""

import io

import numpy as np
from PIL import Image

from stimuli.pictures.jpeg import decode, encode, of_one_length


def test_the_encoder_writes_the_same_bytes_again_and_no_metadata() -> None:
    image = Image.effect_noise((64, 64), 80).convert("RGB")
    image.info["comment"] = b"mine"
    assert encode(image) == encode(image)
    with Image.open(io.BytesIO(encode(image))) as back:
        assert "comment" not in back.info
        assert not back.getexif()
    assert decode(encode(image)).shape == (64, 64, 3)


def test_pictures_of_one_length_are_the_same_pictures(rng: np.random.Generator) -> None:
    noise = rng.integers(0, 256, (160, 160, 3), dtype=np.uint8)
    files = [encode(Image.fromarray(pixels)) for pixels in (noise, np.zeros_like(noise))]
    assert len(files[0]) > 8192 > len(files[1])
    padded = of_one_length(files)
    assert {len(file) for file in padded} == {16384}
    for file, before in zip(padded, files, strict=True):
        assert np.array_equal(decode(file), decode(before))
    assert of_one_length([]) == []
