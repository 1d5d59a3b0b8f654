"""A rule's page on the terminal, for `specbot lint --explain`."""

import click
from rich.console import Console
from rich.markdown import Markdown

from bot.reporting.rules import find_rule, page, rule_list
from bot.reporting.tamper_rules import PREFIX, tamper_list, tamper_page

MAX_WIDTH = 110
"""Columns of a rule's page; longer lines of prose are hard to follow."""


def show(name: str) -> None:
    """The page of the rule (of specs, or of tampering) called `name`, the list of all for `all`. Raises `UserFault` for an unknown one."""
    if name.lower() == "all":
        click.echo("\n".join((*rule_list(), *tamper_list())))
        return
    text = tamper_page(name) if name.upper().startswith(PREFIX) else page(find_rule(name))
    console = Console()
    if console.is_terminal:
        console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False), width=min(console.width, MAX_WIDTH))
    else:
        click.echo(text, nl=False)
