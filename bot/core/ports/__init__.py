"""The protocols that adapters fulfil. Each method says what it guarantees and which errors it raises.

Repeating any call with equal arguments after a crash changes nothing more: writes find what they wrote before.
Blocking methods are plain functions (workflows run them in threads); what must be cancellable is a coroutine.
"""

from bot.core.ports.git import Authorship, ChangedFile, ChangeKind, Checkout, Git, Merged, TreeEntry
from bot.core.ports.github import GitHub, SignedCommit, Tokens
from bot.core.ports.model import AgentJournal, Clock, Model, Snapshot, Transcript
from bot.core.ports.purse import Purse
from bot.core.ports.sandbox import Bind, BoxLimits, BoxResult, Environment, Environments, Layer, Sandbox, SandboxState
from bot.core.ports.store import DeliveryStore, HeadSeen, Store
from bot.core.ports.visitors import Visitors

__all__ = [
    "AgentJournal",
    "Authorship",
    "Bind",
    "BoxLimits",
    "BoxResult",
    "ChangeKind",
    "ChangedFile",
    "Checkout",
    "Clock",
    "DeliveryStore",
    "Environment",
    "Environments",
    "Git",
    "GitHub",
    "HeadSeen",
    "Layer",
    "Merged",
    "Model",
    "Purse",
    "Sandbox",
    "SandboxState",
    "SignedCommit",
    "Snapshot",
    "Store",
    "Tokens",
    "Transcript",
    "TreeEntry",
    "Visitors",
]
