import hashlib
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text import parse as module
from summarizer.text.clauses import clauses
from summarizer.text.parse import MODEL_DIR, parse


def test_the_packaged_files_are_those_of_the_manifest():
    for line in (MODEL_DIR / "SHA256SUMS").read_text(encoding="ascii").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((MODEL_DIR / name).read_bytes()).hexdigest() == digest, name


def test_spacy_is_not_loaded_before_the_first_sentence():
    code = (
        "import sys; import summarizer.text.clauses; import summarizer.verification.scoring;"
        "sys.exit('spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_each_word_has_its_governor_and_its_place():
    (parsed,) = parse(["Halvane denied the leak."])
    by_text = {word.text: word for word in parsed.words}
    assert by_text["Halvane"].dep == "nsubj"
    assert parsed.words[by_text["leak"].head].lemma == "deny"
    assert all(parsed.text[word.start : word.end] == word.text for word in parsed.words)


def test_a_sentence_is_parsed_once(monkeypatch):
    text = "The ferry from Stannick sank on Tuesday."
    (first,) = parse([text])
    monkeypatch.setattr(module, "_parsed", lambda texts: [])
    (again,) = parse([text])
    assert again is first


def test_sentences_come_back_in_order_also_when_one_is_given_twice():
    texts = ["Orlan paid.", "Vell left.", "Orlan paid."]
    assert [parsed.text for parsed in parse(texts)] == texts


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_read(text):
    (found,) = clauses([text])
    assert all(0 <= clause.start <= clause.end <= len(text) for clause in found)


def test_a_deep_sentence_ends():
    text = "He said that " * 150 + "it rained."
    (found,) = clauses([text])
    assert found
