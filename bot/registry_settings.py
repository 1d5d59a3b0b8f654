"""What the operator decides for set-ups: `SPECBOT_SETUP_HOSTS` and `SPECBOT_REGISTRY_CREDENTIALS`. Only `settings` reads them."""

import json
import re
from collections.abc import Mapping

from bot.core.environments.egress import Credential
from bot.core.policy.environment_keys import HOST
from bot.core.pulls import Secret

MOST = 50
"""Far more than any installation has registries; beyond it the variable holds something else."""

_FORM = 'is JSON such as {"npm.example.org": {"authorization_env": "NPM_AUTHORIZATION", "for": ["acme"]}}'
_OWNER = re.compile(r"[A-Za-z0-9_.-]{1,100}(?:/[A-Za-z0-9_.-]{1,100})?")
_AUTHORIZATION = re.compile(r"[A-Za-z]{1,20} [\x21-\x7e]{1,4000}")
"""A scheme and its value (RFC 9110, 11.6.2), in one line."""


def read_hosts(text: str) -> tuple[str, ...]:
    """Names with commas or white space between. Raises `ValueError`."""
    names = tuple(dict.fromkeys(name.lower() for name in re.split(r"[,\s]+", text) if name))
    if len(names) > MOST or not all(HOST.match(name) for name in names):
        raise ValueError("are host names such as registry.example.org or *.example.org:8443, without scheme and path")
    return names


def read_credentials(text: str, environ: Mapping[str, str]) -> tuple[tuple[Credential, ...], tuple[str, ...]]:
    """The credentials, and every fault in words that hold no value: a secret may stand anywhere in the text."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return (), (_FORM,)
    if not isinstance(whole, dict) or len(whole) > MOST:
        return (), (_FORM,)
    found: list[Credential] = []
    faults: list[str] = []
    for number, (host, entry) in enumerate(whole.items(), start=1):
        if not HOST.match(host) or "*" in host or ":" in host:
            faults.append(f"entry {number} has no good host: one exact name, without scheme, port and path")
            continue
        try:
            found.append(_credential(host.lower(), entry, environ))
        except ValueError as error:
            faults.append(f"{host} {error}")
    return tuple(found), tuple(faults)


def _credential(host: str, entry: object, environ: Mapping[str, str]) -> Credential:
    if not isinstance(entry, dict) or entry.keys() != {"authorization_env", "for"}:
        raise ValueError("needs `authorization_env` and `for`, nothing else")
    variable, owners = entry["authorization_env"], entry["for"]
    if (
        not isinstance(owners, list)
        or not owners
        or not all(isinstance(o, str) and _OWNER.fullmatch(o) for o in owners)
    ):
        raise ValueError("needs `for`: a list of owners (`acme`) or repositories (`acme/text`)")
    value = environ.get(variable, "").strip() if isinstance(variable, str) else ""
    if not _AUTHORIZATION.fullmatch(value):
        raise ValueError("names an `authorization_env` that holds no `SCHEME VALUE`, such as `Bearer …` or `Basic …`")
    return Credential(host, Secret(value), tuple(owner.lower() for owner in owners))
