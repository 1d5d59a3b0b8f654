"""Who may ask for what. Pure; permission is what GitHub says at the moment of asking, never what a payload claims."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.events.model import Verb
from bot.core.policy.model import Decision, RepositoryConfig
from bot.core.pulls import Permission, Person

_CONFIGURED = None

_NEEDED: Mapping[Verb, Permission | None] = MappingProxyType(
    {
        Verb.HELP: Permission.READ,
        Verb.STATUS: Permission.READ,
        Verb.UNKNOWN: Permission.READ,
        Verb.EDITED: Permission.READ,
        Verb.RETRY: _CONFIGURED,
        Verb.STOP: _CONFIGURED,
        Verb.VERIFY: _CONFIGURED,
        Verb.FIX: _CONFIGURED,
        Verb.APPROVE: _CONFIGURED,
        Verb.PUBLISH: _CONFIGURED,
        Verb.BUDGET: _CONFIGURED,
        Verb.ACCEPT: _CONFIGURED,
        Verb.WAIVE: _CONFIGURED,
        Verb.CONTRACT: _CONFIGURED,
        Verb.ALLOW: _CONFIGURED,
        Verb.REVIEW: _CONFIGURED,
        Verb.DISMISS: _CONFIGURED,
        Verb.ORCHESTRATE: _CONFIGURED,
        Verb.ANSWER: _CONFIGURED,
    }
)
"""What each verb needs; the configured permission for all that costs or changes something. A verb that is missing is for nobody."""


def may(verb: Verb, permission: Permission, config: RepositoryConfig, *, actor: Person) -> Decision:
    """May `actor`, who has `permission` on the repository now, ask for `verb`? No to whatever is unknown."""
    if actor.is_bot:
        return Decision(False, (f"{actor.login} is a bot, and commands are for people",))
    if verb not in _NEEDED:
        return Decision(False, (f"`{verb}` is no command for people",))
    own = dict(config.commands).get(verb.value, "")
    needed = (_permission(own) if own else None) or _NEEDED[verb] or _permission(config.command_permission)
    given = _permission(permission)
    if needed is None or needed is Permission.NONE:
        return Decision(False, (f"the configuration asks for an unknown permission, `{config.command_permission}`",))
    if given is None:
        return Decision(False, (f"the permission of {actor.login} is unknown",))
    if not given.at_least(needed):
        return Decision(False, (f"`{verb}` needs {needed} permission, and {actor.login} has {given}",))
    return Decision(True, (f"{actor.login} has {given} permission",))


def _permission(value: str) -> Permission | None:
    return Permission(value) if value in list(Permission) else None
