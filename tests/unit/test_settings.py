"""Settings are checked at once, explained, and never show a key."""

import re
from pathlib import Path

import pytest

from summarizer import settings
from summarizer.errors import SettingsError

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


@pytest.fixture(autouse=True)
def _no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_key_drafts_are_extractive():
    assert not settings.load().drafts_with_model


@pytest.mark.parametrize(
    ("name", "value"),
    [("ANTHROPIC_API_KEY", "sk-1"), ("ANTHROPIC_BASE_URL", "http://127.0.0.1:8082")],
)
def test_a_key_or_a_server_is_enough_to_draft_with_a_model(monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    assert settings.load().drafts_with_model


def test_the_extractive_drafter_can_be_asked_for_despite_a_key(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-1")
    monkeypatch.setenv("SUMMARIZER_DRAFTER", "extractive")

    assert not settings.load().drafts_with_model


def test_every_fault_is_named_at_once(monkeypatch):
    for name, value in {
        "SUMMARIZER_PLAN": "slow",
        "SUMMARIZER_CONCURRENCY": "0",
        "SUMMARIZER_INCIDENT_PREFIX": "lower",
        "SUMMARIZER_DATADIR": "typing-error",
        "ANTHROPIC_BASE_URL": "ftp://x",
    }.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        settings.load()
    for named in (
        "SUMMARIZER_PLAN",
        "SUMMARIZER_CONCURRENCY",
        "SUMMARIZER_INCIDENT_PREFIX",
        "SUMMARIZER_DATADIR: no such setting",
        "ANTHROPIC_BASE_URL",
    ):
        assert named in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ANTHROPIC_BASE_URL", "ftp://x", "ANTHROPIC_BASE_URL: write it as http://host:port"),
        ("ANTHROPIC_BASE_URL", "http://", "ANTHROPIC_BASE_URL: write it as http://host:port"),
        ("ANTHROPIC_BASE_URL", "http://h:99999", "ANTHROPIC_BASE_URL: Port out of range"),
        ("SUMMARIZER_ANTHROPIC_BASE_URL", "x", "SUMMARIZER_ANTHROPIC_BASE_URL: write it as"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "x", "OTEL_EXPORTER_OTLP_ENDPOINT: write it as"),
        ("SUMMARIZER_CHROMA_URL", "host:1", "SUMMARIZER_CHROMA_URL: write it as http://host:port"),
        (
            "SUMMARIZER_PUBLIC_URL",
            "https://kim:secret@news.example",
            "SUMMARIZER_PUBLIC_URL: write it as https://host/path",
        ),
        ("SUMMARIZER_PLAN", "slow", "SUMMARIZER_PLAN: .*'single' or 'parallel'.*cheapest"),
        ("SUMMARIZER_DATADIR", "x", "no such setting; did you mean SUMMARIZER_DATA_DIR?"),
        ("SUMMARIZER_XYZ", "x", "no such setting; docs/operations.md lists them"),
    ],
)
@pytest.mark.parametrize("in_file", [False, True])
def test_a_fault_names_the_variable_that_was_set(monkeypatch, name, value, says, in_file):
    if in_file:
        Path(".env").write_text(f"{name}={value}\n")
    else:
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert re.search(rf"(?m)^  ({name}.*)?{says}", str(caught.value)), str(caught.value)


@pytest.mark.parametrize("asked", [{"drafter": "anthropic"}, {"judge": "model"}])
def test_a_drafter_or_a_judge_without_a_server_is_a_fault(asked):
    (name,) = asked
    with pytest.raises(SettingsError, match=f"SUMMARIZER_{name.upper()}.*ANTHROPIC_API_KEY"):
        settings.load(**asked)


def test_no_representation_shows_the_key(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-very-secret")
    loaded = settings.load()

    for shown in (repr(loaded), str(loaded), loaded.model_dump_json()):
        assert "sk-very-secret" not in shown


def test_a_faulty_setting_does_not_print_the_key(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-very-secret")
    monkeypatch.setenv("SUMMARIZER_PLAN", "slow")

    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert "sk-very-secret" not in str(caught.value)


def test_a_file_in_the_working_directory_is_read_and_the_environment_wins(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("SUMMARIZER_SITE_NAME=From file\nSUMMARIZER_MODEL=m-1\n")
    monkeypatch.setenv("SUMMARIZER_MODEL", "m-2")
    loaded = settings.load()

    assert (loaded.site_name, loaded.model) == ("From file", "m-2")


def test_effort_none_leaves_it_to_the_server(monkeypatch):
    monkeypatch.setenv("SUMMARIZER_EFFORT", "none")

    assert settings.load().effort is None


@pytest.mark.parametrize("name", sorted(settings.Settings.model_fields))
def test_every_setting_is_documented_with_its_description(name):
    description = settings.Settings.model_fields[name].description
    documented = OPERATIONS.read_text(encoding="utf-8")

    assert description and description in documented
    assert name.upper().removeprefix("ANTHROPIC_") in documented


def test_what_kubernetes_sets_beside_a_service_is_no_fault(monkeypatch):
    for name, value in {
        "SUMMARIZER_PORT": "tcp://10.0.0.1:80",
        "SUMMARIZER_PORT_80_TCP": "tcp://10.0.0.1:80",
        "SUMMARIZER_PORT_80_TCP_ADDR": "10.0.0.1",
        "SUMMARIZER_SERVICE_HOST": "10.0.0.1",
        "SUMMARIZER_SERVICE_PORT": "80",
        "SUMMARIZER_SERVICE_PORT_HTTP": "80",
    }.items():
        monkeypatch.setenv(name, value)
    assert settings.load().port == 8000
    monkeypatch.setenv("SUMMARIZER_PORT", "8080")
    assert settings.load().port == 8080


@pytest.mark.parametrize("path", ["newsdesk", "/newsdesk/", "//host", "/a b", "/", "/a?b"])
def test_a_root_path_begins_with_a_slash_and_ends_without(monkeypatch, path):
    monkeypatch.setenv("SUMMARIZER_ROOT_PATH", path)
    with pytest.raises(SettingsError, match="SUMMARIZER_ROOT_PATH"):
        settings.load()
