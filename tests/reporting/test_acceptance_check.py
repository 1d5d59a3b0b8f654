"""*Specbot / acceptance* in each of its situations."""

from dataclasses import replace

import pytest

from bot.core.proofs.model import Executed, Place, Shown, TamperFinding, TamperWeight, Verdict
from bot.core.pulls import AnnotationLevel, CheckStatus, Conclusion
from bot.core.runs import RunReport, RunState, Stage
from bot.core.specs.model import Severity, Status
from bot.reporting import limits
from bot.reporting.checks.acceptance import acceptance_check
from bot.reporting.cut import size
from tests.reporting.reports import (
    ANSWERS,
    FAILED,
    KEPT,
    PLAIN,
    PROVEN,
    REDACTOR,
    SPEC,
    START,
    TAMPERED,
    VACUOUS,
    as_text,
    criterion,
    executed,
    finding,
    reading,
    report,
    run,
    verification,
)
from tests.reporting.snapshot import assert_snapshot

SOFT_ONES = (
    TamperFinding("TP203", TamperWeight.SOFT, "package.json", '`"left-pad": "^1.3.0"`', 4),
    TamperFinding("TP203", TamperWeight.SOFT, "package.json", '`"right-pad": "^1.0.0"`', 5),
    TamperFinding(
        "TP206",
        TamperWeight.SOFT,
        "tests/test_a.py",
        "it has one assertion fewer, such as: `assert x @ada`",
        9,
        before=True,
    ),
    TamperFinding(
        "TP202",
        TamperWeight.SOFT,
        "tox.ini",
        "it was changed",
        allowed="allowed by grace on 2026-11-28 12:30 UTC: same tests",
    ),
    TamperFinding("TP301", TamperWeight.NOTE, "tests/test_b.py", "lines were added; the proofs ran without them", 3),
)
PLACES = (
    Place(
        "tests/nights/test_questions.py",
        12,
        "AssertionError: assert None == 1",
        FAILED.name,
        "tests/nights/test_questions.py::test_x",
    ),
    Place("openhours/days.py", 7, "<b>ok</b> @everyone `x`", FAILED.name),
)

SITUATIONS: dict[str, tuple[RunReport, Conclusion | None]] = {
    "queued": (report(run(RunState.QUEUED, Stage.ADMISSION)), None),
    "working": (
        report(run(RunState.WORKING, Stage.IMPLEMENT), verification(FAILED, KEPT)),
        None,
    ),
    "pausing": (
        report(
            run(RunState.WORKING, Stage.IMPLEMENT),
            pause="Pausing because of a rate limit (slow down, @ada); goes on at 12:05 UTC.",
            estimate="Probably $0.40 to $1.10, 90k to 240k tokens, 3 to 8 minutes: half of the last 20 runs here took that for as many criteria.",
        ),
        None,
    ),
    "proven": (
        report(run(RunState.DONE, published=True), verification(PROVEN, ANSWERS, KEPT)),
        Conclusion.SUCCESS,
    ),
    "proven-by-hand": (
        report(run(RunState.DONE), verification(PROVEN, ANSWERS), spent=report(run(RunState.DONE)).spent, model=""),
        Conclusion.SUCCESS,
    ),
    "failed": (
        report(
            run(RunState.FAILED),
            verification(PROVEN, FAILED, KEPT),
            kept_on="specbot/run-42-3-a1a1a1a1a1a1-1",
            put_back=(
                f"{SPEC}: Specs are written by people.",
                "tests/`odd` @name.py: `tests/**` is protected by @ada.",
            ),
        ),
        Conclusion.FAILURE,
    ),
    "vacuous": (report(run(RunState.WAITING), verification(PROVEN, VACUOUS)), Conclusion.ACTION_REQUIRED),
    "tampered": (
        report(run(RunState.FAILED), verification(criterion(1, Verdict.TAMPERED, PLAIN), tampering=(TAMPERED,))),
        Conclusion.FAILURE,
    ),
    "to-allow": (
        report(run(RunState.WAITING, published=True), verification(PROVEN, tampering=SOFT_ONES)),
        Conclusion.ACTION_REQUIRED,
    ),
    "judged": (
        report(
            run(RunState.WAITING),
            verification(
                PROVEN, criterion(4, Verdict.JUDGED, reasons=("a model thinks that it holds; that proves nothing",))
            ),
        ),
        Conclusion.ACTION_REQUIRED,
    ),
    "failed-at-lines": (
        report(run(RunState.FAILED), verification(PROVEN, FAILED), places=PLACES),
        Conclusion.FAILURE,
    ),
    "lint": (
        report(
            run(RunState.FAILED, reason="the spec has errors"),
            readings=(
                reading(
                    finding(12, Severity.ERROR, "SB104", "the fence that opens here is never closed"),
                    finding(20, Severity.WARNING, "SB301", "“fast” is vague", "say a number"),
                ),
            ),
        ),
        Conclusion.FAILURE,
    ),
    "no-spec": (report(run(RunState.DONE), readings=()), Conclusion.SUCCESS),
    "draft": (report(run(RunState.DONE), readings=(reading(status=Status.DRAFT),)), Conclusion.SUCCESS),
    "stopped": (
        report(run(RunState.STOPPED, reason="stopped by @ada"), verification(PROVEN, ANSWERS, KEPT)),
        Conclusion.CANCELLED,
    ),
    "superseded": (
        report(run(RunState.SUPERSEDED, reason="a newer commit was pushed: d4d4d4d4d4d4")),
        Conclusion.CANCELLED,
    ),
    "moved-on": (
        report(run(RunState.DONE, published=True), verification(PROVEN, ANSWERS), head=START),
        Conclusion.CANCELLED,
    ),
    "environment": (
        report(
            run(RunState.FAILED),
            trouble="the environment could not be prepared: no wheel for `openhours-extras`",
            way_out="name what can be installed under `environment.requirements` in `.github/specbot.yml`",
            trouble_output="ERROR: Could not find a version that satisfies the requirement openhours-extras",
        ),
        Conclusion.FAILURE,
    ),
    "budget": (
        report(
            run(RunState.WAITING),
            verification(PROVEN, FAILED),
            trouble="the budget of this run is used up: 590,000 of 600,000 tokens are used, and the next call may need 41,000",
            way_out="give it more with `/specbot budget +500k tokens`, alone on a line: the work then goes on where it stands",
            kept_on="specbot/run-42-3-a1a1a1a1a1a1-1",
        ),
        Conclusion.ACTION_REQUIRED,
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_has_its_text_and_its_conclusion(situation: str) -> None:
    about, conclusion = SITUATIONS[situation]
    draft = acceptance_check(about, REDACTOR)
    assert draft.conclusion == conclusion
    assert (draft.status is CheckStatus.COMPLETED) == (conclusion is not None)
    assert draft.head_sha == about.head
    assert_snapshot(f"acceptance-{situation}", as_text(draft))


@pytest.mark.parametrize("state", [s for s in RunState if s is not RunState.DONE])
def test_nothing_but_a_run_that_is_done_succeeds(state: RunState) -> None:
    for about in (
        report(run(state), verification(PROVEN, KEPT)),
        report(run(state), readings=()),
        report(run(state), readings=(reading(status=Status.DRAFT),)),
    ):
        assert acceptance_check(about, REDACTOR).conclusion is not Conclusion.SUCCESS


def test_a_run_that_claims_to_be_done_without_verdicts_does_not_succeed() -> None:
    assert acceptance_check(report(run(RunState.DONE)), REDACTOR).conclusion is Conclusion.FAILURE
    nothing = acceptance_check(report(run(RunState.DONE), verification()), REDACTOR)
    assert nothing.conclusion is Conclusion.ACTION_REQUIRED


@pytest.mark.parametrize("verdict", [v for v in Verdict if not v.done])
def test_a_run_that_claims_to_be_done_with_an_open_verdict_does_not_succeed(verdict: Verdict) -> None:
    draft = acceptance_check(report(run(RunState.DONE), verification(PROVEN, criterion(9, verdict))), REDACTOR)
    assert draft.conclusion is (Conclusion.FAILURE if verdict.bad else Conclusion.ACTION_REQUIRED)
    assert draft.title.startswith("AC-9 ")
    assert [a.level for a in draft.annotations] == [AnnotationLevel.FAILURE if verdict.bad else AnnotationLevel.WARNING]


def test_trouble_is_louder_than_green_verdicts() -> None:
    draft = acceptance_check(report(run(RunState.DONE), verification(PROVEN), trouble="no sandbox"), REDACTOR)
    assert draft.conclusion is Conclusion.FAILURE


def test_trouble_of_several_lines_keeps_them() -> None:
    about = report(run(RunState.FAILED), trouble="`.github/specbot.yml` cannot be used:\n- line 3: `budgte` is unknown")
    draft = acceptance_check(about, REDACTOR)
    assert draft.title == "`.github/specbot.yml` cannot be used: - line 3: `budgte` is unknown"
    assert "\n> `.github/specbot.yml` cannot be used:\n> \\- line 3: `budgte` is unknown\n" in draft.summary


def test_it_takes_as_long_as_the_run() -> None:
    about = report(run(RunState.DONE, published=True), verification(PROVEN))
    assert acceptance_check(about, REDACTOR).started_at == about.run.created_at


def test_paths_that_were_put_back_are_counted_once_and_listed_within_reason() -> None:
    faults = tuple(f"docs/{n}.md: {why}" for n in range(30) for why in ("Not in scope.", "Protected."))
    summary = acceptance_check(report(run(RunState.FAILED), verification(FAILED), put_back=faults), REDACTOR).summary
    assert "**30 paths of the agent's work were put back**" in summary
    assert summary.count("- `docs/") == 20
    assert "\n- … and 40 more\n" in summary
    gone = report(run(RunState.DONE, published=True), verification(PROVEN), head=START, put_back=faults)
    assert "put back" not in acceptance_check(gone, REDACTOR).summary


def test_kept_work_is_a_link_where_there_is_a_page_for_it() -> None:
    about = report(run(RunState.FAILED), verification(FAILED), kept_on="specbot/run-1 #?")
    assert (
        "(https://github.com/acme/openhours/tree/specbot/run-1%20%23%3F)" in acceptance_check(about, REDACTOR).summary
    )
    local = acceptance_check(replace(about, repo_url=""), REDACTOR).summary
    assert "kept on the branch `specbot/run-1 #?`." in local


def test_names_tell_specs_apart_where_there_are_several() -> None:
    about = report(
        run(RunState.FAILED), verification(FAILED), readings=(reading(), reading(path="specs/0002-other.md"))
    )
    draft = acceptance_check(about, REDACTOR)
    assert "| **0001-past-midnight.md#AC-2** " in draft.summary
    assert draft.annotations[0].title == "0001-past-midnight.md#AC-2 failed"


def test_everything_fits_however_much_there_is() -> None:
    long_output = replace(executed(1), output="😀 `````` @everyone\n" * 300)
    shown = Shown("x" * 9_000, long_output, long_output, None)
    many = tuple(criterion(n, Verdict.FAILED, shown, text="t" * 5_000, reasons=("r" * 9_000,)) for n in range(120))
    draft = acceptance_check(report(run(RunState.FAILED), verification(*many), trouble=""), REDACTOR)
    assert size(draft.summary) <= 65_535
    assert 60_000 < size(draft.text) <= 65_535
    assert draft.text.endswith("*Cut here: all of it stands on [the run's page](https://bot.example/runs/run-42-3).*")
    assert len(draft.title) <= 120
    assert len(draft.annotations) == 120
    assert all(size(a.message) <= 65_536 and len(a.title) <= 255 for a in draft.annotations)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_buttons_fit_and_make_sense(situation: str) -> None:
    about, conclusion = SITUATIONS[situation]
    actions = acceptance_check(about, REDACTOR).actions
    assert len(actions) <= limits.ACTIONS == 3
    for action in actions:
        assert len(action.label) <= limits.ACTION_LABEL_CHARS == 20
        assert len(action.description) <= limits.ACTION_DESCRIPTION_CHARS == 40
        assert len(action.identifier) <= limits.ACTION_IDENTIFIER_CHARS == 20
    assert ("stop" in [a.identifier for a in actions]) == (conclusion is None)


def test_no_secret_and_nothing_alive_from_an_output() -> None:
    secret = "a-live-secret-value-0123456789"
    output = f"{secret}\n\x1b[31mred\x1b[0m <img src=x> @everyone\n```\n/merge"
    dirty: Executed = replace(executed(1), output=output)
    about = report(
        run(RunState.FAILED),
        verification(
            criterion(
                1,
                Verdict.FAILED,
                Shown(f"echo {secret}", dirty, dirty, None),
                text=f"Says {secret} to @everyone <img src=x>",
                reasons=(f"after: {secret}",),
                way_out=f"[click](https://evil.example/{secret})",
            )
        ),
    )
    draft = acceptance_check(about, REDACTOR)
    everything = "\n".join([as_text(draft), repr(draft)])
    assert secret not in everything
    assert "\x1b" not in everything
    assert_snapshot("acceptance-hostile", as_text(draft))


def test_changed_manifests_come_with_the_word_that_has_them_installed() -> None:
    waiting = report(
        run(RunState.FAILED),
        verification(FAILED),
        manifests=("package-lock.json", "package.json"),
        manifests_at="3f" * 20,
    )
    text = as_text(acceptance_check(waiting, REDACTOR))
    assert "`package-lock.json` and 1 more file changed, and nothing was installed for it" in text
    assert "`/specbot approve environment 3f3f3f3`" in text
    done = report(run(RunState.DONE), verification(PROVEN), manifests=("package.json",), manifests_at="3f" * 20)
    assert "approve environment" not in as_text(acceptance_check(done, REDACTOR))
