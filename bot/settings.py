"""The environment as one frozen `Settings`; every fault is named at once; secrets never print.

Nothing else in the house reads the environment. Imports only `ids`, `errors` and values of `core`.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.core.environments.egress import Credential
from bot.core.policy.model import Cap, Price
from bot.endpoint_settings import Endpoint, read_endpoints
from bot.errors import ConfigFault
from bot.registry_settings import read_credentials
from bot.setting_types import (
    AbsolutePath,
    AnyUrl,
    ClientId,
    DatabaseUrl,
    GuardedUrl,
    HiddenText,
    HostName,
    HostNames,
    LogLevel,
    PriceList,
    PrivateKey,
    SecretList,
    TcpPort,
)
from bot.web_addresses import LOOPBACK

WEB_NEEDS = ("APP_ID", "WEBHOOK_SECRET")
"""What the web process cannot do without. It needs no private key: it only stores deliveries."""

WORKER_NEEDS = ("APP_ID", "PRIVATE_KEY")
"""What the worker cannot do without."""

DEFAULT_MODEL = "gpt-6.2-sol"
"""A current general model of the default provider, named in the openai library's own list (3.54)."""

DEFAULT_LOG_HOSTS = ("*.actions.githubusercontent.com", "*.blob.core.windows.net")
"""Where GitHub.com hands out the logs of jobs: the hosts that its documentation names for logs ("Communicating with self-hosted runners")."""

DEFAULT_PORT = 3000
"""The port that GitHub Apps are usually developed on, so that a webhook forwarder finds it."""


class Settings(BaseSettings):
    """Everything the environment decides. Attributes are named as below, environment variables by their alias.

    `prices` pairs a model's name with its prices; `setup_hosts` are what set-ups of all repositories may reach; `log_hosts` are where logs of CI jobs may lie; `endpoints` pairs a name that repositories may use with an address and a key; `monthly_*` limit all
    repositories together in a calendar month (UTC); `database_url` and every other secret print as stars.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True, populate_by_name=False)

    app_id: int = Field(default=0, ge=0, validation_alias="APP_ID")
    private_key: PrivateKey = Field(default=None, validation_alias="PRIVATE_KEY")
    webhook_secrets: SecretList = Field(default=(), validation_alias="WEBHOOK_SECRET")
    client_id: ClientId = Field(default="", validation_alias="CLIENT_ID")
    client_secret: HiddenText | None = Field(default=None, validation_alias="CLIENT_SECRET")
    github_api_url: GuardedUrl = Field(default="https://api.github.com", validation_alias="GITHUB_API_URL")
    github_url: GuardedUrl = Field(default="https://github.com", validation_alias="GITHUB_URL")
    ghe_host: HostName = Field(default="", validation_alias="GHE_HOST")

    state_dir: AbsolutePath = Field(validation_alias="SPECBOT_STATE_DIR")
    database_url: DatabaseUrl = Field(validation_alias="SPECBOT_DATABASE_URL")
    sandbox: Literal["on", "off"] = Field(default="on", validation_alias="SPECBOT_SANDBOX")
    wheels: AbsolutePath | None = Field(default=None, validation_alias="SPECBOT_WHEELS")
    box_python: AbsolutePath | None = Field(default=None, validation_alias="SPECBOT_BOX_PYTHON")

    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    port: TcpPort = Field(default=DEFAULT_PORT, validation_alias="PORT")
    public_url: GuardedUrl | None = Field(default=None, validation_alias="SPECBOT_PUBLIC_URL")
    metrics_port: TcpPort | None = Field(default=None, validation_alias="SPECBOT_METRICS_PORT")
    open_pages: bool = Field(default=False, validation_alias="SPECBOT_OPEN_PAGES")
    log_level: LogLevel = Field(default="INFO", validation_alias="LOG_LEVEL")

    log_hosts: HostNames = Field(default=DEFAULT_LOG_HOSTS, validation_alias="SPECBOT_LOG_HOSTS")

    openai_api_key: HiddenText | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: AnyUrl | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    model: str = Field(default=DEFAULT_MODEL, min_length=1, validation_alias="SPECBOT_MODEL")
    review_model: str = Field(default="", validation_alias="SPECBOT_REVIEW_MODEL")
    prices: PriceList = Field(default=(), validation_alias="SPECBOT_PRICES")
    monthly_usd: float | None = Field(default=None, ge=0, allow_inf_nan=False, validation_alias="SPECBOT_MONTHLY_USD")
    monthly_tokens: int | None = Field(default=None, ge=0, validation_alias="SPECBOT_MONTHLY_TOKENS")
    setup_hosts: HostNames = Field(default=(), validation_alias="SPECBOT_SETUP_HOSTS")
    registry_credentials: tuple[Credential, ...] = Field(default=(), validation_alias="SPECBOT_REGISTRY_CREDENTIALS")
    endpoints: tuple[tuple[str, Endpoint], ...] = Field(default=(), validation_alias="SPECBOT_ENDPOINTS")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` was given: no hidden look at the process's environment or at files."""
        return (init_settings,)

    @model_validator(mode="after")
    def _open_pages_stay_here(self) -> Self:
        if self.open_pages and self.host not in LOOPBACK:
            raise ValueError(
                "SPECBOT_OPEN_PAGES shows every run to everybody: only with HOST on this machine, for the demo"
            )
        return self

    @model_validator(mode="after")
    def _metrics_listen_elsewhere(self) -> Self:
        if self.metrics_port and self.metrics_port == self.port:
            raise ValueError("SPECBOT_METRICS_PORT must differ from PORT: metrics listen elsewhere")
        return self

    @model_validator(mode="after")
    def _client_id_and_secret_go_together(self) -> Self:
        if bool(self.client_id) != (self.client_secret is not None):
            raise ValueError("CLIENT_ID and CLIENT_SECRET go together: people log in to the pages with both")
        return self

    @property
    def log_in_lacks(self) -> tuple[str, ...]:
        """The variables without which nobody can log in to the pages; () when people can."""
        needed = {
            "CLIENT_ID": self.client_id,
            "CLIENT_SECRET": self.client_secret,
            "SPECBOT_PUBLIC_URL": self.public_url,
        }
        return tuple(name for name, value in needed.items() if not value)

    @property
    def reviewer(self) -> str:
        """The reviewer's model: its own, or the same as the rest."""
        return self.review_model or self.model

    @property
    def month_cap(self) -> Cap:
        """What all repositories together may spend in a calendar month."""
        return Cap(usd=self.monthly_usd, tokens=self.monthly_tokens)

    @property
    def sandbox_on(self) -> bool:
        return self.sandbox == "on"

    @property
    def price_of(self) -> Mapping[str, Price]:
        """`prices` for looking up."""
        return dict(self.prices)

    @property
    def endpoint_of(self) -> Mapping[str, Endpoint]:
        """`endpoints` for looking up."""
        return dict(self.endpoints)


def load_settings(environ: Mapping[str, str], *, needs: Collection[str] = (), is_root: bool | None = None) -> Settings:
    """The settings that `environ` describes. An empty value is the same as none.

    `needs` names variables that must be set (`WEB_NEEDS`, `WORKER_NEEDS`). `PRIVATE_KEY_PATH` and the keys that
    `SPECBOT_ENDPOINTS` names are read here, `GHE_HOST` fills the
    two addresses where they are not given. Raises `ConfigFault` that lists every fault, without any secret value.
    """
    known = {str(field.validation_alias) for field in Settings.model_fields.values()} | {"PRIVATE_KEY_PATH"}
    given: dict[str, Any] = {name: environ[name] for name in sorted(known) if environ.get(name, "").strip()}
    faults: list[str] = []
    _read_key_file(given, faults)
    if (text := given.pop("SPECBOT_ENDPOINTS", None)) is not None:
        endpoints, wrong = read_endpoints(text, environ)
        given["SPECBOT_ENDPOINTS"] = tuple(sorted(endpoints.items()))
        faults += [f"SPECBOT_ENDPOINTS: {fault}" for fault in wrong]
    if (text := given.pop("SPECBOT_REGISTRY_CREDENTIALS", None)) is not None:
        given["SPECBOT_REGISTRY_CREDENTIALS"], wrong = read_credentials(text, environ)
        faults += [f"SPECBOT_REGISTRY_CREDENTIALS: {fault}" for fault in wrong]
    if host := given.get("GHE_HOST"):
        given.setdefault("GITHUB_URL", f"https://{host}")
        given.setdefault("GITHUB_API_URL", f"https://{host}/api/v3")
    root = os.geteuid() == 0 if is_root is None else is_root
    given.setdefault("SPECBOT_STATE_DIR", _state_dir(environ, root=root))
    given.setdefault("SPECBOT_DATABASE_URL", f"sqlite:///{quote(given['SPECBOT_STATE_DIR'])}/specbot.db")
    faults += [f"{name} is not set" for name in needs if name not in given]
    try:
        settings = Settings(**given)
    except ValidationError as error:
        faults += [_fault(dict(problem)) for problem in error.errors(include_input=False, include_url=False)]
        raise _config_fault(faults) from None
    if faults:
        raise _config_fault(faults)
    return settings


def _read_key_file(given: dict[str, Any], faults: list[str]) -> None:
    path = given.get("PRIVATE_KEY_PATH")
    if path is None or "PRIVATE_KEY" in given:
        return
    try:
        given["PRIVATE_KEY"] = Path(path).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        given["PRIVATE_KEY"] = None
        faults.append(f"PRIVATE_KEY_PATH cannot be read: {type(error).__name__}")


def _state_dir(environ: Mapping[str, str], *, root: bool) -> str:
    """Where state belongs: the system's place for a service, the user's own (XDG base directories) for anybody else."""
    if root:
        return "/var/lib/specbot"
    state = environ.get("XDG_STATE_HOME", "")
    if not state.startswith("/"):
        state = f"{environ.get('HOME', '/nonexistent')}/.local/state"
    return f"{state}/specbot"


def _fault(problem: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name} {message}" if name else message


def _config_fault(faults: list[str]) -> ConfigFault:
    return ConfigFault("; ".join(faults), hint="set these environment variables and start again")
