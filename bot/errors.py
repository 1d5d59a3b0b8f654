"""The error tree: what can go wrong, and what somebody can do about it.

May be imported from anywhere; imports nothing of ours. Every error carries a `hint`: the next step for the person who reads
it. Four branches, because only four reactions exist: tell the user, refuse, try again later, stop as a defect.
"""


class SpecbotError(Exception):
    """Base of all our errors.

    `message` says what happened, `hint` what to do about it; both are safe to show (no secrets). `code` is stable.
    """

    code = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UserFault(SpecbotError):
    """Something the user wrote or set is wrong; the message is for them."""

    code = "user"


class ConfigFault(UserFault):
    """`.github/specbot.yml` or the environment settings are wrong; all faults are named at once."""

    code = "config"


class SpecFault(UserFault):
    """A spec cannot be read at all (not text, too large), or says what Markdown cannot say."""

    code = "spec"


class EnvironmentFault(UserFault):
    """The repository could not be made runnable: no evidence, never a failed criterion. `output` is the set-up's own."""

    code = "environment"

    def __init__(self, message: str, *, hint: str = "", output: str = "") -> None:
        super().__init__(message, hint=hint)
        self.output = output


class Refused(SpecbotError):
    """Policy says no: permission, protected path, budget, stale SHA. Trying again does not help."""

    code = "refused"


class Unsafe(Refused):
    """Hostile or malformed outside data (path traversal, symlink, bad ref, forged webhook)."""

    code = "unsafe"


class BudgetSpent(Refused):
    """A limit on money, tokens, turns or minutes is reached."""

    code = "budget"


class SandboxUnavailable(Refused):
    """No working sandbox on this machine: untrusted code is not run."""

    code = "sandbox"


class NotThere(SpecbotError):
    """A thing that should exist at GitHub or in git does not (404, unknown object)."""

    code = "missing"


class LeaseLost(SpecbotError):
    """The branch is not where it was: somebody pushed. Their push wins."""

    code = "lease"


class Transient(SpecbotError):
    """The outside is unwell; the same call may succeed later. `retry_after` is seconds, or None when unknown."""

    code = "transient"

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class RateLimited(Transient):
    """A limit of GitHub or of the model's provider: a pause, not a failure."""

    code = "rate_limited"


class GitHubLimited(RateLimited):
    """A limit of GitHub itself: until it passes, nothing can be shown there either."""

    code = "github_limited"


class ModelFault(SpecbotError):
    """The model endpoint answered in a way that trying again does not mend (bad key, unknown model, context too long)."""

    code = "model"


class Defect(SpecbotError):
    """A state that our own code must never reach; report it."""

    code = "defect"
