"""Entailment by alignment: what is held against what, and what the shipped weights make of it."""

import hashlib
import shutil

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from summarizer.adapters.onnx.minilm import MiniLmEmbedder
from summarizer.errors import ModelError
from summarizer.verification.entailment.alignment import (
    MODEL,
    AlignmentEntailment,
    CombinedEntailment,
    combined,
)
from summarizer.verification.entailment.lexical import VERBATIM, LexicalEntailment
from summarizer.verification.entailment.network import Network, Tokens, flags, joined
from summarizer.verification.entailment.sentence_selection import MOST_SENTENCES, SourceSentences

FERRY = (
    "The ferry operator Nordsund cancelled 14 crossings on Monday after an engine fault. "
    "About 2,000 passengers were stranded in Port Harrow overnight. "
    "The harbour master praised the crews."
)
ALIGNMENT = AlignmentEntailment(MiniLmEmbedder(threads=1))
ALL = [LexicalEntailment(), ALIGNMENT, CombinedEntailment(ALIGNMENT)]
every_entailment = pytest.mark.parametrize("entailment", ALL, ids=["words", "network", "both"])


def test_a_sentence_is_held_against_the_source_sentences_that_share_its_words_in_their_order():
    texts = ["It rained. Nordsund cancelled crossings.", "Passengers slept. An engine failed."]

    (pair,) = SourceSentences(texts).pairs("An engine of Nordsund failed.")

    assert pair.claim == "An engine of Nordsund failed."
    assert pair.sources[-1] == "An engine failed."
    assert "Nordsund cancelled crossings." in pair.sources


def test_no_more_source_sentences_are_chosen_than_the_network_was_trained_with():
    text = " ".join(f"Crossing number {n} was cancelled." for n in range(30))

    (pair,) = SourceSentences([text]).pairs("A crossing was cancelled.")

    assert len(pair.sources) == MOST_SENTENCES


def test_every_sentence_of_a_claim_is_held_against_sources_of_its_own():
    pairs = SourceSentences([FERRY]).pairs("Crossings were cancelled. The crews were praised.")

    assert [pair.claim for pair in pairs] == [
        "Crossings were cancelled.",
        "The crews were praised.",
    ]


@pytest.mark.parametrize(("claim", "texts"), [("A claim.", []), ("", [FERRY]), ("A claim.", [" "])])
def test_nothing_is_held_against_nothing(claim, texts):
    assert SourceSentences(texts).pairs(claim) == []


def test_flags_tell_what_is_equal_as_written_alone_and_with_its_neighbours():
    table = np.zeros((10, 5), dtype=np.float32)
    table[7] = [1, 0, 0, 1, 0.5]

    rows = flags(np.array([3, 4, 7]), np.array([3, 4, 5, 7]), table)

    assert rows[:, 0].tolist() == [1, 1, 1]  # stands in the source
    assert rows[:, 1].tolist() == [0, 1, 0]  # follows the same token there
    assert rows[:, 2].tolist() == [1, 0, 0]  # is followed by the same token there
    assert rows[2, 3:8].tolist() == [1, 0, 0, 1, 0.5]
    assert rows[:, 8].tolist() == [1, 1, 1]  # the source negates


def test_a_claim_is_hardly_better_supported_than_its_worst_sentence():
    network = Network(MODEL)
    embedder = MiniLmEmbedder(threads=1)
    texts = ["Nordsund cancelled 14 crossings.", "The moon is made of cheese.", FERRY]
    good, bad, source = (Tokens(*t) for t in embedder.tokens(texts))
    alone = network.support([(bad, joined([source]))])

    together = network.support([(good, joined([source])), (bad, joined([source]))])

    assert together == pytest.approx(alone, abs=0.3)
    assert network.support([(good, joined([source]))]) > alone


def test_the_answer_is_the_mean_of_the_networks(tmp_path):
    embedder = MiniLmEmbedder(threads=1)
    claim, source = (Tokens(*t) for t in embedder.tokens(["The crews were praised.", FERRY]))
    with np.load(MODEL) as arrays:
        table = arrays["table"]
        weights = {name: arrays[name][0] for name in arrays.files if name != "table"}

    def support(**arrays: np.ndarray) -> float:
        path = tmp_path / "some.npz"
        np.savez(path, table=table, **arrays)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        (tmp_path / "SHA256SUMS").write_text(f"{found}  {path.name}\n")
        return Network(path).support([(claim, joined([source]))])

    shy = {name: array * np.float16(0.5) for name, array in weights.items()}
    alone = [support(**weights), support(**shy)]
    together = support(**{name: np.stack([weights[name], shy[name]]) for name in weights})

    assert abs(alone[0] - alone[1]) > 0.1
    assert together == pytest.approx(np.mean(alone), abs=1e-3)


def test_weights_that_were_changed_are_refused(tmp_path):
    shutil.copytree(MODEL.parent, tmp_path / "copy")
    path = tmp_path / "copy" / MODEL.name
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(ModelError, match="damaged"):
        AlignmentEntailment(MiniLmEmbedder(threads=1), Network(path)).support([("A.", ["A b."])])


@every_entailment
@pytest.mark.parametrize("pair", [("", [FERRY]), ("A claim.", []), ("A claim.", [""])])
def test_without_claim_or_sources_there_is_no_support(entailment, pair):
    assert entailment.support([pair]) == [0.0]


@every_entailment
def test_support_does_not_depend_on_what_else_is_asked(entailment):
    pairs = [(f"Nordsund cancelled {n} crossings.", [FERRY]) for n in (14, 41)]
    pairs += [("The crews were praised.", ["Other text.", FERRY])]

    assert entailment.support(pairs) == [entailment.support([pair])[0] for pair in pairs]


@every_entailment
@pytest.mark.parametrize(
    "text", ["\ud800 odd", "🚢" * 50, "שלום עולם", "x" * 5_000, "a\x00b", "?!", "\u200b"]
)
def test_any_text_has_a_probability(entailment, text):
    (claimed, given) = entailment.support([(text, [FERRY]), ("Nordsund paid.", [text])])

    assert 0 <= claimed <= 1
    assert 0 <= given <= 1


@pytest.mark.parametrize(
    ("supported", "unsupported"),
    [
        ("Nordsund called off 14 crossings.", "Nordsund called off all its flights."),
        ("An engine fault led to cancelled crossings.", "A strike led to cancelled crossings."),
        ("The harbour master commended the crews.", "The harbour master sued the crews."),
        ("Some 2,000 people had to stay overnight.", "Some 2,000 people sued the operator."),
    ],
)
def test_a_paraphrase_is_better_supported_than_a_changed_statement(supported, unsupported):
    for entailment in (ALIGNMENT, CombinedEntailment(ALIGNMENT)):
        true, false = entailment.support([(supported, [FERRY]), (unsupported, [FERRY])])

        assert true > false


def test_the_network_is_not_asked_where_words_decide(tmp_path):
    nowhere = AlignmentEntailment(MiniLmEmbedder(threads=1), Network(tmp_path / "network.npz"))
    entailment = CombinedEntailment(nowhere)

    verbatim = ("The harbour master praised the crews.", [FERRY])
    assert entailment.support([verbatim, ("A claim.", [])]) == [VERBATIM, 0.0]
    with pytest.raises(ModelError):
        entailment.support([verbatim, ("The harbour master commended the crews.", [FERRY])])


def test_each_claim_keeps_its_probability_among_claims_that_words_decide():
    entailment = CombinedEntailment(ALIGNMENT)
    pairs = [
        ("The harbour master praised the crews.", [FERRY]),
        ("Nordsund called off 14 crossings.", [FERRY]),
        ("A claim.", []),
        ("The harbour master sued the crews.", [FERRY]),
    ]

    assert entailment.support(pairs) == [entailment.support([pair])[0] for pair in pairs]


def test_the_answer_does_not_depend_on_the_threads_of_blas_and_leaves_them_alone():
    embedder = MiniLmEmbedder(threads=1)
    network = Network(MODEL)
    claim, source = (Tokens(*t) for t in embedder.tokens(["The crews were praised.", FERRY * 3]))
    answers = []
    for threads in (1, 2):
        with threadpool_limits(threads, user_api="blas"):
            answers.append(network.support([(claim, joined([source]))]))
            left = {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
            assert left == {threads}

    assert answers[0] == answers[1]


def test_either_part_moves_the_whole():
    assert combined(0.5, 0.9) > combined(0.5, 0.1)
    assert combined(0.9, 0.5) > combined(0.1, 0.5)
