"""How much is sent to the model, and how much of that its provider has seen before."""

from collections.abc import Collection, Sequence
from pathlib import Path

import bot.demo
from bot.agents.roles.implementer import ImplementerBriefing, implementer_opening
from bot.core.plans.model import Plan, PlanSource, Task
from bot.core.policy.model import RepositoryConfig
from bot.core.proofs.trusted import RUNNER, TESTS
from bot.core.specs.formats.native import read_native
from bot.ids import CriterionName, TaskId
from tests.bench.measuring import Row, Spread
from tests.bench.place import conversation, folder, place, sources
from tests.bench.prefixes import known, known_share, prompt
from tests.support.scripted_model import Answer, ScriptedModel, Seen, call

TURNS = 12

SPEC = Path(bot.demo.__file__).parent / "specs/native/pull_request/specs/0001-past-midnight.md"

TASKS = (
    Task(TaskId("T-1"), "Read spans that end on the following day", "Answer questions about them too.", ("package_0/**",),
         (CriterionName("AC-1"), CriterionName("AC-2"), CriterionName("AC-3"))),
    Task(TaskId("T-2"), "Write them back", "In the short form and in the table.", ("package_1/**",), (CriterionName("AC-4"), CriterionName("AC-5"))),
    Task(TaskId("T-3"), "Say in the README how a night is written", "For people.", ("README.md",), ()),
)  # fmt: skip
"""Of the demo's spec, as a team would have them; the first two are worked on here."""

SCRIPT = (
    call("bash", script="ls; ls package_0 | head -40"),
    call("read", path="package_0/module_1.py"),
    call("bash", script="grep -rn 'NUMBER = 1$' . | head"),
    call("edit", path="package_0/module_1.py", old="NUMBER = 1\n", new="NUMBER = 10\n"),
    call("read", path="package_0/module_2.py"),
    call("bash", script="cat package_0/module_3.py package_0/module_4.py"),
    call("create", path="package_0/new.py", content="def new():\n    return 1\n" * 20),
    call("bash", script="seq 1 400"),
    call("edit", path="package_0/new.py", old="no such text", new="x"),
    call("bash", script="python3 -m compileall -q package_0"),
    call("read", path="package_0/new.py", start=1, count=10),
    call("finish", summary="It says its number now."),
)
"""A plausible day: look, read, search, change, a mistake, check."""


def measure() -> list[Row]:
    files = sources(60)
    with folder() as root, place(root, files) as here, ScriptedModel(_answer) as model:
        for task in TASKS[:2]:
            told = implementer_opening(_briefing(task, files)).briefing
            desk = here.desk(f"bytes-{task.task_id}")
            conversation(here.store, desk, model.base_url, "run-bytes", told, task.task_id)
        assert model.prefix_faults() == []
        first, second = model.requests[:TURNS], model.requests[TURNS:]
    assert (len(first), len(second)) == (TURNS, TURNS)
    return [*_sizes(first), *_shares(first, second)]


def _sizes(seen: Sequence[Seen]) -> list[Row]:
    sent = [int(request.headers["Content-Length"]) for request in seen]
    said = [sum(len(_words(message)) for message in request.body["messages"]) for request in seen]
    sizes, words = Spread(tuple(map(float, sent))), Spread(tuple(map(float, said)))
    task = len(_words(seen[0].body["messages"][1]))
    return [
        Row("bytes of a request", sizes.shown(1 / 1000, "kB"), "the words in it", words.shown(1 / 1000, "kB"),
            f"{sizes.by(words).shown(digits=2)} ×",
            f"a {TURNS}-turn conversation as sent, with the demo's spec; above 1 × is JSON and the tools' schemas; {sum(sent) / 1000:,.0f} kB in all"),
        Row("first request without the task", f"{(sent[0] - task) / 1000:.1f} kB", "the whole first request", f"{sent[0] / 1000:.1f} kB",
            f"{1 - task / sent[0]:.2f} ×", "what every request carries whatever the task is: system prompt and tools; the bar is 8 kB"),
    ]  # fmt: skip


def _shares(first: Sequence[Seen], second: Sequence[Seen]) -> list[Row]:
    """What an earlier request had begun with: of one agent's conversation but its first turn, and of all of a second agent's."""
    prompts = [prompt(seen) for seen in (*first, *second)]
    one, best = known_share(prompts[:TURNS]), sum(map(len, prompts[: TURNS - 1])) / sum(map(len, prompts[1:TURNS]))
    shared = known(prompts)
    opening = shared[TURNS] / len(prompts[TURNS])
    both = known_share(prompts)
    return [
        Row("share a prompt cache could serve", f"{100 * one:.1f} %", "a conversation that only grows", f"{100 * best:.1f} %",
            f"{one / best:.3f} ×",
            "of the bytes of all turns but the first (tools, then messages), what an earlier turn had sent; the rest is new: answers and what tools"
            " printed; the goal is 95 %"),
        Row("the same, with a second agent", f"{100 * both:.1f} %", "its first request alone", f"{100 * opening:.1f} %", "–",
            "an agent of the same role with another task of the same plan: of all requests of both but the very first, what an earlier one had begun"
            " with; system prompt, tools, spec, plan and files come first and are the same bytes"),
    ]  # fmt: skip


def _briefing(task: Task, files: Collection[str]) -> ImplementerBriefing:
    """As the worker tells it: the demo's spec, in a repository with these files."""
    spec = read_native(SPEC.name, SPEC.read_bytes()).spec
    assert spec is not None
    return ImplementerBriefing(
        specs=(spec,),
        criteria=tuple(criterion for criterion in spec.criteria if criterion.criterion_id in task.proves),
        task=task,
        scope=spec.scope,
        protected=RepositoryConfig().protected,
        trusted=(*TESTS[:4], *RUNNER[:6]),
        paths=tuple(files),
        environment="Python 3.11 at /usr/bin/python3",
        plan=Plan(TASKS, source=PlanSource.SPEC),
    )


def _answer(seen: Seen) -> Answer:
    return SCRIPT[seen.turn - 1]


def _words(message: dict[str, object]) -> bytes:
    """What a person would call the content: text, tool arguments and results."""
    calls = message.get("tool_calls") or []
    assert isinstance(calls, list)
    return (str(message.get("content") or "") + "".join(one["function"]["arguments"] for one in calls)).encode()
