"""The command line: `specbot COMMAND`. Each command stands in `bot/commands/` under its own name and is loaded when it is called."""

import importlib
import sys

import click

from bot.errors import SpecbotError

COMMANDS = {
    "demo": "the whole main job on this machine, against a local GitHub",
    "run": "implement and prove a spec in a local clone, without GitHub",
    "new": "write the skeleton of a spec, from the repository's own conventions",
    "lint": "check spec files",
    "schema": "the JSON Schema of front matter or configuration, for editors",
    "verify": "run the proofs of a spec on a checkout, also against a ledger",
    "ledger": "export the record of a pull request's proofs, or audit one",
    "doctor": "what this machine lacks, and what to do about it",
    "web": "the web process: receives webhooks",
    "worker": "the worker process: does the work",
    "serve": "web and worker together, for a small machine",
    "migrate": "create or upgrade the database",
    "runs": "list runs",
    "logs": "what happened in a run",
    "costs": "what runs have cost, by repository, user, spec or month",
}


class _Commands(click.Group):
    """Lists all commands without importing any: `specbot --help` stays instant, `specbot lint` needs no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"bot.commands.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="specbot")
def specbot() -> None:
    """Specs in, proven pull requests out."""


def main() -> None:
    """Entry point. A fault of ours or the user's is one line and what to do about it, never a traceback."""
    try:
        specbot(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except SpecbotError as fault:
        click.echo(f"specbot: {fault.message}", err=True)
        if fault.hint:
            click.echo(f"         {fault.hint}", err=True)
        sys.exit(2)
