"""`specbot demo`: the whole main job on this machine, from the webhook to the merge-blocking check."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from bot.core.specs.model import SpecFormat
from bot.demo.act import Act, Result
from bot.demo.ground import Ground
from bot.demo.issue_act import IssueAct
from bot.demo.model import DemoModel, demo_model
from bot.demo.plays import RECORDING, ActName, Play, own_play, sample_play
from bot.demo.watching import Watch, tasks_table
from bot.errors import UserFault
from bot.local_run import WHEELS
from bot.reporting.masking import Redactor
from bot.reporting.terminal import criterion_lines
from bot.reporting.words import duration, money

CONCLUSIONS = {"success": "[green]success[/green]", "failure": "[red]failure[/red]"}


@click.command(name="demo")
@click.option(
    "--act",
    "act_name",
    type=click.Choice([one.value for one in ActName]),
    default=ActName.NIGHT.value,
    show_default=True,
    help="night: one agent. team: six agents' tasks side by side, and one that joins them. issue: from an issue to a merged pull request.",
)
@click.option(
    "--recording", help="A recorded model: honest (the default) or lying; in the acts team and issue: team, issue."
)
@click.option(
    "--repo",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A git repository instead of the sample.",
)
@click.option("--spec", type=click.Path(exists=True, path_type=Path), help="A spec inside --repo.")
@click.option(
    "--format",
    "spec_format",
    type=click.Choice([one.value for one in SpecFormat]),
    default=SpecFormat.NATIVE.value,
    show_default=True,
    help="How the sample's spec is written.",
)
@click.option("--keep", is_flag=True, help="Leave the local GitHub up afterwards, for browsing, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON.")
@click.option("--minutes", default=30.0, show_default=True, help="Give up after so long.")
def command(
    *,
    act_name: str,
    recording: str | None,
    repo: Path | None,
    spec: Path | None,
    spec_format: str,
    keep: bool,
    as_json: bool,
    minutes: float,
) -> None:
    """Play the main job against a local GitHub. Exit status 0 only when the acceptance check succeeded."""
    console = Console(stderr=as_json)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if (repo is None) != (spec is None):
        raise UserFault("--repo and --spec go together", hint="name the repository and a spec inside it")
    act = ActName(act_name)
    if repo and act is not ActName.NIGHT:
        raise UserFault("--act is for the samples", hint="leave it out to play on your own repository")
    with demo_model(recording, RECORDING[act]) as model:
        if repo and model.recorded and recording is None:
            raise UserFault(
                "the recorded model knows only the sample",
                hint="set OPENAI_API_KEY or OPENAI_BASE_URL for your own repository",
            )
        play = own_play(repo, spec, minutes) if repo and spec else sample_play(act, SpecFormat(spec_format), minutes)
        with Ground(dict(model.environment), WHEELS if WHEELS.is_dir() else None) as ground:
            _introduce(console, model, play)
            actor = IssueAct if act is ActName.ISSUE else Act
            result = actor(ground, play, model.name, Watch(console).tell).perform(
                _opened(console), _linked(console, "watch the run")
            )
            _conclude(console, result)
            fits = _say_mismatches(console, model)
            if as_json:
                print(result.as_json(), flush=True)
            if keep:
                _stay(console, result)
    sys.exit(0 if result.accepted and fits else 1)


def _introduce(console: Console, model: DemoModel, play: Play) -> None:
    console.print(f"Specbot demo: [bold]{play.title}[/bold] on a local GitHub")
    if model.recorded:
        console.print(
            f"[dim]model: {model.name}, a recording that is played only while the tools show what they showed then;"
            " everything else is real. Set OPENAI_API_KEY or OPENAI_BASE_URL for a live one.[/dim]"
        )
    else:
        console.print(f"[dim]model: {model.name}[/dim]")


def _opened(console: Console) -> Callable[[str], None]:
    return lambda url: _linked(console, "issue" if "/issues/" in url else "pull request")(url)


def _linked(console: Console, what: str) -> Callable[[str], None]:
    return lambda url: console.print(f"{what}: [link={url}]{url}[/link]", highlight=False, soft_wrap=True)


def _say_mismatches(console: Console, model: DemoModel) -> bool:
    """Whether the recording was a model of this run. One that was not, even only for a reviewer whose word decides nothing, fails the demo."""
    for mismatch in model.mismatches():
        console.print(f"[red]the recording does not fit:[/red] {escape(mismatch)}", highlight=False, soft_wrap=True)
    return not model.mismatches()


def _conclude(console: Console, result: Result) -> None:
    console.print()
    for name, check in sorted(result.checks.items()):
        conclusion = check.conclusion or check.status
        console.print(f"{CONCLUSIONS.get(conclusion, conclusion):30} {name}: {check.output.title}", highlight=False)
    if len(result.tasks) > 1:
        console.print()
        console.print(tasks_table(result))
    console.print()
    for line in criterion_lines(result.verdicts, Redactor()):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print()
    calls = f"{result.spent.calls} model calls, {result.spent.usage.total:,} tokens"
    console.print(
        f"{duration(result.seconds)}, {calls}, {money(result.spent.usd)}; model {result.model}", highlight=False
    )
    console.print(f"head {result.head[:12]} of {result.url}", highlight=False)


def _stay(console: Console, result: Result) -> None:
    console.print(
        f"\nThe local GitHub stays up: [link={result.url}]{result.url}[/link]  (Ctrl-C ends it)", highlight=False
    )
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print("\nended and removed")
