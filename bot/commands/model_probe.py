"""`specbot doctor --model`: the endpoint that agents would use, tried the way they use it."""

import asyncio
import math

import click

from bot.adapters.model.probe import PATIENCE, Finding, Heard, Trial, probe
from bot.app import build_client
from bot.errors import UserFault
from bot.settings import Settings


def probe_model(settings: Settings, endpoint: str, trial: Trial) -> tuple[Finding, ...]:
    """What was found; says beforehand, on stderr, what it costs about. Raises `UserFault` for a name that is not configured."""
    if endpoint and endpoint not in settings.endpoint_of:
        known = ", ".join(sorted(settings.endpoint_of)) or "none"
        raise UserFault(f"the endpoint `{endpoint}` is not configured", hint=f"SPECBOT_ENDPOINTS has: {known}")
    click.echo(_cost(settings, endpoint, trial), err=True)
    return asyncio.run(_probe(settings, endpoint, trial))


async def _probe(settings: Settings, endpoint: str, trial: Trial) -> tuple[Finding, ...]:
    heard = Heard()
    client = build_client(settings, endpoint, patience=PATIENCE, heard=heard)
    try:
        return await probe(client, heard, trial)
    finally:
        await client.aclose()


def _cost(settings: Settings, endpoint: str, trial: Trial) -> str:
    price = settings.price_of.get(trial.model)
    dearest = max(price.prompt, price.completion) * trial.expected_tokens / 1_000_000 if price else None
    money = f", at most about ${math.ceil(dearest * 100) / 100:.2f}" if dearest is not None else ""
    return (
        f"trying {trial.model} at {endpoint or 'the default endpoint'}: about {trial.expected_tokens:,} tokens{money}"
    )
