"""Keys on the command line: the secret is shown once, and revoking ends it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from summarizer import settings
from summarizer.app import open_app
from summarizer.cli.app import app
from summarizer.errors import InputError, NotFoundError


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from summarizer.cli import output

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    output.results.cache_clear()
    output.errors.cache_clear()


def keys(*words: str) -> Result:
    return CliRunner().invoke(app, ["keys", *words])


def known(secret: str) -> bool:
    with open_app(settings.load()) as service:
        return service.keys.recognise(secret) is not None


def test_a_key_is_made_listed_without_its_secret_and_revoked():
    assert "the service is open" in keys("list").stderr

    made = keys("create", "Kim", "--scope", "draft")
    secret = made.stdout.strip()
    assert made.exit_code == 0 and known(secret)

    listed = keys("list").stdout
    assert "Kim" in listed and "read draft" in listed
    _, key_id, hidden = secret.split("_", 2)  # what is hidden may hold underscores itself
    assert secret not in listed and hidden not in listed

    revoked = keys("revoke", key_id)
    assert "revoked" in revoked.stderr and not known(secret)
    assert "Kim" in keys("list").stdout  # whoever signed the history stays known


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (("create", " "), InputError, "name"),
        (("create", "local"), InputError, "reserved"),
        (("revoke", "x"), NotFoundError, "keys list"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(words, error, says):
    found = keys(*words)
    assert isinstance(found.exception, error)
    assert says in str(found.exception)


def test_a_scope_that_is_none_is_wrong_usage():
    assert keys("create", "Kim", "--scope", "everything").exit_code == 2
