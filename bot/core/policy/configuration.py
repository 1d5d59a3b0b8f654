"""`.github/specbot.yml`: what the repository's owners decided, read from two branches and never from the pull request. Pure.

What costs money, gives rights or reaches out comes from the default branch, where the owners' own rules for changes hold. The rest comes from the
base branch, because it belongs to the code that stands there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.events.model import TYPED
from bot.core.located_yaml import YamlDocument, YamlFault, read_yaml
from bot.core.patterns import pattern_fault
from bot.core.policy.configuration_keys import DEFAULTS, ConfigurationKeys, ForeignKeys
from bot.core.policy.environment_keys import decided_environment, environment_faults
from bot.core.policy.model import (
    CiPolicy,
    CommitPolicy,
    NoticePolicy,
    OrchestrateConfig,
    PublishPolicy,
    RepositoryConfig,
    ReviewConfig,
    StartPolicy,
)
from bot.core.policy.role_keys import caps, decided_roles, role_faults
from bot.core.specs.complement import ONE_PROOF, is_one_proof, proof_wishes
from bot.core.specs.linter import RULES_BY_ID
from bot.core.specs.model import BudgetWish, Complement, Severity, SpecFormat
from bot.core.yaml_models import validate
from bot.errors import ConfigFault

PATH = ".github/specbot.yml"

MAX_BYTES = 65_536
"""64 KiB: a hundred times a long configuration, and still read in a blink."""


@dataclass(frozen=True, slots=True)
class _File:
    values: ConfigurationKeys
    faults: tuple[YamlFault, ...]


def read_configuration(default_branch: bytes | None, base_branch: bytes | None) -> RepositoryConfig:
    """The configuration in force. Arguments are the file on either branch, None where there is none.

    Raises `ConfigFault` that names every fault in both files with its branch and line.
    """
    default = _read(default_branch)
    base = default if base_branch == default_branch else _read(base_branch)
    faults = [_say("default branch", fault) for fault in default.faults]
    if base is not default:
        faults.extend(_say("base branch", fault) for fault in base.faults)
    if faults:
        raise ConfigFault(
            f"`{PATH}` cannot be used:\n" + "\n".join(f"- {fault}" for fault in faults),
            hint="mend the file on that branch; it is never read from the pull request",
        )
    return _combined(default.values, base.values)


def _combined(default: ConfigurationKeys, base: ConfigurationKeys) -> RepositoryConfig:
    return RepositoryConfig(
        specs=base.specs,
        formats=tuple(SpecFormat(name) for name in base.formats),
        foreign=tuple(map(_complement, base.foreign)),
        implement=default.implement,
        contracts=default.contracts,
        protected=tuple(dict.fromkeys((*DEFAULTS.protected, *default.protected))),
        trusted=base.trusted,
        reports=base.reports,
        budget_usd=default.budget.usd,
        budget_tokens=default.budget.tokens,
        budget_minutes=default.budget.minutes,
        budget_turns=default.budget.turns,
        severities=tuple(
            sorted((rule, Severity(weight)) for rule, weight in base.severities.items() if weight != "off")
        ),
        silenced=tuple(sorted(rule for rule, weight in base.severities.items() if weight == "off")),
        environment=decided_environment(default.environment),
        command_permission=default.command_permission,
        short_commands=default.short_commands,
        four_eyes=default.four_eyes,
        start=StartPolicy(default.start),
        at_once=default.agents.at_once,
        roles=decided_roles(default.roles),
        spec_cap=caps(default.budget.spec),
        month_cap=caps(default.budget.month),
        review=ReviewConfig(blocks=base.review.block == "reproduced", most=base.review.most),
        commits=CommitPolicy(base.commits),
        orchestrate=OrchestrateConfig(default.orchestrate.go, default.orchestrate.models),
        ci=CiPolicy(default.ci),
        publish=PublishPolicy(default.publish),
        notify=NoticePolicy(default.notify),
        commands=tuple(sorted(default.commands.items())),
    )


def _complement(keys: ForeignKeys) -> Complement:
    return Complement(
        folder=keys.folder,
        scope=keys.scope,
        keep=keys.keep,
        budget=BudgetWish(keys.budget.usd, keys.budget.tokens, keys.budget.minutes),
        removes=keys.removes,
        implement=keys.implement,
        proofs=proof_wishes(keys.proofs),
    )


def _say(branch: str, fault: YamlFault) -> str:
    return f"{branch}, line {fault.line}: {fault.message} {fault.hint}".rstrip()


def _read(data: bytes | None) -> _File:
    if data is None:
        return _File(ConfigurationKeys(), ())
    if len(data) > MAX_BYTES:
        message = f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read."
        return _File(ConfigurationKeys(), (YamlFault(1, 1, message, ""),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _File(ConfigurationKeys(), (YamlFault(line, 1, "This is not UTF-8 text.", "Save the file as UTF-8."),))
    document, faults = read_yaml(text)
    if document is None:
        return _File(ConfigurationKeys(), faults)
    values, faults = validate(document, ConfigurationKeys)
    return _File(values, (*faults, *_meaning_faults(values, document)))


def _meaning_faults(values: ConfigurationKeys, document: YamlDocument) -> Iterator[YamlFault]:
    """What has the right type and still makes no sense."""
    lists: Mapping[str, tuple[str, ...]] = {
        "specs": values.specs,
        "protected": values.protected,
        "trusted": values.trusted,
        "reports": values.reports,
    }
    for key, patterns in lists.items():
        for index, pattern in enumerate(patterns):
            fault = _pattern_fault(pattern, grants=key != "protected")
            if fault:
                place = document.place((key, index))
                yield YamlFault(
                    *place, f"`{key}`: the pattern `{pattern[:80]}` {fault}.", "Write it as in a `.gitignore`."
                )
    yield from _foreign_faults(values, document)
    yield from role_faults(values.roles, document)
    for rule_id in values.severities:
        place = document.place(("severities", rule_id))
        rule = RULES_BY_ID.get(rule_id)
        if rule is None:
            yield YamlFault(*place, f"`severities`: there is no rule `{rule_id[:20]}`.", "Rules are named like SB301.")
        elif rule.fixed:
            yield YamlFault(*place, f"`severities`: the severity of {rule_id} cannot be changed.", "Remove the line.")
    for verb in values.commands:
        if verb not in TYPED:
            place = document.place(("commands", verb))
            yield YamlFault(*place, f"`commands`: there is no command `{verb[:20]}`.", f"Known: {', '.join(TYPED)}.")
    yield from environment_faults(values.environment, document)


def _foreign_faults(values: ConfigurationKeys, document: YamlDocument) -> Iterator[YamlFault]:
    for index, complement in enumerate(values.foreign):
        if not complement.folder:
            place = document.place(("foreign", index))
            yield YamlFault(*place, "`foreign`: this entry has no `folder`.", "Name the specs it is for: `specs/*`.")
        for criterion, keys in complement.proofs.items():
            if not is_one_proof(keys):
                place = document.place(("foreign", index, "proofs", criterion))
                yield YamlFault(*place, f"`{criterion[:60]}` {ONE_PROOF}.", "Keep one of them.")


def _pattern_fault(pattern: str, *, grants: bool) -> str:
    if not grants and pattern.startswith("!"):
        return "takes protection back, which is not possible"
    return pattern_fault(pattern)
