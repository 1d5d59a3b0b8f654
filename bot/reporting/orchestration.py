"""What is said on an issue and on the pull request of its spec: how far it is, what is asked, and what happens next."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.orchestration.notes import Drafted
from bot.core.orchestration.questions import LETTERS, Answer, Question, open_ones
from bot.core.runs import Run, RunState
from bot.core.specs.model import Criterion, ProofKind
from bot.ids import PrNumber
from bot.reporting.counting import count
from bot.reporting.cut import cut
from bot.reporting.headline import capital
from bot.reporting.limits import COMMENT_BYTES
from bot.reporting.names import ISSUE_MARKER, QUESTIONS_MARKER
from bot.reporting.sanitize import code, inline, one_line, plain, quote_untrusted
from bot.reporting.words import short

TITLE_CHARS = 120
"""Of a pull request's title; GitHub takes 256, and lists show about this much."""

CRITERIA_SHOWN = 12
"""In the body of a pull request: what fits on a screen; the spec has the rest."""


@dataclass(frozen=True, slots=True)
class IssueAccount:
    """How an issue's run stands. `pull` is the spec's pull request, None while there is none; `open_questions` counts those without an answer, and
    `way_out` says what a person can do. `started`: agents work on it already. `go_refused`: `--go` was asked for and is not allowed here.
    `default` is the default branch where the spec is meant for another one: GitHub closes issues only with what is merged into that."""

    run: Run
    pull: PrNumber | None = None
    open_questions: int = 0
    way_out: str = ""
    run_url: str = ""
    started: bool = False
    go_refused: bool = False
    default: str = ""


def issue_comment(account: IssueAccount) -> str:
    """The one comment on the issue, its marker on the first line. References (`#8`) are alive: they are ours."""
    sign, title, parts = _told(account)
    page = f"[{code(account.run.run_id)}]({account.run_url})" if account.run_url else code(account.run.run_id)
    footer = f"<sub>Asked for by {inline(account.run.requester.login)}, for {code(account.run.base_ref)} · {page}</sub>"
    body = "\n\n".join([f"{ISSUE_MARKER}\n### {sign} Specbot: {title}", *(part for part in parts if part), footer])
    return cut(f"{body}\n", COMMENT_BYTES, "(cut)")


def issue_headline(account: IssueAccount) -> str:
    """How it stands, in a few words of Markdown."""
    return _told(account)[1]


def _told(account: IssueAccount) -> tuple[str, str, list[str]]:
    run, pull = account.run, account.pull
    if run.state.live:
        title = "Writing the spec for this issue" if pull is None else f"Writing the spec in #{pull}"
        what = f"for {code(run.base_ref)}" if account.default else "that closes this issue"
        told = f"It will be a draft pull request {what}. Nothing is implemented before somebody has approved the spec."
        return "⏳", title, [told if pull is None else "", _paste("To end it", "/specbot stop")]
    if account.started and pull is not None:
        told = f"The work goes on in #{pull}, and merging it closes this issue."
        if account.default:
            told = f"The work goes on in #{pull}. Merging it does not close this issue: GitHub does that only with what is merged into {code(account.default)}."
        return "➡️", f"The spec in #{pull} is in force", [told]
    if run.state is RunState.WAITING and pull is not None and not account.way_out:
        return "✋", _waits(account, pull), [_asks(account, pull)]
    sign = {RunState.STOPPED: "⏹️", RunState.WAITING: "✋"}.get(run.state, "❌")
    said = account.way_out and not account.way_out.startswith("`/orchestrate`")  # that line stands below anyway
    out = f"What helps: {inline(account.way_out, 1000).rstrip('.')}." if said else ""
    more = f"What was written so far is in #{pull}." if pull is not None else ""
    return (
        sign,
        inline(capital(run.reason or "ended"), 200),
        [_whole(run.reason), more, out, _paste("To go on", "/orchestrate")],
    )


def _whole(reason: str) -> str:
    """A reason that does not fit a headline is said in full."""
    return quote_untrusted(reason) if len(reason) > 200 or "\n" in reason.strip() else ""


def _waits(account: IssueAccount, pull: PrNumber) -> str:
    if account.open_questions:
        return f"The spec is in #{pull}, with {count(account.open_questions, 'open question')}"
    return f"The spec is in #{pull} and waits for approval"


def _asks(account: IssueAccount, pull: PrNumber) -> str:
    go = (
        "Here `--go` is not allowed (`orchestrate: {go: true}` in `.github/specbot.yml` would allow it). "
        if account.go_refused
        else ""
    )
    first = (
        f"Answer the questions in #{pull}, read the spec there, and approve it"
        if account.open_questions
        else f"Read it in #{pull} and approve it"
    )
    return f"{go}{first}: then agents implement it on the same branch. Something is missing? Say so here and write `/orchestrate` again."


def _paste(what: str, line: str) -> str:
    return f"{what}:\n\n```\n{line}\n```"


def pull_title(title: str, issue: PrNumber) -> str:
    """The spec's title; the issue is linked in the body."""
    return one_line(plain(title), TITLE_CHARS) or f"Spec for issue {issue}"


def pull_body(
    run: Run,
    spec: Drafted,
    criteria: Sequence[Criterion],
    address: str,
    *,
    in_force: bool,
    asks: bool,
    default: str = "",
) -> str:
    """What the pull request of a spec says: what the spec says, and what happens next. `asks`: some question is open. `default` as in an
    `IssueAccount`."""
    path = f"[{code(spec.path)}]({address})" if address else code(spec.path)
    shown = [f"- **{one.criterion_id}** {inline(one.text, 300)}{_how(one)}" for one in criteria[:CRITERIA_SHOWN]]
    if len(criteria) > CRITERIA_SHOWN:
        shown.append(f"- … and {len(criteria) - CRITERIA_SHOWN} more in the spec")
    questions = "The questions that are open stand in a comment below. " if asks else ""
    draft = (
        f"{questions}Nothing is implemented while the spec is a draft. Read it, change it by a push where it is wrong, and approve it: "
        "*Ready for review*, the button of the check, or the line in the comment below. Then agents implement it on this branch, "
        "and *Specbot / acceptance* says of each criterion whether it is proven."
    )
    ready = "The spec is in force: agents implement it on this branch, and *Specbot / acceptance* says of each criterion whether it is proven."
    return "\n\n".join(
        [
            _for_issue(run, default),
            f"{path}, asked for by {inline(run.requester.login)}:",
            quote_untrusted(spec.draft.summary),
            "\n".join(["**When is it done?**", "", *shown]) if shown else "",
            f"**What happens next**\n\n{ready if in_force else draft}",
        ]
    ).replace("\n\n\n\n", "\n\n")


def _for_issue(run: Run, default: str) -> str:
    """A closing reference has an effect on the default branch only; elsewhere it would be a promise that nobody keeps."""
    if not default:
        return f"Closes #{run.number}"
    return f"For #{run.number}, which stays open: this is meant for {code(run.base_ref)}, and GitHub closes issues only with what is merged into {code(default)}."


def _how(criterion: Criterion) -> str:
    return {
        ProofKind.KEEP: " *(holds today, and stays so)*",
        ProofKind.ACCEPT: " *(a person looks at it)*",
        ProofKind.NONE: " *(a test is written first)*",
    }.get(criterion.kind, "")


def questions_comment(questions: Sequence[Question], answers: Sequence[Answer]) -> str:
    """The one comment that asks, its marker on the first line; it shows what was answered."""
    left = open_ones(questions, answers)
    said = {answer.number: answer for answer in answers}
    if left:
        title = f"### ✋ Specbot: {count(len(left), 'question')} about the spec"
        example = " ".join(f"{number}{LETTERS[questions[number - 1].recommended]}" for number in left)
        how = (
            "The spec is written for what is recommended. Answer here with the numbers and letters, alone on a line; "
            f"`defaults` takes what is recommended everywhere, and so does approving the spec:\n\n```\n{example}\n```"
        )
    else:
        title, how = (
            "### ✅ Specbot: the questions about the spec are answered",
            "The answers stand in the spec, under *Decisions*.",
        )
    parts = [_question(number, question, said.get(number)) for number, question in enumerate(questions, 1)]
    return cut("\n\n".join([f"{QUESTIONS_MARKER}\n{title}", how, *parts]) + "\n", COMMENT_BYTES, "(cut)")


def _question(number: int, question: Question, answer: Answer | None) -> str:
    lines = [f"**{number}. {inline(question.text, 300)}**", ""]
    for index, choice in enumerate(question.choices):
        mark = " *(recommended)*" if index == question.recommended else ""
        lines.append(f"- **{LETTERS[index]}** {inline(choice, 200)}{mark}")
    if answer is not None:
        who = f"says {inline(answer.by)}" if answer.by else "as recommended: nobody chose"
        lines += ["", f"→ **{LETTERS[answer.choice]}**, {who}"]
    return "\n".join(lines)


def answered_text(left: Sequence[int]) -> str:
    """The answer to some answers, not all."""
    numbers = " and ".join(str(number) for number in left)
    return f"Noted. Still open: {'question' if len(left) == 1 else 'questions'} {numbers}."


def already_writing(run: Run) -> str:
    return f"A spec is being written for this issue already, since {run.created_at:%H:%M} UTC. To end that first: `/specbot stop`, alone on a line."


def issue_status(run: Run | None, pull: PrNumber | None, url: str) -> str:
    """One line on the newest run of an issue."""
    if run is None:
        return "Nothing was asked for here yet: `/orchestrate` has a spec written for this issue."
    where = f"; the spec is in #{pull}" if pull is not None else ""
    page = f" · [its page]({url})" if url else ""
    now = "writing the spec" if run.state.live else inline(run.reason)
    return f"**{run.state.value}**: {now}{where}{page}"


def carried_on_text(pull: PrNumber, by: str, limits: str = "") -> str:
    """On a fork's pull request that is carried on. `limits` says what will keep the work from being merged."""
    told = f"Carried on in #{pull}, on a branch of this repository. The commits are taken as they are, so {inline(by)} stays their author. This pull request stays open until somebody closes it."
    return f"{told}\n\n{limits}" if limits else told


def fork_body(number: PrNumber, author: str, title: str, sha: str, by: str, limits: str = "") -> str:
    """The body of the pull request that carries on with a fork's. `limits` says what will keep it from being merged."""
    told = (
        f"Carries on with #{number} by {inline(author)}: {inline(title, 200)}\n\n"
        f"The commits up to `{short(sha)}` are the author's, as they are; what follows is Specbot's, asked for by {inline(by)}, who looked at that commit.\n"
    )
    return f"{told}\n{limits}\n" if limits else told


def spec_body(path: str, address: str, number: PrNumber, by: str, *, flipped: bool) -> str:
    """The body of the pull request that works on a merged spec."""
    name = f"[{code(path)}]({address})" if address else code(path)
    how = (
        "Its first commit brings the spec into force (`status: ready`)."
        if flipped
        else "The spec is in force already, so its first commit changes nothing; it only says which spec this is about."
    )
    return f"Implements {name}, which is merged. Asked for by {inline(by)} in #{number}.\n\n{how}\n"


def work_begins(pull: PrNumber, path: str) -> str:
    return f"The work on {code(path)} goes on in #{pull}."
