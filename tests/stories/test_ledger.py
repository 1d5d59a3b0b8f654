"""The ledger outside of the bot: exported, audited, and agreed with by whoever runs the proofs again on a fresh clone."""

import json
import re
import sqlite3
import subprocess
from contextlib import closing

from click.testing import CliRunner

from bot.commands import ledger as ledger_command
from bot.commands import verify as verify_command
from bot.errors import SpecbotError
from tests.commands.calling import Said
from tests.support.stage import GOOD, SPEC_PATH, WRONG, Stage, implementing

COMMANDS = {"ledger": ledger_command.command, "verify": verify_command.command}


def test_an_altered_record_is_found_and_a_fresh_clone_agrees_with_the_ledger():
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage:
        with stage.worker():
            pull = stage.open()
            stage.settled(pull)
        named = f"ada/greet#{pull.number}"
        summary = stage.checks(stage.head(pull))[-1].output.summary or ""
        head = re.search(r"ledger head `([0-9a-f]{64})`", summary)
        assert head is not None, summary
        ledger = stage.root / "ledger.jsonl"
        ledger.write_text(specbot(stage, "ledger", "export", named).out)
        records = [json.loads(line)["record"] for line in ledger.read_text().splitlines()]
        assert [record["kind"] for record in records] == ["proof", "proof"]
        for source in (named, str(ledger)):
            audited = specbot(stage, "ledger", "audit", source, "--head", head[1])
            assert audited.code == 0, audited.out + audited.err

        clone = stage.root / "fresh"
        branch = stage.hub.issue(stage.repo, pull.number).as_pull.head_ref
        git = ["git", "clone", "-q", "--branch", branch, str(stage.repo.path), str(clone)]
        subprocess.run(git, check=True, capture_output=True)
        again = specbot(stage, "verify", str(clone / SPEC_PATH), "--ledger", str(ledger), "--head", head[1])
        assert again.code == 0, again.out + again.err
        assert "All of it agrees with the ledger." in again.out
        assert "another tree" not in again.out

        (clone / "greet.py").write_text(WRONG)
        subprocess.run([*IDENTITY, "-C", str(clone), "commit", "-qam", "Spoil it"], check=True)
        spoilt = specbot(stage, "verify", str(clone / SPEC_PATH), "--ledger", str(ledger))
        assert spoilt.code == 1, spoilt.out + spoilt.err
        assert "proven in the ledger, failed here" in spoilt.out
        assert "it is about another tree" in spoilt.out

        with closing(sqlite3.connect(stage.root / "state" / "specbot.db")) as database:
            database.execute("update ledger set body = replace(body, 'proven', 'failed') where seq = 2")
            database.commit()
        altered = specbot(stage, "ledger", "audit", named)
        assert altered.code == 1
        assert "record 2: its body is not what was hashed" in altered.out
        ledger.write_text(specbot(stage, "ledger", "export", named).out)
        refused = specbot(stage, "verify", str(clone / SPEC_PATH), "--ledger", str(ledger))
        assert (refused.code, "the ledger is not whole: record 2" in refused.err) == (2, True)


IDENTITY = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]


def specbot(stage: Stage, *words: str) -> Said:
    """The command line, as the operator of the stage's service calls it; in this process, because most of a call's time is its start."""
    group, *rest = words
    done = CliRunner().invoke(COMMANDS[group], rest, env=stage.environ)
    said = done.exception.message if isinstance(done.exception, SpecbotError) else ""
    assert done.exception is None or isinstance(done.exception, SystemExit | SpecbotError), done.exception
    return Said(2 if said else done.exit_code, done.stdout, said)
