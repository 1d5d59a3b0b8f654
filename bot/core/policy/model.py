"""Repository configuration (`.github/specbot.yml`) and decisions with their reasons."""

from dataclasses import dataclass, field

from bot.core.specs.model import Complement, Severity, SpecFormat


@dataclass(frozen=True, slots=True)
class Price:
    """USD for a million tokens."""

    prompt: float
    cached: float
    completion: float


@dataclass(frozen=True, slots=True)
class EnvironmentConfig:
    """What makes the repository runnable. `requirements` are names for the Python installer (wheels only): None when the owners say
    nothing, so that the manifests decide, and () when they say that nothing is needed."""

    requirements: tuple[str, ...] | None = None
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RepositoryConfig:
    """What the repository's owners decided. Money, permissions and egress come from the default branch, the rest from the base.

    `severities` are those of lint rules that are to weigh otherwise, `silenced` the rules that are to say nothing.
    """

    specs: tuple[str, ...] = ("specs/**/*.md", "**/*.spec.md")
    formats: tuple[SpecFormat, ...] = tuple(SpecFormat)
    foreign: tuple[Complement, ...] = ()
    implement: bool = True
    protected: tuple[str, ...] = (".github/**", "**/CODEOWNERS", ".gitattributes", "**/.gitattributes", ".gitmodules")
    trusted: tuple[str, ...] = ()
    budget_usd: float | None = None
    budget_tokens: int = 2_000_000
    budget_minutes: float = 45.0
    budget_turns: int = 60
    severities: tuple[tuple[str, Severity], ...] = ()
    silenced: tuple[str, ...] = ()
    environment: EnvironmentConfig = field(default_factory=EnvironmentConfig)
    command_permission: str = "write"
    short_commands: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, with the reasons a person would ask for."""

    allowed: bool
    reasons: tuple[str, ...]
