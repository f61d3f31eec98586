"""Two databases with one Chroma server: neither sees, counts or removes the vectors of the other.

Both name their items a1, a2, …, so that their passages have the same ids."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import chromadb
import numpy as np
import pytest

from summarizer import factories
from summarizer.app import App
from tests.support.app import an_app, take_in

FERRY = {"text": "The ferry at Tolmouth was late.\nNobody was hurt on the pier."}
BAKERY = {"text": "A bakery in Aldermoor won a prize for its rye bread."}
TRAM = {"text": "The tram to Stannick was full on Monday."}

pytestmark = pytest.mark.slow


@pytest.fixture
def url(chroma_url: str) -> str:
    return chroma_url


@contextmanager
def installation(folder: Path, url: str, *, fresh_index: bool = False) -> Iterator[App]:
    with an_app(folder, chroma_url=url, fresh_index=fresh_index) as app:
        yield app


def indexed(app: App) -> set[str]:
    return set(app.index.ids())


def assert_whole(app: App) -> None:
    """Every passage is in the index, and found by its own vector."""
    keys = [key for incident in app.store.incidents(100) for key in incident.item_keys]
    texts = {passage.id: passage.text for passage in app.store.passages(keys)}
    assert set(texts) <= indexed(app)
    vectors = app.index.vectors(list(texts))
    for id_, vector in vectors.items():
        assert app.index.nearest(vector, 1)[0][0] in {id_, id_.partition(".")[0] + ".0"}
        (wanted,) = factories.embedder().embed([texts[id_]])
        assert float(wanted @ vector) == pytest.approx(1, abs=1e-4)


def test_both_ingest_and_each_finds_its_own(tmp_path, url):
    with installation(tmp_path / "one", url) as one, installation(tmp_path / "two", url) as two:
        take_in(one, FERRY)
        take_in(two, BAKERY, TRAM)
        assert indexed(one) == {"a1.0", "a1.1", "a1.2"}
        assert indexed(two) == {"a1.0", "a1.1", "a2.0", "a2.1"}
        assert_whole(one)
        assert_whole(two)
        assert one.pipeline.settle().indexed == two.pipeline.settle().indexed == 0
        assert [hit.item.key for hit in one.search.find(FERRY["text"], mode="meaning")] == ["a1"]


def test_a_start_a_reindex_and_a_removal_leave_the_other_whole(tmp_path, url):
    with installation(tmp_path / "two", url) as two:
        take_in(two, BAKERY, TRAM)
        two.index.headings.add([1, 2], np.eye(2, 384, dtype=np.float32))
        with installation(tmp_path / "one", url) as one:
            take_in(one, FERRY)
            one.index.headings.add([1], np.eye(1, 384, dtype=np.float32))
            assert_whole(two)
        with installation(tmp_path / "one", url, fresh_index=True) as one:
            assert indexed(one) == set(one.index.headings.numbers()) == set()
            assert one.pipeline.settle().indexed == 3
            assert_whole(one)
            assert_whole(two)
            one.index.remove(sorted(one.index.ids()))
            assert indexed(one) == set()
        assert_whole(two)
        assert set(two.index.headings.numbers()) == {1, 2}


def test_a_collection_of_version_0_2_0_stays_and_ours_is_built_beside_it(tmp_path, url):
    host, port = url.removeprefix("http://").split(":")
    client = chromadb.HttpClient(host=host, port=int(port))
    old = client.create_collection(f"passages-{factories.embedder().name}", embedding_function=None)
    old.add(ids=["a1.1", "a9.1"], embeddings=[[1.0] + [0.0] * 383] * 2)
    with installation(tmp_path / "one", url) as one:
        take_in(one, FERRY)
        assert_whole(one)
        assert indexed(one) == {"a1.0", "a1.1", "a1.2"}
    assert set(old.get(include=[])["ids"]) == {"a1.1", "a9.1"}


def test_processes_on_one_database_share_its_vectors(tmp_path, url):
    with installation(tmp_path / "one", url) as first:
        take_in(first, FERRY)
        with installation(tmp_path / "one", url) as second:
            assert indexed(second) == indexed(first) != set()
