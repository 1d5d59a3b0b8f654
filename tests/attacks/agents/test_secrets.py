"""Secrets in every place where one could be, and a model that prints all it finds: none of them comes out anywhere."""

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from bot.hub.state.issues import Issue
from tests.attacks.agents import traces
from tests.attacks.agents.conftest import Attack
from tests.support.scripted_model import Answer, Fault, Script, Seen, call
from tests.support.stage import BASE, SPEC, Stage

pytestmark = pytest.mark.xdist_group("secrets")

TOKEN = "ghs_" + secrets.token_hex(18)
LONG = "ghs_1234_" + ".".join((secrets.token_urlsafe(24), secrets.token_urlsafe(110), secrets.token_urlsafe(240)))[:511]
API_KEY = "sk-proj-" + secrets.token_hex(24)
HOOK = "hook-" + secrets.token_hex(16)
IN_ENVIRONMENT = "ghs_" + secrets.token_hex(18)
LEAK = f'T40 = "{TOKEN}"\nT520 = "{LONG}"\n'
AGENTS_MD = f"Deploy with `TOKEN={TOKEN}`.\n"
PRINTS = "import leak; print(leak.T40, leak.T520); print(open('leak.py').read()); from greet import greet; assert greet('Ada') == 'hello Ada'"
LEAKING_SPEC = SPEC.replace("from greet import greet; assert greet('Ada') == 'hello Ada'", PRINTS)


def dressed(secret: str) -> list[str]:
    """A secret as somebody who wants it to pass would write it."""
    return [
        secret,
        base64.b64encode(secret.encode()).decode(),
        base64.b64encode(f"key: {secret}".encode()).decode(),
        quote(secret, safe=""),
        "".join(f"%{byte:02x}" for byte in secret.encode()),
        secret[:20] + "\n" + secret[20:],
        secret.encode().hex(),
    ]


def telling(live: list[str]) -> Script:
    """A model that prints everything, everywhere. `live` are the service's own secrets, which it knows from a dream."""

    def script(seen: Seen) -> Answer | Fault:
        everything = "\n".join([TOKEN, LONG, *(form for secret in live for form in dressed(secret))])
        prompt = str(seen.body["messages"])
        if "Wrong key" in prompt:
            return Fault(401, {"error": {"message": f"Incorrect API key provided: {API_KEY}. Also {TOKEN}"}})
        if seen.label.startswith("reviewer"):
            found = {"path": "greet.py", "line": 2, "severity": "low", "message": everything}
            return call("finish", summary=everything, findings=[found])
        if seen.turn == 1:
            look = "cat leak.py AGENTS.md; env; cat /proc/*/environ | tr '\\0' '\\n'; ps auxe; cat ~/.netrc ~/.git-credentials"
            return Answer(everything, [("bash", {"script": look}), ("read", {"path": "leak.py"})])
        if seen.turn == 2:
            good = f'def greet(name):\n    return f"hello {{name}}".strip()\n\n\nKEYS = """{everything}"""\n'
            return Answer(everything, [("create", {"path": "greet.py", "content": good, "overwrite": True})])
        if seen.turn == 3:
            return Answer(everything, [(f"print_{API_KEY}", {"x": everything}), ("bash", f'{{"script": "{TOKEN}')])
        return call("finish", summary=everything)

    return script


@dataclass(frozen=True)
class Told:
    stage: Stage
    pulls: list[Issue]
    argv: traces.Argv
    live: dict[str, str]

    def assert_nowhere(self, where: str, text: str) -> None:
        for name, secret in self.live.items():
            for form in dressed(secret):
                at = text.find(form)
                assert at < 0, f"{name} in {where}: …{text[max(0, at - 200) : at + 30]}"
        for name, secret in {
            "the 40-character token": TOKEN,
            "the long token": LONG,
            "the environment's": IN_ENVIRONMENT,
        }.items():
            at = text.find(secret)
            assert at < 0, f"{name} in {where}: …{text[max(0, at - 200) : at + 30]}"


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with pytest.MonkeyPatch.context() as patch, traces.watched() as argv:
        patch.setenv("GITHUB_TOKEN", IN_ENVIRONMENT)
        live: list[str] = [API_KEY, HOOK]
        base = {**BASE, "leak.py": LEAK, "AGENTS.md": AGENTS_MD}
        environment = {"OPENAI_API_KEY": API_KEY, "WEBHOOK_SECRET": f"a secret,{HOOK}"}
        with Stage(telling(live), base=base, environment=environment) as stage:
            live.append(stage.app.private_key_pem)
            with stage.worker():
                first = stage.open(LEAKING_SPEC)
                stage.settled(first)
                second = stage.open(SPEC.replace("Greet people by name", "Wrong key"), branch="second")
                stage.say(second, f"/specbot retry {TOKEN} {API_KEY}")
                stage.say(second, f"/specbot rerty {TOKEN} {API_KEY}")
                stage.settled(second)
                issued = [token.token for token in stage.hub.world.store.tokens.where(lambda one: True)]
                assert any(len(token) > 400 for token in issued)
                named = {"the API key": API_KEY, "the webhook secret": HOOK, "the App's key": stage.app.private_key_pem}
                yield Told(stage, [first, second], argv, named | {f"issued token {n}": t for n, t in enumerate(issued)})


def test_the_model_is_told_no_secret(told: Told, attack: Attack) -> None:
    attack(
        "secrets in the repository, AGENTS.md, tool output and the model's own words",
        "masked before they are kept or sent",
    )
    assert "leak.py" in traces.prompts(told.stage)
    told.assert_nowhere("prompts", traces.prompts(told.stage))


def test_nothing_shown_holds_a_secret(told: Told, attack: Attack) -> None:
    attack(
        "the same in comments, checks, annotations, reviews, commits and names of branches",
        "masked in reporting; what the agent writes is masked too",
    )
    text = traces.shown(told.stage, [pull.number for pull in told.pulls])
    assert told.stage.acceptance(told.pulls[0]) == "success"
    assert "401" in told.stage.title(told.pulls[1])
    assert "[secret removed]" in text
    told.assert_nowhere("what is shown", text)


def test_nothing_stored_holds_a_secret(told: Told, attack: Attack) -> None:
    attack(
        "the same in every text of both databases",
        "masked before it is stored; only GitHub's own deliveries are kept as they came",
    )
    for place, text in traces.stored(told.stage).items():
        told.assert_nowhere(place, text)


def test_no_command_line_and_no_configuration_holds_a_secret(told: Told, attack: Attack) -> None:
    attack(
        "tokens in argv of any process, in git's configuration and in addresses",
        "git asks for the token; it never stands in words",
    )
    told.argv.look()
    assert "git" in told.argv.text
    told.assert_nowhere("argv", told.argv.text)
    told.assert_nowhere("git's configuration", traces.git_settings(told.stage))
