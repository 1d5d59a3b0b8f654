"""`.github/specbot.yml`: each key from the branch that may decide it, every fault named at once."""

import pytest

from bot.core.policy.configuration import MAX_BYTES, read_configuration
from bot.core.policy.model import (
    Cap,
    EnvironmentConfig,
    ProjectConfig,
    RepositoryConfig,
    RoleConfig,
    Service,
    StartPolicy,
)
from bot.core.specs.model import Severity
from bot.errors import ConfigFault

FULL = b"""\
specs: [plans/**/*.md]
implement: none
protected: [infra/**]
trusted: [checks/**]
reports: out/*.xml
budget:
  {usd: 2.5, tokens: 1000, minutes: 5, turns: 7, spec: {usd: 10, minutes: 90}, month: {usd: 100, tokens: 5000000}}
start: on_approve
agents: {at_once: 8}
roles:
  planner: {model: org/big-2, endpoint: lab, effort: high, turns: 20, tokens: 300000}
  reviewer: {effort: none}
severities: {SB301: warning, SB204: error, SB104: off}
environment:
  requirements: [pytest>=8, "hypothesis[cli]==6.*"]
  variables: {PYTHONPATH: src, TZ: UTC}
  setup: [npm ci]
  lock: [package-lock.json]
  hosts: [Registry.example.org, "*.example.net:8443"]
  projects:
    - {path: services/api, setup: make deps, test: make test}
  services: [redis, redis]
command_permission: maintain
short_commands: true
"""


def fault(default: bytes | None, base: bytes | None = None) -> str:
    with pytest.raises(ConfigFault) as caught:
        read_configuration(default, base)
    assert caught.value.hint
    return caught.value.message


def test_no_file_means_the_defaults() -> None:
    assert read_configuration(None, None) == RepositoryConfig()
    assert read_configuration(b"", b"# nothing\n") == RepositoryConfig()


def test_everything_can_be_set() -> None:
    found = read_configuration(FULL, FULL)
    assert found == RepositoryConfig(
        specs=("plans/**/*.md",),
        implement=False,
        protected=(*RepositoryConfig().protected, "infra/**"),
        trusted=("checks/**",),
        reports=("out/*.xml",),
        budget_usd=2.5,
        budget_tokens=1000,
        budget_minutes=5,
        budget_turns=7,
        severities=(("SB204", Severity.ERROR), ("SB301", Severity.WARNING)),
        silenced=("SB104",),
        environment=EnvironmentConfig(
            ("pytest>=8", "hypothesis[cli]==6.*"),
            (("PYTHONPATH", "src"), ("TZ", "UTC")),
            setup=("npm ci",),
            lock=("package-lock.json",),
            hosts=("registry.example.org", "*.example.net:8443"),
            projects=(ProjectConfig("services/api", ("make deps",), "make test"),),
            services=(Service.REDIS,),
        ),
        command_permission="maintain",
        short_commands=True,
        start=StartPolicy.ON_APPROVE,
        at_once=8,
        roles=(
            RoleConfig("planner", "org/big-2", "lab", "high", turns=20, tokens=300_000),
            RoleConfig("reviewer", effort="none"),
        ),
        spec_cap=Cap(usd=10.0, minutes=90.0),
        month_cap=Cap(usd=100.0, tokens=5_000_000),
    )


@pytest.mark.parametrize("off", ["off", "false", "'off'", "Off"])
def test_a_rule_is_silenced_however_yaml_reads_the_word(off: str) -> None:
    file = f"severities:\n  SB301: {off}\n  SB302: notice\n".encode()
    found = read_configuration(file, file)
    assert (found.silenced, found.severities) == (("SB301",), (("SB302", Severity.NOTICE),))


@pytest.mark.parametrize("wrong", ["on", "true", "none", "''", "0", "[off]"])
def test_what_is_no_weight_is_a_fault(wrong: str) -> None:
    assert "default branch, line 1: `severities.SB301`" in fault(f"severities: {{SB301: {wrong}}}\n".encode())


def test_a_fixed_rule_is_not_silenced() -> None:
    assert "the severity of SB006 cannot be changed" in fault(b"severities: {SB006: off}")


def test_no_requirements_and_no_word_about_them_are_two_things() -> None:
    nothing = b"environment:\n  requirements: []\n"
    assert read_configuration(nothing, nothing).environment.requirements == ()
    silent = b"environment:\n  variables: {}\n"
    assert read_configuration(silent, silent).environment.requirements is None


def test_money_rights_and_egress_come_from_the_default_branch_only() -> None:
    found = read_configuration(None, FULL)
    plain = RepositoryConfig()
    assert (found.specs, found.trusted, found.short_commands) == (("plans/**/*.md",), ("checks/**",), True)
    assert found.severities == (("SB204", Severity.ERROR), ("SB301", Severity.WARNING))
    assert found.implement
    assert (found.protected, found.environment, found.command_permission) == (
        plain.protected,
        plain.environment,
        "write",
    )
    assert (found.budget_usd, found.budget_tokens, found.budget_minutes, found.budget_turns) == (
        None,
        2_000_000,
        45.0,
        60,
    )
    assert (found.start, found.at_once, found.roles) == (StartPolicy.ON_OPEN, 4, ())
    assert (found.spec_cap, found.month_cap) == (Cap(), Cap())
    other = read_configuration(FULL, None)
    assert (other.specs, other.trusted, other.severities, other.short_commands) == (plain.specs, (), (), False)
    assert (other.budget_tokens, other.command_permission, other.implement) == (1000, "maintain", False)


def test_the_built_in_protection_cannot_be_lost() -> None:
    assert set(RepositoryConfig().protected) <= set(read_configuration(b"protected: []", None).protected)
    assert "takes protection back" in fault(b"protected: ['!.github/**']")


def test_every_fault_of_both_files_is_named_with_branch_and_line() -> None:
    message = fault(
        b"bugdet: {usd: 1}\nbudget:\n  usd: -1\n  turns: many\nenvironment: {requirements: ['-r x'], variables: {A: 1}}\n",
        b"specs: ['a[']\nseverities: {SB999: error, SB006: notice, SB301: loud}\n",
    )
    for words in (
        "default branch, line 1: Unknown key `bugdet`. Did you mean `budget`?",
        "default branch, line 3: `budget.usd`",
        "default branch, line 4: `budget.turns`",
        "default branch, line 5: `-r x` is no package name.",
        "default branch, line 5: `environment.variables.A`",
        "base branch, line 1: `specs`: the pattern `a[`",
        "base branch, line 2: `severities`: there is no rule `SB999`",
        "base branch, line 2: `severities`: the severity of SB006 cannot be changed",
        "base branch, line 2: `severities.SB301`",
    ):
        assert words in message, message


def test_one_file_on_both_branches_is_blamed_once() -> None:
    assert fault(b"x: 1", b"x: 1").count("Unknown key") == 1


@pytest.mark.parametrize(
    "requirement",
    [
        "-r other.txt",
        "--index-url=x",
        "pkg @ file:///x",
        "./local",
        "git+ssh://x",
        "a b",
        "pytest;x",
        "pytest==1 --pre",
        "a/b",
        "$(x)",
        "x\ny",
        "",
    ],
)
def test_requirements_are_names_and_versions_only(requirement: str) -> None:
    text = '"' + requirement.replace("\n", "\\n") + '"'
    assert "default branch, line 1" in fault(f"environment: {{requirements: [{text}]}}".encode())


@pytest.mark.parametrize(
    "data",
    [
        b"a: &a [x]\nspecs: *a",
        b"specs: !!python/object/apply:os.system [x]",
        b"\xff",
        b"- a",
        b"specs: [",
        b"specs: []",
        b"short_commands: yes please",
        b"command_permission: read",
        b"environment: {variables: {'LD PRELOAD': x}}",
        b"budget: {usd: .inf}",
        b"budget: {tokens: 0}",
        b"x" * (MAX_BYTES + 1),
    ],
)
def test_what_cannot_be_trusted_is_refused(data: bytes) -> None:
    assert "default branch, line " in fault(data)


def test_an_escape_hides_nothing() -> None:
    assert "`specs.0` holds a character that nobody sees (U+202E)" in fault(b'specs: ["a\\u202eb"]')


def test_names_of_roles_and_their_keys_are_suggested() -> None:
    message = fault(
        b"roles:\n  implementor: {turns: 3}\n  fixer: {efort: low}\nagents: {at_onc: 2}\nbudget: {month: {ussd: 1}}\n"
    )
    for words in (
        "line 2: Unknown key `roles.implementor`. Did you mean `implementer`?",
        "line 3: Unknown key `roles.fixer.efort`. Did you mean `effort`?",
        "line 4: Unknown key `agents.at_onc`. Did you mean `at_once`?",
        "line 5: Unknown key `budget.month.ussd`. Did you mean `usd`?",
    ):
        assert words in message


def test_an_endpoint_is_a_name_and_never_an_address() -> None:
    message = fault(b"roles:\n  planner:\n    endpoint: https://evil.example/v1\n  fixer: {model: a b}\n")
    assert "line 3: `roles.planner.endpoint`: `https://evil.example/v1` is no endpoint's name." in message
    assert "line 4: `roles.fixer.model`: `a b` is no model's name." in message


def test_a_role_without_decisions_has_none() -> None:
    assert read_configuration(b"roles: {planner: {}}", None).roles == ()
    assert RepositoryConfig().role("fixer") == RoleConfig("fixer")


def test_every_fault_of_the_environment_stands_with_its_line() -> None:
    said = fault(
        b"environment:\n  hosts: ['https://a.example']\n  lock: ['a//b']\n  projects:\n    - path: ../x\n    - test: make\n"
    )
    assert "line 2: `https://a.example` is no host's name" in said
    assert "line 3: `lock`: the pattern `a//b` holds an empty segment" in said
    assert "line 5: `../x` is no folder of the repository" in said
    assert "line 6: This project has no `path`" in said


def test_set_up_commands_run_where_they_belong() -> None:
    config = EnvironmentConfig(setup=("a",), projects=(ProjectConfig("x", ("b", "c")), ProjectConfig("y")))
    assert config.commands == ((".", "a"), ("x", "b"), ("x", "c"))
