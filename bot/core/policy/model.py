"""Repository configuration (`.github/specbot.yml`) and decisions with their reasons."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.specs.model import Complement, Severity, SpecFormat


@dataclass(frozen=True, slots=True)
class Price:
    """USD for a million tokens."""

    prompt: float
    cached: float
    completion: float


class Service(StrEnum):
    """A server that a command finds running inside its own box."""

    POSTGRESQL = "postgresql"
    REDIS = "redis"


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """One project of a monorepo. `path` is its folder (`.`: the root); `setup` and `test` run there, "" when nobody said how to test it."""

    path: str
    setup: tuple[str, ...] = ()
    test: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentConfig:
    """What makes the repository runnable. `requirements` are names for the Python installer (wheels only): None when the owners say
    nothing, so that the manifests decide, and () when they say that nothing is needed. `setup` likewise: None leaves it to what is found in
    the tree. `lock` are gitignore patterns of the files whose content decides the set-up's result, () for the known lock files. `hosts` are
    names that the set-up may reach, `*.` in front for all below."""

    requirements: tuple[str, ...] | None = None
    variables: tuple[tuple[str, str], ...] = ()
    setup: tuple[str, ...] | None = None
    lock: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    projects: tuple[ProjectConfig, ...] = ()
    services: tuple[Service, ...] = ()

    @property
    def commands(self) -> tuple[tuple[str, str], ...]:
        """What was decided to be run, in order: (folder, command)."""
        own = tuple((".", command) for command in self.setup or ())
        return own + tuple((project.path, command) for project in self.projects for command in project.setup)


ROLES = ("spec_author", "planner", "test_author", "implementer", "fixer", "reviewer", "responder")
"""Who works, by the names that the configuration uses; the same as the roles' own names in agents' keys."""


class StartPolicy(StrEnum):
    """When agents begin: as soon as there is a spec in force, when the pull request is no draft, or when a person has approved the plan."""

    ON_OPEN = "on_open"
    ON_READY = "on_ready"
    ON_APPROVE = "on_approve"


class CommitPolicy(StrEnum):
    """How commits are published. AUTO looks at the branch's rules, PUSH is always git, API always GitHub's own signed commits."""

    AUTO = "auto"
    PUSH = "push"
    API = "api"


class CiPolicy(StrEnum):
    """What is done about others' checks: shown and mended once, only shown, or not looked at."""

    REPAIR = "repair"
    WATCH = "watch"
    IGNORE = "ignore"


class NoticePolicy(StrEnum):
    """WAITING: one comment that mentions whoever is behind the run, when only a person can go on. NEVER: none."""

    WAITING = "waiting"
    NEVER = "never"


class PublishPolicy(StrEnum):
    """What happens with a proven candidate: it is pushed, or held until a person has looked at its patch. While it is held nothing is pushed at
    all, to no branch: where workflows hold secrets, a push to any branch may start one."""

    PUSH = "push"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on what is spent; None where there is none."""

    usd: float | None = None
    tokens: int | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class RoleConfig:
    """What the owners decided for one role. "" and None leave it to the operator's defaults and the run's own limits.

    `endpoint` is the *name* of an endpoint that the operator has configured, never an address: a key must not be sent where a repository says.
    `turns` and `tokens` are for one agent.
    """

    role: str
    model: str = ""
    endpoint: str = ""
    effort: str = ""
    turns: int | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewConfig:
    """What a reviewer's findings may do. `blocks`: those that were reproduced stop the merge. `most` is how many are told in one review: a person needs a
    few minutes for each, and those behind the fifth are hardly ever read (other reviewing bots stop at three)."""

    blocks: bool = True
    most: int = 5


@dataclass(frozen=True, slots=True)
class OrchestrateConfig:
    """What `/orchestrate` may do. `go`: with `--go` work starts without anybody's approval of the spec. `models` may be named with `model=`, besides
    those of the roles."""

    go: bool = False
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepositoryConfig:
    """What the repository's owners decided. Money, permissions and egress come from the default branch, the rest from the base.

    `severities` are those of lint rules that are to weigh otherwise, `silenced` the rules that are to say nothing. `reports` are gitignore patterns of
    files in which commands tell of their tests. `contracts`: where
    agents implement, one of them writes a test for each criterion without a command. `at_once` is how many agents
    of one run may work side by side. `budget_*` are for one run, `spec_cap` for all runs of one spec on its pull request, `month_cap` for the
    repository in a calendar month (UTC). `four_eyes`: who made a change does not decide about it.
    `ci`: what is done about others' checks. `commands`: the permission that a verb needs, where it is not `command_permission`.
    """

    specs: tuple[str, ...] = ("specs/**/*.md", "**/*.spec.md")
    formats: tuple[SpecFormat, ...] = tuple(SpecFormat)
    foreign: tuple[Complement, ...] = ()
    implement: bool = True
    contracts: bool = True
    protected: tuple[str, ...] = (".github/**", "**/CODEOWNERS", ".gitattributes", "**/.gitattributes", ".gitmodules")
    trusted: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    budget_usd: float | None = None
    budget_tokens: int = 2_000_000
    budget_minutes: float = 45.0
    budget_turns: int = 60
    severities: tuple[tuple[str, Severity], ...] = ()
    silenced: tuple[str, ...] = ()
    environment: EnvironmentConfig = field(default_factory=EnvironmentConfig)
    command_permission: str = "write"
    short_commands: bool = False
    four_eyes: bool = False
    start: StartPolicy = StartPolicy.ON_OPEN
    at_once: int = 4
    roles: tuple[RoleConfig, ...] = ()
    spec_cap: Cap = Cap()
    month_cap: Cap = Cap()
    review: ReviewConfig = ReviewConfig()
    commits: CommitPolicy = CommitPolicy.AUTO
    orchestrate: OrchestrateConfig = OrchestrateConfig()
    ci: CiPolicy = CiPolicy.REPAIR
    publish: PublishPolicy = PublishPolicy.PUSH
    notify: NoticePolicy = NoticePolicy.WAITING
    commands: tuple[tuple[str, str], ...] = ()

    def role(self, name: str) -> RoleConfig:
        """What was decided for a role; a value without decisions when nothing was."""
        return next((role for role in self.roles if role.role == name), RoleConfig(name))


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, with the reasons a person would ask for."""

    allowed: bool
    reasons: tuple[str, ...]
