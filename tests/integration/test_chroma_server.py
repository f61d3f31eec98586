"""The index on a Chroma server: who is let in, what is told when it fails, what is sent."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from summarizer import settings
from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.adapters.chroma.server import ServerAccess
from summarizer.domain.items import ItemKey, Passage, PassageId
from summarizer.errors import IndexUnreachableError, SettingsError, StorageError
from tests.support.chroma import Answer, Asked, Rule, chroma_proxy

pytestmark = pytest.mark.slow

ONE, TOKEN = "1" * 32, "tok-c0ffee"


class Embedder:
    name = "drawn"

    def embed(self, texts: Sequence[str]) -> Any:
        rows = np.random.default_rng(len(texts)).normal(size=(len(texts), 8)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def passages(count: int) -> list[Passage]:
    return [Passage(item_key=ItemKey(f"a{n}"), n=1, start=0, end=1, text="x") for n in range(count)]


@pytest.fixture
def server(chroma_url: str) -> str:
    return chroma_url


def opened(url: str, **more: Any) -> ChromaIndex:
    return ChromaIndex.server(ServerAccess(url=url, **more), Embedder(), ONE)


def always(status: int, body: object = None) -> Rule:
    return lambda _: (status, json.dumps(body).encode())


def only_with(header: str, value: str) -> Rule:
    return lambda asked: None if asked.headers.get(header) == value else (401, b"locked")


# --- Who is let in ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("chosen", "header", "value"),
    [
        ("X-Chroma-Token", "x-chroma-token", TOKEN),
        ("Authorization", "authorization", f"Bearer {TOKEN}"),
    ],
)
def test_the_token_lets_us_in_and_is_shown_nowhere(server, caplog, chosen, header, value):
    caplog.set_level(logging.DEBUG)
    access = {"token": SecretStr(TOKEN), "token_header": chosen}
    with chroma_proxy(server, only_with(header, value)) as (url, asked):
        with opened(url, **access) as index:
            index.clear()
            assert index.add(passages(2)) == 2
        assert all(request.headers[header] == value for request in asked)
        with pytest.raises(SettingsError, match=r"asks for a token \(401\): set .*CHROMA_TOKEN"):
            opened(url)
        wrong = {"token": SecretStr("tok-wrong"), "token_header": chosen}
        with pytest.raises(SettingsError, match=r"refuses our token \(401\)") as raised:
            opened(url, **wrong)
    shown = caplog.text + str(raised.value) + repr(ServerAccess(url=url, **access))
    loaded = settings.load(chroma_url=url, chroma_token=TOKEN)
    assert TOKEN not in shown + repr(loaded) + loaded.model_dump_json()
    assert "tok-wrong" not in shown


def test_a_token_that_is_revoked_later_makes_items_wait(server):
    locks = [False]
    proxy = chroma_proxy(server, lambda _: (403, b"") if locks[0] else None)
    with proxy as (url, _), opened(url, token=SecretStr(TOKEN)) as index:
        locks[0] = True
        with pytest.raises(IndexUnreachableError, match=r"refuses our token \(403\)"):
            index.among([PassageId("a1.1")])


@pytest.mark.parametrize("part", ["tenant", "database"])
def test_a_tenant_or_database_that_is_missing_is_named(server, part):
    with pytest.raises(SettingsError, match=r"'nobody'.*SUMMARIZER_CHROMA_TENANT"):
        opened(server, **{part: "nobody"})


def test_a_certificate_must_be_one_that_we_trust(server, tmp_path):
    for name in ("ours", "other"):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
             "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{name}.key",
             "-out", f"{name}.crt"], cwd=tmp_path, check=True, capture_output=True,
        )  # fmt: skip
    both = tmp_path / "both.pem"
    both.write_text((tmp_path / "ours.key").read_text() + (tmp_path / "ours.crt").read_text())
    with chroma_proxy(server, certificate=both) as (url, _):
        with opened(url, ca_file=tmp_path / "ours.crt") as index:
            assert index.among([PassageId("a1.1")]) is not None
        for wrong in ({}, {"ca_file": tmp_path / "other.crt"}):
            with pytest.raises(IndexUnreachableError, match=r"CERTIFICATE.*CHROMA_CA_FILE"):
                opened(url, **wrong)
        with pytest.raises(SettingsError, match="CHROMA_CA_FILE"):
            opened(url, ca_file=tmp_path / "missing.crt")


# --- What is told ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (always(200, {"hello": 1}), "no Chroma server"),
        (always(404), "no Chroma server"),
        (always(302), "no Chroma server"),
        (lambda _: (200, b"<html>"), "no Chroma server"),
        (lambda asked: (200, b'"0.6.3"') if "version" in asked.path else None, "is version 0.6.3"),
    ],
)
def test_what_is_no_server_of_ours_is_called_by_its_name(server, rule, words):
    with chroma_proxy(server, rule) as (url, _), pytest.raises(SettingsError, match=words):
        opened(url)


@pytest.mark.parametrize("status", [0, 429, 502, 503, 504])
def test_a_server_that_is_away_is_asked_three_times(server, status):
    with chroma_proxy(server, always(status)) as (url, asked):
        with pytest.raises(IndexUnreachableError, match=r"cannot be reached.*CHROMA_URL"):
            opened(url)
        assert len(asked) == 3


@pytest.mark.parametrize("status", [0, 503])
def test_a_request_that_was_lost_is_sent_again(server, status):
    left = [0]

    def lose(asked: Asked) -> Answer | None:
        left[0] -= 1
        return (status, b"") if left[0] >= 0 else None

    with chroma_proxy(server, lose) as (url, _), opened(url) as index:
        index.clear()
        left[0] = 2
        assert index.add(passages(2)) == 2
        left[0] = 2
        assert set(index.ids()) == {"a0.1", "a1.1"}


def test_an_answer_that_is_no_answer_is_told_with_its_status(server):
    broken = [False]
    proxy = chroma_proxy(server, lambda _: (500, b"<html>") if broken[0] else None)
    with proxy as (url, _), opened(url) as index:
        broken[0] = True
        with pytest.raises(StorageError, match="status 500"):
            index.among([PassageId("a1.1")])


# --- What is sent ----------------------------------------------------------------------------
@pytest.mark.parametrize(("told", "limit"), [(7, 7), (5_461, 300)])
def test_no_request_holds_more_records_than_the_server_or_chroma_cloud_takes(server, told, limit):
    def checks(asked: Asked) -> Answer | None:
        if not asked.path.endswith("pre-flight-checks"):
            return None
        return 200, json.dumps({"max_batch_size": told, "supports_base64_encoding": True}).encode()

    count = 2 * limit + 1
    with chroma_proxy(server, checks) as (url, asked), opened(url) as index:
        index.clear()
        index.add(passages(count))
        index.headings.add(list(range(count)), Embedder().embed(["x"] * count))
        ids = sorted(index.ids())
        assert len(ids) == count and len(list(index.headings.numbers())) == count
        index.vectors(ids)
        index.nearest(Embedder().embed(["x"])[0], count)
        index.headings.nearest(Embedder().embed(["x"])[0], count)
        index.remove(ids)
        sizes = [
            max(
                len(r.body.get("ids") or ()), r.body.get("limit") or 0, r.body.get("n_results") or 0
            )
            for r in asked
        ]
    assert max(sizes) == limit


def test_a_collection_that_another_deletes_is_told_once_and_made_again(server):
    with opened(server) as index:
        index.add(passages(1))
        before = index.identity
        with opened(server) as other:
            other.clear()
        with pytest.raises(IndexUnreachableError, match="deleted by another program"):
            index.vectors([PassageId("a0.1")])
        assert index.vectors([PassageId("a0.1")]) == {}
        assert index.identity != before
