"""How much is sent to the model, and how much of that its provider has seen before."""

import json
from itertools import pairwise, takewhile

from tests.bench.measuring import Row, Spread
from tests.bench.place import conversation, folder, place, sources
from tests.support.scripted_model import Answer, ScriptedModel, Seen, call

TURNS = 12

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
    with folder() as root, place(root, sources(60)) as here, ScriptedModel(_answer) as model:
        conversation(here.store, here.desk("bytes"), model.base_url, "run-bytes")
        seen = list(model.requests)
    assert len(seen) == TURNS
    sent = [int(request.headers["Content-Length"]) for request in seen]
    said = [sum(len(_words(message)) for message in request.body["messages"]) for request in seen]
    prompts = [_prompt(request) for request in seen]
    shared = [_same(before, after) for before, after in pairwise(prompts)]
    known = sum(shared) / sum(map(len, prompts))
    best = sum(map(len, prompts[:-1])) / sum(map(len, prompts))
    kept = min(same / len(before) for same, before in zip(shared, prompts, strict=False))
    sizes, words = Spread(tuple(map(float, sent))), Spread(tuple(map(float, said)))
    return [
        Row(
            "bytes of a request",
            sizes.shown(1 / 1000, "kB"),
            "the words in it",
            words.shown(1 / 1000, "kB"),
            f"{sizes.by(words).shown(digits=2)} ×",
            f"a {TURNS}-turn conversation as sent; above 1 × is JSON and the tools' schemas; {sum(sent) / 1000:,.0f} kB in all",
        ),
        Row(
            "first request without the task",
            f"{(sent[0] - len(_words(seen[0].body['messages'][1]))) / 1000:.1f} kB",
            "the whole first request",
            f"{sent[0] / 1000:.1f} kB",
            f"{1 - len(_words(seen[0].body['messages'][1])) / sent[0]:.2f} ×",
            "what every request carries whatever the task is: system prompt and tools; the bar is 8 kB",
        ),
        Row(
            "share a prompt cache could serve",
            f"{100 * known:.1f} %",
            "a conversation that only grows",
            f"{100 * best:.1f} %",
            f"{known / best:.3f} ×",
            f"of all {TURNS} requests (tools first, then messages), what the request before had already sent; at least"
            f" {100 * kept:.0f} % of each request begins the next one",
        ),
    ]


def _answer(seen: Seen) -> Answer:
    return SCRIPT[seen.turn - 1]


def _prompt(seen: Seen) -> str:
    """The request in the order in which providers feed it to the model: tools, then messages. No closing bracket: more may follow."""
    return json.dumps(seen.body["tools"]) + "".join(json.dumps(message) for message in seen.body["messages"])


def _same(before: str, after: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _words(message: dict[str, object]) -> bytes:
    """What a person would call the content: text, tool arguments and results."""
    calls = message.get("tool_calls") or []
    assert isinstance(calls, list)
    return (str(message.get("content") or "") + "".join(one["function"]["arguments"] for one in calls)).encode()
