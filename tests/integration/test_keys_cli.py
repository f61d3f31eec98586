"""Keys on the command line: the secret is shown once, and revoking ends it."""

import pytest
from typer.testing import Result

from summarizer import settings
from summarizer.app import open_app
from summarizer.errors import InputError, NotFoundError
from tests.support.cli import refused, run

pytestmark = pytest.mark.usefixtures("elsewhere")


def keys(*words: str) -> Result:
    return run("keys", *words, COLUMNS="200")


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
    found = refused("keys", *words)
    assert isinstance(found, error) and says in str(found)


def test_a_scope_that_is_none_is_wrong_usage():
    assert keys("create", "Kim", "--scope", "everything").exit_code == 2
