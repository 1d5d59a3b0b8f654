"""GitHub through PyGithub and raw REST, for one App."""

from bot.adapters.github.deliveries import CatchUp
from bot.adapters.github.github import AppGitHub

__all__ = ["AppGitHub", "CatchUp"]
