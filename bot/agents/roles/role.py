"""What makes a role, and how a conversation with it begins."""

from dataclasses import dataclass

from bot.agents.tools.tool import AnyTool
from bot.ids import AgentKey


@dataclass(frozen=True, slots=True)
class Role:
    """`name` is the second part of an agent's key. The tools and `system` never change within a conversation."""

    name: str
    tools: tuple[AnyTool, ...]
    system: str

    @property
    def writes(self) -> bool:
        """Whether it can change files: only then is the checkout kept with the transcript."""
        return any(getattr(tool, "writes", False) for tool in self.tools)


@dataclass(frozen=True, slots=True)
class Opening:
    """A new conversation: `briefing` is the first user message."""

    briefing: str


@dataclass(frozen=True, slots=True)
class Continuation:
    """The conversation of an earlier agent goes on in the same context, with one more user message.

    The earlier one's turns stay its own: they are neither paid nor counted again. The files are those that it left; with `own_files` those
    that lie on the desk, because others have worked on them meanwhile.
    """

    earlier: AgentKey
    message: str
    own_files: bool = False


Beginning = Opening | Continuation
