"""The tool `bash`, and how long output is shown."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.agents.desk import SCRATCH, Desk
from bot.agents.tools.bash import BashArguments, bash
from bot.agents.tools.output import SHOWN_CHARACTERS, head_and_tail, present
from tests.support.plain_desk import PlainSandbox, contents, plain_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return plain_desk(tmp_path, {"a.txt": "a\n"})


def run(desk: Desk, script: str, **more: Any) -> str:
    return asyncio.run(bash(writable=True).use(BashArguments(script=script, **more), desk))


def test_status_and_both_streams_are_shown(desk: Desk) -> None:
    assert run(desk, "echo out; echo err >&2; exit 3") == "exit status 3\nout\nerr\n"
    assert run(desk, "true") == "exit status 0\n(no output)"
    assert run(desk, "kill -9 $$") == "ended by a signal\n(no output)"
    assert run(desk, "set -o pipefail; false | cat").startswith("exit status 1")


def test_a_script_that_takes_too_long_is_stopped(desk: Desk) -> None:
    assert run(desk, "echo begun; sleep 30", seconds=1) == "stopped after 1 seconds: time-out\nbegun\n"


def test_the_time_out_is_capped(desk: Desk) -> None:
    run(desk, "true", seconds=86_400)
    run(desk, "true")
    assert isinstance(desk.sandbox, PlainSandbox)
    assert [seconds for _, _, seconds in desk.sandbox.runs] == [600, 120]


@pytest.mark.parametrize(
    "arguments", [{"script": ""}, {"script": "ls", "seconds": 0}, {"script": "ls", "cwd": "/"}, {}]
)
def test_arguments_that_make_no_sense_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BashArguments.model_validate(arguments)


def test_output_that_was_not_kept_is_said(desk: Desk) -> None:
    small = replace(desk, limits=replace(desk.limits, output_bytes=10))
    assert run(small, "printf '%030d' 1").endswith("[20 bytes of the output were not kept]")


def test_long_output_is_shown_from_both_ends_and_kept_whole_in_scratch(desk: Desk) -> None:
    text = "\n".join(f"line {n}" for n in range(5_000))
    shown = asyncio.run(present(desk, text, "turn-3-call-1"))
    assert shown.startswith("line 0\n")
    assert shown.endswith("\nline 4999")
    assert len(shown) < SHOWN_CHARACTERS + 200
    assert (
        f"{len(text) - SHOWN_CHARACTERS:,} characters left out; the whole output is in {SCRATCH}/turn-3-call-1.txt"
        in shown
    )
    assert (desk.checkout.path / SCRATCH / "turn-3-call-1.txt").read_text() == text
    assert contents(desk) == {"a.txt": "a\n"}  # scratch is no part of the work


def test_output_is_clean_before_it_is_shown_or_kept(desk: Desk) -> None:
    assert asyncio.run(present(desk, "\x1b[31mred\x1b[0m \u202eevil\rover", "x")) == "red evil\nover"


def test_a_scratch_folder_that_was_made_a_trap_costs_the_file_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (desk.checkout.path / SCRATCH).parent.symlink_to(tmp_path / "outside")
    shown = asyncio.run(present(desk, "x" * 20_000, "name"))
    assert "could not be kept" in shown
    assert list((tmp_path / "outside").iterdir()) == []


def test_head_and_tail_never_shows_more_than_asked_and_leaves_short_text_alone() -> None:
    assert head_and_tail("short", 10) == "short"
    cut = head_and_tail("a" * 50 + "b" * 50, 20)
    assert cut.startswith("a" * 10 + "\n")
    assert cut.endswith("\n" + "b" * 10)
    assert "80 characters left out" in cut
