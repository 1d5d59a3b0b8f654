"""The keys that decide who works, with what and for how much: roles, agents at once, caps on a spec and on a month. Pure."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr

from bot.core.located_yaml import YamlDocument, YamlFault
from bot.core.policy.model import ROLES, Cap, RepositoryConfig, RoleConfig
from bot.core.yaml_models import Strict

MOST_AT_ONCE = 16
"""Agents of one run side by side: the largest team that is known to have finished something real (a compiler, by 16); beyond it merging
is the work."""

MOST_TOKENS = 1_000_000_000_000
"""In a cap: no bill of that size is meant; a number above it is a slip."""

MOST_MINUTES = 1_000_000.0
"""In a cap on many runs: sixteen runs side by side work for 714,240 minutes in the longest month."""

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
"""The values of `reasoning_effort` in chat completions (OpenAI's own library, 3.54). Few models take all of them: the provider says which."""

MODEL_NAME = r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}"
"""As providers write them, with an organisation, a version or a fine-tune; nothing that could be markup where the name is shown."""

ENDPOINT_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
"""A name that the operator chose, and no address: a key is only sent where the operator says."""


class CapKeys(Strict):
    """A limit on several runs together."""

    usd: Annotated[float | None, Field(gt=0, description="US dollars; needs models whose prices are known")] = None
    tokens: Annotated[StrictInt | None, Field(gt=0, le=MOST_TOKENS, description="tokens of all model calls")] = None
    minutes: Annotated[float | None, Field(gt=0, le=MOST_MINUTES, description="minutes of work")] = None


class TeamKeys(Strict):
    """How many agents of one run work side by side."""

    at_once: Annotated[
        StrictInt, Field(ge=1, le=MOST_AT_ONCE, description="agents of one run that may work side by side")
    ] = RepositoryConfig().at_once


class RoleKeys(Strict):
    """What one role works with; without a key the operator's settings and the run's own limits decide."""

    model: Annotated[
        StrictStr | None,
        Field(description="the model's name at its endpoint", json_schema_extra={"pattern": f"^{MODEL_NAME}$"}),
    ] = None
    endpoint: Annotated[
        StrictStr | None,
        Field(
            description="the name of an endpoint that the operator has configured, never an address",
            json_schema_extra={"pattern": f"^{ENDPOINT_NAME}$"},
        ),
    ] = None
    effort: Annotated[
        Effort | None, Field(description="how long a reasoning model thinks; each model takes some of these")
    ] = None
    turns: Annotated[StrictInt | None, Field(gt=0, le=10_000, description="turns of one agent")] = None
    tokens: Annotated[StrictInt | None, Field(gt=0, le=1_000_000_000, description="tokens of one agent's calls")] = None


class RolesKeys(Strict):
    """Who does what."""

    spec_author: Annotated[RoleKeys, Field(description="writes a spec for an issue")] = RoleKeys()
    planner: Annotated[RoleKeys, Field(description="cuts the specs into tasks")] = RoleKeys()
    test_author: Annotated[RoleKeys, Field(description="writes acceptance tests for criteria without a command")] = (
        RoleKeys()
    )
    implementer: Annotated[RoleKeys, Field(description="works on one task")] = RoleKeys()
    fixer: Annotated[RoleKeys, Field(description="mends conflicts between tasks")] = RoleKeys()
    reviewer: Annotated[RoleKeys, Field(description="reads the change with fresh eyes")] = RoleKeys()
    responder: Annotated[RoleKeys, Field(description="answers reviews")] = RoleKeys()


class OrchestrateKeys(Strict):
    """What `/orchestrate` may do."""

    go: Annotated[bool, Field(description="`--go` starts the work without anybody's approval of the spec")] = False
    models: Annotated[
        tuple[Annotated[StrictStr, Field(pattern=f"^{MODEL_NAME}$")], ...],
        Field(max_length=20, description="models that may be named with `model=`, besides those of the roles"),
    ] = ()


def decided_roles(keys: RolesKeys) -> tuple[RoleConfig, ...]:
    """The roles for which something was decided."""
    named = ((role, getattr(keys, role)) for role in ROLES)
    return tuple(
        RoleConfig(role, of.model or "", of.endpoint or "", of.effort or "", of.turns, of.tokens)
        for role, of in named
        if of != RoleKeys()
    )


def caps(keys: CapKeys) -> Cap:
    return Cap(keys.usd, keys.tokens, keys.minutes)


def role_faults(keys: RolesKeys, document: YamlDocument) -> Iterator[YamlFault]:
    """Names that are none: an address where an endpoint's name belongs, above all."""
    for role in ROLES:
        of: RoleKeys = getattr(keys, role)
        if of.model is not None and not re.fullmatch(MODEL_NAME, of.model):
            place = document.place(("roles", role, "model"))
            message = f"`roles.{role}.model`: `{of.model[:60]}` is no model's name."
            yield YamlFault(*place, message, "Write it as the provider does: letters, digits and `._:/@+-`.")
        if of.endpoint is not None and not re.fullmatch(ENDPOINT_NAME, of.endpoint):
            place = document.place(("roles", role, "endpoint"))
            message = f"`roles.{role}.endpoint`: `{of.endpoint[:60]}` is no endpoint's name."
            hint = "Name one that the operator has configured; addresses and keys stand in the operator's settings."
            yield YamlFault(*place, message, hint)
