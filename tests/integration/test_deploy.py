"""The files under ``deploy/`` name only metrics, settings and commands that the product has."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from summarizer.domain.claims import VerdictLabel
from summarizer.jobs.planner import Reason
from summarizer.settings import PREFIX, Settings
from tests.integration.test_docs_commands import parse
from tests.support.app import a_client, an_app
from tests.support.samples import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
METRIC = re.compile(r"\bsummarizer_\w+")
VARIABLE = re.compile(rf"\b(?:{PREFIX}|ANTHROPIC_|OTEL_)[A-Z_]+\b")
IMAGE = "incident-summarizer"
"""The image of the ``Dockerfile``."""


def expressions() -> Iterator[str]:
    """Queries of the dashboard and of the rules."""
    board = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text("utf-8"))
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (variable["query"] for variable in board["templating"]["list"])
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text("utf-8"))
    for group in rules["groups"]:
        yield from (rule["expr"] for rule in group["rules"])


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Names of all series of the service, those without a value yet included."""
    with an_app(tmp_path_factory.mktemp("data")) as service:
        text = a_client(service).get("/metrics").text
    endings = {
        "counter": ("_total",),
        "gauge": ("",),
        "histogram": ("_bucket", "_count", "_sum"),
    }
    return frozenset(
        family.name + ending
        for family in text_string_to_metric_families(text)
        if not family.name.endswith("_created")
        for ending in endings[family.type]
    )


def test_dashboard_and_rules_name_metrics_of_the_service(exposed):
    named = {name for query in expressions() for name in METRIC.findall(query)}
    assert named <= exposed
    assert not {name for name in exposed - named if not name.endswith("_sum")}


VALUES = {
    "reason": Reason,
    "label": VerdictLabel,
}


@pytest.mark.parametrize("label", VALUES)
def test_rules_name_values_that_a_label_has(label: str) -> None:
    named = {value for query in expressions() for value in re.findall(rf'\b{label}="(\w+)"', query)}
    assert named and named <= {*VALUES[label]}


def test_the_documents_list_every_metric(exposed):
    table = (ROOT / "docs" / "operations.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `(summarizer_\w+)`", table, flags=re.M))
    assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in exposed} == listed


@pytest.mark.parametrize(
    "file", [*DEPLOY.rglob("*.yaml"), *UNITS, DEPLOY / "Dockerfile", DEPLOY / "env.example"]
)
def test_every_variable_is_a_setting(file: Path) -> None:
    fields = Settings.model_fields
    vendors = {
        choice
        for field in fields.values()
        if field.validation_alias
        for choice in field.validation_alias.choices  # type: ignore[union-attr]
    }
    known = vendors | {PREFIX + name.upper() for name in fields}
    assert {*VARIABLE.findall(file.read_text("utf-8"))} <= known


def commands() -> Iterator[tuple[str, list[str]]]:
    """Where a command of ours stands, and its words."""
    ran = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.M)
    assert ran and 'ENTRYPOINT ["summarizer"]' in DOCKERFILE
    yield "Dockerfile", ["summarizer", *json.loads(ran[1])]
    for name, service in SERVICES.items():
        if service["image"] == IMAGE and "entrypoint" not in service and "command" in service:
            yield f"compose.yaml {name}", ["summarizer", *service["command"]]
    for unit in UNITS:
        (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text("utf-8"), re.M)
        path, *rest = shlex.split(line)
        yield unit.name, [Path(path).name, *rest]


@pytest.mark.parametrize(("place", "words"), list(commands()))
def test_every_command_is_one(place: str, words: list[str]) -> None:
    assert words[0] == "summarizer", place
    parse(words)


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] and service["tmpfs"]
    assert service["cap_drop"] == ["ALL"]
    assert service["user"] not in ("root", "0", "0:0")
    assert service["image"] == IMAGE or "healthcheck" in service
    for needed, on in service.get("depends_on", {}).items():
        assert on == {"condition": "service_healthy"}
        assert "test" in SERVICES[needed]["healthcheck"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_has_a_password_of_ours(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if variable.endswith(("PASSWORD", "KEY", "TOKEN")):
            assert re.fullmatch(r"\$\{\w+(:\?.+|:-)\}", value), variable


def test_the_example_of_secrets_is_empty():
    lines = (DEPLOY / "env.example").read_text("utf-8").splitlines()
    assert all(line.startswith("#") or line.endswith("=") for line in lines)
    asked = {name for name in re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text())}
    assert asked == {line[:-1] for line in lines if line.endswith("=")}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_is_confined(unit: Path) -> None:
    text = unit.read_text("utf-8")
    for line in ("User=summarizer", "NoNewPrivileges=yes", "ProtectSystem=strict"):
        assert f"\n{line}\n" in text
