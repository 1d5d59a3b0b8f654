"""What somebody writes after `/orchestrate`: options, a merged spec's path, or a fork's commit. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.policy.amounts import read_extra
from bot.core.policy.model import ROLES, RepositoryConfig
from bot.core.policy.role_keys import MODEL_NAME
from bot.core.specs.model import BudgetWish
from bot.core.spelling import surely_meant
from bot.errors import Refused
from bot.ids import PrNumber

HOW = "write `/orchestrate`, with `target=BRANCH`, `budget=2usd`, `model=NAME` or `--go` behind it where you need them"

MAX_SLUG = 40
"""Characters of an issue's title in a branch's name: enough to know it by, short enough to type."""

_OPTIONS = ("target", "budget", "model")
_BRANCH = re.compile(r"(?![/.-])(?!.*(?:\.\.|//|/\.|@\{|\.lock$|[/.]$))[A-Za-z0-9._/+#@-]{1,200}")
_PATH = re.compile(r"(?![/.-])(?!.*(?:\.\.|//|/\.))[\w ./+@-]{1,300}\.md")
_SHA = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for. Empty: nothing was said. `budget` is what the spec author, and then a run of the spec, may use at most. `go`: start at
    once. `spec_path`: work from a merged spec. `sha`: the commit of a fork that was looked at (7 to 40 digits)."""

    target: str = ""
    budget: BudgetWish = BudgetWish()
    model: str = ""
    go: bool = False
    spec_path: str = ""
    sha: str = ""


def read_order(words: Sequence[str]) -> Order:
    """Raises `Refused` for what is no option, with the option that was probably meant."""
    order = Order()
    for word in words:
        bare = word.strip("`")
        key, equals, value = bare.partition("=")
        if bare.lower() == "--go":
            order = replace(order, go=True)
        elif equals and key.lower() in _OPTIONS:
            order = _with_option(order, key.lower(), value)
        elif _PATH.fullmatch(bare):
            order = replace(order, spec_path=bare)
        elif _SHA.fullmatch(bare.lower()):
            order = replace(order, sha=bare.lower())
        else:
            meant = surely_meant(key.lstrip("-"), (*_OPTIONS, "go"))
            spelt = f"; did you mean `{'--go' if meant == 'go' else f'{meant}='}`?" if meant else ""
            raise Refused(f"“{bare[:60]}” is no option of `/orchestrate`{spelt}", hint=HOW)
    return order


def _with_option(order: Order, key: str, value: str) -> Order:
    if key == "target":
        if not _BRANCH.fullmatch(value):
            raise Refused(f"“{value[:60]}” is no branch's name", hint=HOW)
        return replace(order, target=value)
    if key == "model":
        if not re.fullmatch(MODEL_NAME, value):
            raise Refused(f"“{value[:60]}” is no model's name", hint=HOW)
        return replace(order, model=value)
    try:
        extra = read_extra([value])
    except Refused as fault:
        raise Refused(
            fault.message, hint="write `budget=2usd`, `budget=500k tokens` without the blank, or `budget=20min`"
        ) from None
    wish = BudgetWish(extra.usd or None, extra.tokens or None, extra.minutes or None)
    return replace(order, budget=wish)


def model_allowed(order: Order, config: RepositoryConfig, defaults: Sequence[str]) -> None:
    """Raises `Refused` for a model that neither the owners nor the operator have named: it decides where money goes."""
    named = {config.role(role).model for role in ROLES} | set(defaults) | set(config.orchestrate.models)
    if order.model and order.model not in named:
        known = ", ".join(f"`{one}`" for one in sorted(named - {""}))
        raise Refused(
            f"the model {order.model} is not one that this repository's owners have named",
            hint=f"choose one of {known}; the owners can name more in `orchestrate: {{models: [...]}}` of `.github/specbot.yml`",
        )


def branch_name(number: PrNumber, title: str) -> str:
    """`specbot/issue-N-slug`: the branch of the spec for an issue, by the title that it has when it is first asked for."""
    return f"specbot/issue-{number}{_slug(title)}"


def fork_branch_name(number: PrNumber, title: str) -> str:
    """`specbot/pull-N-slug`: the branch that carries on with a fork's pull request."""
    return f"specbot/pull-{number}{_slug(title)}"


def spec_branch_name(number: PrNumber, spec_path: str) -> str:
    """`specbot/spec-N-slug`: the branch of the work on a merged spec that was asked for in conversation N."""
    return f"specbot/spec-{number}{_slug(spec_path.rpartition('/')[2].removesuffix('.md'))}"


def _slug(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", title.lower())
    short = ""
    for word in words:
        if len(short) + len(word) >= MAX_SLUG:
            break
        short = f"{short}-{word}"
    return short
