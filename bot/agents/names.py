"""How an agent's conversation is called: in labels, and at the provider's cache."""

import hashlib
from dataclasses import dataclass

from bot.agents.roles.role import Role
from bot.ids import AgentKey


@dataclass(frozen=True, slots=True)
class Names:
    """How this conversation is called: `line` (role/task) in labels, `key` at the provider's cache. A continued conversation keeps its names."""

    line: str
    key: str


def names_of(first: AgentKey, role: Role, lanes: int) -> Names:
    """The names of the conversation that agent `first` (`RUN/ROLE/TASK/TRY`) began.

    A try with a fresh context is another conversation, so it gets another line.
    """
    run, _, rest = first.partition(f"/{role.name}/")
    task, _, attempt = rest.rpartition("/")
    line = f"{role.name}/{task}" if attempt == "1" else f"{role.name}/{task}~{attempt}"
    return Names(line, cache_key(run, role.name, line, lanes))


def cache_key(run: str, role: str, line: str, lanes: int) -> str:
    """The key by which a provider sends a request to a machine that may still hold its beginning; at most 64 characters (OpenAI's limit).

    One for each role of a run, because all agents of a role begin alike: tools, system prompt, specs. But OpenAI's guide says that a key and
    beginning which come more than about 15 times a minute spill over to other machines, where a growing conversation would be computed
    afresh; so a large team is spread over `lanes` keys, and a conversation stays in its lane.
    """
    lane = int.from_bytes(hashlib.sha256(line.encode()).digest()[:4]) % lanes
    return f"{role}/{hashlib.sha256(f'{run}/{role}/{lane}'.encode()).hexdigest()[:16]}"
