"""Settings, read from the environment.

Every field is read from the environment variable ``SUMMARIZER_<NAME>`` or from a ``.env`` file in
the working directory; Anthropic's and OpenTelemetry's own variables are also accepted without the
prefix.  ``docs/operations.md`` lists them; a test fails when one is missing there.
"""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from summarizer import __version__
from summarizer.errors import SettingsError

PREFIX = "SUMMARIZER_"

_OF_A_CLUSTER = re.compile(r"SUMMARIZER_(SERVICE_HOST|SERVICE_PORT|PORT_\d+_(TCP|UDP))(_\w+)?")
"""Variables that Kubernetes sets in every container beside a service named ``summarizer``."""

HTTP_URL = r"^https?://[^\s/?#]+"
"""Pattern of a URL with a host."""

BASE_URL = r"^https?://[^\s/?#@]+(/[^\s?#]*)?$"
"""Pattern of a URL that readers are shown and paths are put behind: without a password or query."""


class Settings(BaseSettings):
    """Settings of the operator; keys and tokens are masked in every representation."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = Field(
        default=Path("data"), description="Directory of the database and the vector index."
    )
    database_url: str | None = Field(
        default=None,
        pattern=r"^(sqlite:///?|postgresql(\+psycopg)?://)",
        repr=False,  # it may hold a password
        description="URL of the database: `sqlite:///file.db` or `postgresql://user@host/name`; "
        "unset, an SQLite file in the data directory.",
    )
    chroma_url: str | None = Field(
        default=None,
        description="URL of a Chroma server; unset, an embedded index in the data directory.",
        pattern=HTTP_URL,
    )
    chroma_token: SecretStr | None = Field(
        default=None, description="Token for the Chroma server, or for the proxy before it."
    )
    chroma_token_header: Literal["X-Chroma-Token", "Authorization"] = Field(
        default="X-Chroma-Token",
        description="Header of the token; `Authorization` sends it as `Bearer`.",
    )
    chroma_tenant: str = Field(
        default="default_tenant", min_length=1, description="Tenant on the Chroma server."
    )
    chroma_database: str = Field(
        default="default_database",
        min_length=1,
        description="Database of the tenant on the Chroma server; it must exist.",
    )
    chroma_ca_file: Path | None = Field(
        default=None,
        description="Certificates in PEM that the Chroma server's is checked against; unset, those "
        "of certifi.",
    )
    drafter: Literal["auto", "anthropic", "extractive"] = Field(
        default="auto",
        description="`auto` drafts with a model when a key or a base URL is set, "
        "else extractively.",
    )
    anthropic_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("SUMMARIZER_ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY"),
        description="Key for the Messages API.",
    )
    anthropic_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("SUMMARIZER_ANTHROPIC_BASE_URL", "ANTHROPIC_BASE_URL"),
        description="Any server that speaks the Messages API; unset, Anthropic's own.",
        pattern=HTTP_URL,
    )
    model: str = Field(
        default="claude-sonnet-5-5", description="Model id sent with every call.", min_length=1
    )
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = Field(
        default="medium",
        description="Reasoning effort of the model; `none` leaves it to the server.",
    )
    plan: Literal["single", "parallel"] = Field(
        default="parallel",
        description="`single`: one call for all sections, cheapest. "
        "`parallel`: one call warms the cache, the rest run at once, fastest.",
    )
    concurrency: int = Field(default=4, ge=1, le=32, description="Most calls to the model at once.")
    concurrent_drafts: int = Field(
        default=2, ge=1, le=32, description="Most drafts that the service makes at once."
    )
    autodrafting: Literal["off", "on"] = Field(
        default="off", description="`on` makes the service draft by itself, by the rules."
    )
    autodrafting_rules: Path | None = Field(
        default=None,
        description="File of rules for auto-drafting; unset, the shipped `autodrafting.toml`.",
    )
    lease_s: float = Field(
        default=60,
        ge=1,
        le=3_600,
        description="Seconds after which another process takes over the draft of a killed one.",
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address that `serve` listens on; without a key only a loopback address.",
    )
    port: int = Field(default=8000, ge=1, le=65_535, description="Port that `serve` listens on.")
    root_path: str = Field(
        default="",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="Path below which a proxy shows the service, such as `/newsdesk`.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses and networks of proxies, separated by commas, that are believed "
        "about the client's address and about TLS (`X-Forwarded-For`, `X-Forwarded-Proto`).",
    )
    first_key: SecretStr | None = Field(
        default=None,
        description="Secret of an admin key, which `serve` makes if no key was ever made.",
    )
    mcp: Literal["off", "on"] = Field(
        default="off",
        description="`on` serves the Model Context Protocol at `/mcp`; needs the extra `mcp`.",
    )
    requests_per_minute: int = Field(
        default=600,
        ge=0,
        description="Most requests of one key per minute to one process; `0` sets no limit.",
    )
    max_output_tokens: int = Field(
        default=8_000, ge=256, le=64_000, description="Most tokens of one answer."
    )
    evidence_tokens: int = Field(
        default=24_000,
        ge=500,
        le=500_000,
        description="Budget of one evidence pack, in estimated tokens.",
    )
    judge: Literal["auto", "off", "model"] = Field(
        default="auto",
        description="`model` has a model decide about every claim of a draft, after the checks; "
        "`auto` does so wherever a model drafts.",
    )
    judge_model: str | None = Field(
        default=None,
        min_length=1,
        description="Model of the judge; unset, the model of the drafter. Another one is better: "
        "a model tends to agree with what it wrote.",
    )
    entailment: Path | None = Field(
        default=None,
        description="Folder of a checker of your own, a cross-encoder in ONNX; unset, the shipped "
        "models.",
    )
    gate_profile: str = Field(
        default="strict",
        description="Profile of `gate_policy.toml`: `strict` shows only supported claims, "
        "`balanced` also partly supported opinions and predictions, with a warning.",
    )
    timeout_s: float = Field(
        default=180, gt=0, le=3_600, description="Most seconds for one answer of the model."
    )
    draft_timeout_s: float = Field(
        default=3_600,
        gt=0,
        le=86_400,
        description="Most seconds for the calls to models of one draft, with retries and waits.",
    )
    max_attempts: int = Field(
        default=4, ge=1, le=10, description="Most attempts of one call, including the first."
    )
    max_retry_wait_s: float = Field(
        default=60,
        ge=0,
        le=3_600,
        description="Longest wait between attempts, in seconds, whatever the server asks for.",
    )
    user_agent: str = Field(
        default=f"incident-summarizer/{__version__}",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~][ -~]*$",
        description="User agent of fetches; add an address at which sites can reach you. "
        "robots.txt rules apply to the first word, up to a slash.",
    )
    fetch_timeout_s: float = Field(
        default=20, gt=0, le=300, description="Most seconds for one attempt to fetch a URL."
    )
    fetch_max_bytes: int = Field(
        default=5_000_000,
        ge=10_000,
        le=100_000_000,
        description="Most bytes of a fetched body, before and after decompression.",
    )
    fetch_pause_s: float = Field(
        default=1,
        ge=0,
        le=60,
        description="Seconds between two requests to one host; its robots.txt may ask for more.",
    )
    feeds_file: Path | None = Field(
        default=None, description="File of feeds that `serve` polls; unset, it polls none."
    )
    allowed_hosts: str = Field(
        default="",
        description="Hosts, addresses and networks that may be fetched although they are not "
        "public: separated by commas, with `:port` for ports other than 80 and 443.",
    )
    incident_prefix: str = Field(
        default="INC",
        pattern=r"^[A-Z][A-Z0-9]{1,11}$",
        description="Prefix of new incident ids.",
    )
    site_name: str = Field(
        default="Incident Summarizer", min_length=1, description="Name in the cite string."
    )
    public_url: str | None = Field(
        default=None,
        pattern=BASE_URL,
        description="URL at which the pages are published; the cite string then ends with a link.",
    )
    service_url: str | None = Field(
        default=None,
        pattern=BASE_URL,
        description="URL at which others reach this service; links in webhooks are then absolute.",
    )

    reader_reports: Literal["off", "on"] = Field(
        default="off",
        description="`on` puts a form on approved pages by which readers report an inaccuracy, "
        "without a login; it leads to `SUMMARIZER_SERVICE_URL`, or to the host of the page.",
    )

    otel_exporter_otlp_endpoint: str | None = Field(
        default=None,
        pattern=HTTP_URL,
        validation_alias=AliasChoices(
            "SUMMARIZER_OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"
        ),
        description="URL to which traces are sent over OTLP/HTTP; unset, none are made. Needs the "
        "extra `otel`.",
    )

    @field_validator("anthropic_base_url", "chroma_url", "otel_exporter_otlp_endpoint")
    @classmethod
    def _has_a_port_that_exists(cls, url: str | None) -> str | None:
        if url is not None:
            urlsplit(url).port  # noqa: B018  # raises ValueError for one that is none
        return url

    @field_validator("port", mode="before")
    @classmethod
    def _of_a_cluster_is_unset(cls, port: object) -> object:
        """Kubernetes sets ``SUMMARIZER_PORT=tcp://…`` beside a service of that name."""
        is_link = isinstance(port, str) and port.startswith(("tcp://", "udp://"))
        return cls.model_fields["port"].default if is_link else port

    @field_validator("effort", mode="before")
    @classmethod
    def _none_is_unset(cls, value: object) -> object:
        return None if value == "none" else value

    @property
    def model_is_reachable(self) -> bool:
        """Whether a key or a base URL is set."""
        return self.anthropic_api_key is not None or self.anthropic_base_url is not None

    @property
    def drafts_with_model(self) -> bool:
        """Whether a model writes the drafts, rather than the extractive drafter."""
        if self.drafter == "auto":
            return self.model_is_reachable
        return self.drafter == "anthropic"

    @property
    def judges_with_model(self) -> bool:
        """Whether a model decides about the claims of a draft."""
        return self.judge == "model" or (self.judge == "auto" and self.drafts_with_model)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The entries of ``allowed_hosts``."""
        return tuple(entry for part in self.allowed_hosts.split(",") if (entry := part.strip()))

    @property
    def store_url(self) -> str:
        """URL of the database: ``database_url``, else a file in the data directory."""
        return self.database_url or f"sqlite:///{self.data_dir / 'summarizer.db'}"

    @property
    def database_file(self) -> Path | None:
        """File of the database; ``None`` on PostgreSQL, in memory, or if SQLite reads a URI."""
        if not self.store_url.startswith("sqlite:"):
            return None
        name = self.store_url.removeprefix("sqlite://").removeprefix("/").partition("?")[0]
        return None if not name or name.startswith((":memory:", "file:")) else Path(name)


def load(**overrides: object) -> Settings:
    """Read the settings; an override wins over the environment.

    Raises:
        SettingsError: settings are wrong; the message lists each with the allowed values.
    """
    faults = [f"{name}: no such setting{_near(name)}" for name in _unknown()]
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        faults += [_told(fault["loc"], _plain(fault)) for fault in error.errors()]
    else:
        if settings.drafts_with_model and not settings.model_is_reachable:
            faults.append(
                f"{PREFIX}DRAFTER: 'anthropic' needs ANTHROPIC_API_KEY or ANTHROPIC_BASE_URL"
            )
        if settings.judge == "model" and not settings.model_is_reachable:
            faults.append(f"{PREFIX}JUDGE: 'model' needs ANTHROPIC_API_KEY or ANTHROPIC_BASE_URL")
        if not faults:
            return settings
    raise SettingsError("Wrong settings:\n" + "\n".join(f"  {fault}" for fault in faults))


def _told(location: tuple[int | str, ...], fault: str) -> str:
    """A fault with the variable as the user set it, and the description of the setting."""
    name = str(location[0])
    field = Settings.model_fields[name.removeprefix(PREFIX).lower()]
    if field.validation_alias is None:
        name = f"{PREFIX}{name.upper()}"
    elif name not in _given():
        name = name.removeprefix(PREFIX)  # the vendor's own, which has the same meaning
    return f"{name}: {fault}. ({field.description})"


def _plain(fault: ErrorDetails) -> str:
    """A fault in words; the pattern of a URL is none."""
    pattern = fault.get("ctx", {}).get("pattern")
    if pattern == HTTP_URL:
        return "write it as http://host:port"
    if pattern == BASE_URL:
        return "write it as https://host/path"
    return fault["msg"].removeprefix("Value error, ")


def _given() -> set[str]:
    """Names of the variables in the environment and in the file ``.env``."""
    return {*os.environ, *dotenv_values(".env")}


def _unknown() -> list[str]:
    fields = Settings.model_fields
    return sorted(
        name
        for name in _given()
        if name.startswith(PREFIX)
        and name.removeprefix(PREFIX).lower() not in fields
        and not _OF_A_CLUSTER.fullmatch(name)
    )


def _near(name: str) -> str:
    known = [field.upper() for field in Settings.model_fields]
    near = get_close_matches(name.removeprefix(PREFIX), known, n=1)
    return f"; did you mean {PREFIX}{near[0]}?" if near else "; docs/operations.md lists them"
