"""`SPECBOT_ENDPOINTS`: further model endpoints by name, each with an address and perhaps a key. Only `settings` reads it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.policy.role_keys import ENDPOINT_NAME
from bot.core.pulls import Secret
from bot.web_addresses import web_address

MOST_ENDPOINTS = 50
"""Far more than any installation has providers; beyond it the variable holds something else."""

_FORM = 'is JSON such as {"lab": {"url": "https://…/v1", "key_env": "LAB_KEY"}}'
_PARTS = {"url", "key", "key_env"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers, and the key that is sent there and nowhere else; None where it needs none."""

    url: str
    key: Secret | None


def read_endpoints(text: str, environ: Mapping[str, str]) -> tuple[dict[str, Endpoint], tuple[str, ...]]:
    """The endpoints by name, and every fault in words that hold no value: a key may stand anywhere in the text."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return {}, (_FORM,)
    if not isinstance(whole, dict) or len(whole) > MOST_ENDPOINTS:
        return {}, (_FORM,)
    found: dict[str, Endpoint] = {}
    faults: list[str] = []
    for number, (name, entry) in enumerate(whole.items(), start=1):
        if not re.fullmatch(ENDPOINT_NAME, name):
            faults.append(f"endpoint {number} has no good name: letters, digits, `-` and `_`, at most 40")
            continue
        try:
            found[name] = _endpoint(entry, environ)
        except ValueError as error:
            faults.append(f"endpoint {name} {error}")
    return found, tuple(faults)


def _endpoint(entry: object, environ: Mapping[str, str]) -> Endpoint:
    if not isinstance(entry, dict) or not {"url"} <= entry.keys() <= _PARTS:
        raise ValueError("needs `url` and may have `key` or `key_env`, nothing else")
    if not all(isinstance(value, str) and value.strip() for value in entry.values()):
        raise ValueError("has a part that is no text")
    if "key" in entry and "key_env" in entry:
        raise ValueError("has both `key` and `key_env`; keep one")
    key = entry.get("key", "").strip()
    if variable := entry.get("key_env"):
        key = environ.get(variable, "").strip()
        if not key:
            raise ValueError("names a `key_env` that is not set")
    try:
        url = web_address(entry["url"], plain_http=not key)
    except ValueError as error:
        raise ValueError(f"has a `url` that {error}") from None
    return Endpoint(url, Secret(key) if key else None)
