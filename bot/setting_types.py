"""What an environment variable may hold, by kind: pydantic types that say in words what is wrong. Only `settings` uses them."""

import json
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bot.core.policy.model import Price
from bot.core.pulls import Secret
from bot.registry_settings import read_hosts
from bot.web_addresses import web_address

_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")

_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:\d{1,5})?")


def _secret(value: object) -> object:
    return Secret(value) if isinstance(value, str) else value


def _secret_list(value: object) -> object:
    """Comma or newline separated, so that an old and a new secret are accepted while one replaces the other."""
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in re.split(r"[,\n]", value)]
    return tuple(Secret(part) for part in parts if part)


def _pem(value: object) -> object:
    r"""A PEM; one-line forms with a literal `\n`, which hosting panels produce, are unfolded."""
    if not isinstance(value, str):
        return value
    text = value.replace("\\n", "\n").strip() + "\n"
    if "-----BEGIN" not in text or "PRIVATE KEY-----" not in text:
        raise ValueError("is no PEM private key; it starts with -----BEGIN")
    return Secret(text)


def _guarded_url(value: object) -> object:
    return web_address(value, plain_http=False) if isinstance(value, str) else value


def _any_url(value: object) -> object:
    return web_address(value, plain_http=True) if isinstance(value, str) else value


def _host_name(value: object) -> object:
    if isinstance(value, str) and value and not _HOST_NAME.fullmatch(value):
        raise ValueError("is a host name such as github.example.com, without https:// and path")
    return value


def _hosts(value: object) -> object:
    return read_hosts(value) if isinstance(value, str) else value


def _client_id(value: object) -> object:
    if isinstance(value, str) and value and not _CLIENT_ID.fullmatch(value):
        raise ValueError("is the App's client id, such as Iv23liABCDEFGHIJKLMN")
    return value


def _database(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value.startswith(("sqlite:////", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValueError("is sqlite:////ABSOLUTE/PATH or postgresql://…")
    return Secret(value)


def _prices(value: object) -> object:
    """JSON `{"MODEL": {"prompt": x, "cached": y, "completion": z}}`, USD for a million tokens; `cached` may be left out."""
    if not isinstance(value, str):
        return value
    try:
        table = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON: {error}") from error
    if not isinstance(table, dict):
        raise ValueError("is a JSON object: model name to prices")
    return tuple((model, _price(model, entry)) for model, entry in sorted(table.items()))


def _price(model: str, entry: object) -> Price:
    if not isinstance(entry, dict) or not {"prompt", "completion"} <= set(entry) <= {"prompt", "cached", "completion"}:
        raise ValueError(f"needs prompt and completion (and may have cached) for {model}")
    usd = {"cached": entry["prompt"], **entry}
    if any(
        isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6 for value in usd.values()
    ):
        raise ValueError(f"has a price of {model} that is no number from 0 up")
    return Price(prompt=float(usd["prompt"]), cached=float(usd["cached"]), completion=float(usd["completion"]))


def _absolute(value: object) -> object:
    if isinstance(value, str) and not value.startswith("/"):
        raise ValueError("must be an absolute path")
    return value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


GuardedUrl = Annotated[str, BeforeValidator(_guarded_url)]
AnyUrl = Annotated[str, BeforeValidator(_any_url)]
AbsolutePath = Annotated[Path, BeforeValidator(_absolute)]
HiddenText = Annotated[Secret, BeforeValidator(_secret)]
TcpPort = Annotated[int, Field(ge=0, le=65535)]
PrivateKey = Annotated[Secret | None, BeforeValidator(_pem)]
SecretList = Annotated[tuple[Secret, ...], BeforeValidator(_secret_list)]
ClientId = Annotated[str, BeforeValidator(_client_id)]
HostName = Annotated[str, BeforeValidator(_host_name)]
HostNames = Annotated[tuple[str, ...], BeforeValidator(_hosts)]
DatabaseUrl = Annotated[Secret, BeforeValidator(_database)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]
PriceList = Annotated[tuple[tuple[str, Price], ...], BeforeValidator(_prices)]
