import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer.adapters.onnx.minilm import DIMENSIONS, MODEL_DIR, MiniLmEmbedder
from summarizer.errors import ModelError

EMBEDDER = MiniLmEmbedder()
SENTENCES = (
    "The regulator fined the airline.",
    "The airline was punished by the supervisory authority.",
    "Rye bread needs a long rest.",
    "A much longer sentence about nothing in particular, " * 6,
    "Short.",
)


def test_no_texts_give_no_rows() -> None:
    assert EMBEDDER.embed([]).shape == (0, DIMENSIONS)


def test_like_texts_are_nearer_than_unlike_ones() -> None:
    fined, punished, bread = EMBEDDER.embed(SENTENCES[:3])
    assert fined @ punished > 0.6
    assert fined @ bread < 0.2


def test_known_likeness_stays_what_it_was() -> None:
    fined, punished = EMBEDDER.embed(SENTENCES[:2])
    assert float(fined @ punished) == pytest.approx(0.776, abs=0.005)


def test_a_text_has_the_same_vector_in_any_batch() -> None:
    together = EMBEDDER.embed(SENTENCES)
    alone = np.concatenate([EMBEDDER.embed([text]) for text in SENTENCES])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_rows_come_in_the_order_of_the_texts() -> None:
    forth, back = EMBEDDER.embed(SENTENCES), EMBEDDER.embed(SENTENCES[::-1])
    np.testing.assert_allclose(forth, back[::-1], atol=1e-6)


def test_the_same_texts_give_the_same_bytes() -> None:
    assert EMBEDDER.embed(SENTENCES).tobytes() == EMBEDDER.embed(SENTENCES).tobytes()


def test_threads_share_one_embedder() -> None:
    fresh, expected = MiniLmEmbedder(threads=1), EMBEDDER.embed(SENTENCES)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(fresh.embed, [SENTENCES] * 4):
            np.testing.assert_allclose(vectors, expected, atol=1e-6)


@settings(max_examples=30)
@given(st.lists(st.text(st.characters(), max_size=60), min_size=1, max_size=4))
@example([""])
@example(["   \n"])
@example(["\ud800 lone surrogate"])
@example(["🚢" * 50, "مرحبا بالعالم"])
def test_any_text_has_a_vector_of_length_one(texts: list[str]) -> None:
    vectors = EMBEDDER.embed(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_huge_text_is_read_from_its_start() -> None:
    start = "The ferry sank. " * 600
    cut, huge = EMBEDDER.embed([start]), EMBEDDER.embed([start + "Bread. " * 300_000])
    np.testing.assert_allclose(cut, huge, atol=1e-6)


def test_the_name_carries_the_hash_of_the_weights() -> None:
    assert EMBEDDER.name == "all-MiniLM-L6-v2-int8-8199be6f"


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_not_run(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(MODEL_DIR, tmp_path / "model")
    with (folder / name).open("r+b") as file:
        file.seek(1000)
        file.write(b"!")
    with pytest.raises(ModelError, match=rf"{name} is damaged.*Reinstall"):
        MiniLmEmbedder(model_dir=folder).embed(["text"])


def test_a_missing_model_says_to_reinstall(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be read.*Reinstall"):
        MiniLmEmbedder(model_dir=tmp_path)
