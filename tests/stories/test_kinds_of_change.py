"""Each kind of change with the verdict that a sensible maintainer wants. What a project of a monorepo gets stands in `test_environments`."""

import pytest

from bot.core.proofs.model import Verdict
from tests.stories.kinds import ALL, SHOP, Change, opened, shown, spec, verdicts, working_on
from tests.stories.moments import asked
from tests.support.stage import Stage

BUG_TEST = "import unittest\n\nfrom shop import price\n\n\nclass Small(unittest.TestCase):\n    def test_a_few_cents(self):\n        self.assertEqual(price(1205), '12.05')\n"
SUM_TEST = "import unittest\n\nfrom shop import total\n\n\nclass Total(unittest.TestCase):\n    def test_sum(self):\n        self.assertEqual(total([150, 250]), '4.00')\n"
PADDED = SHOP["shop.py"].replace("{cents % 100}", "{cents % 100:02}")

ADDITIONS = {
    "feature": Change(
        spec(
            "Prices of a whole basket",
            shown("The prices of a basket are added.", "python3 -m unittest tests.test_total"),
            shown("Single prices stay.", "python3 -m unittest tests.test_price", "keep"),
            scope=["shop.py"],
        ),
        {"shop.py": PADDED + "\n\ndef total(prices):\n    return price(sum(prices))\n"},
        {"tests/test_total.py": SUM_TEST},
    ),
    "fix": Change(
        spec(
            "Cents below ten have two digits",
            shown("Twelve and five cents are 12.05.", "python3 -m unittest tests.test_small"),
            shown("Nothing else changes.", ALL, "keep"),
            scope=["shop.py"],
        ),
        {"shop.py": PADDED},
        {"tests/test_small.py": BUG_TEST},
    ),
    "flag": Change(
        spec(
            "The currency is shown on demand",
            shown("`--currency` shows it.", 'test "$(python3 cli.py --currency 1250)" = "12.50 EUR"'),
            shown("Without it nothing changes.", 'test "$(python3 cli.py 1250)" = 12.50', "keep"),
            scope=["cli.py"],
        ),
        {
            "cli.py": "import sys\n\nfrom shop import price, settings\n\n"
            "unit = f\" {settings()['currency']}\" if '--currency' in sys.argv else ''\nprint(price(int(sys.argv[-1])) + unit)\n"
        },
        {},
    ),
    "settings": Change(
        spec(
            "The decimal mark is a setting",
            shown(
                "`mark` in shop.toml stands between the parts.",
                "sed -i 's/^mark.*/mark = \"@\"/' shop.toml && python3 -c \"from shop import price; assert price(1250) == '12@50'\"",
            ),
            shown("As it is delivered, prices look as before.", "python3 -m unittest tests.test_price", "keep"),
            scope=["shop.py", "shop.toml"],
        ),
        {
            "shop.py": SHOP["shop.py"].replace(
                "return f'{cents // 100}.{cents", 'return f\'{cents // 100}{settings()["mark"]}{cents'
            ),
            "shop.toml": SHOP["shop.toml"] + 'mark = "."\n',
        },
        {},
    ),
}


@pytest.mark.soak
def test_a_feature_a_fix_a_flag_and_a_setting_are_proven_and_what_stood_is_kept():
    with Stage(working_on(ADDITIONS), base=SHOP) as stage, stage.worker():
        for name, pull in opened(stage, ADDITIONS).items():
            assert stage.acceptance(pull) == "success", (name, stage.title(pull))
            assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept", name
            assert stage.blockers(pull) == []
            told = [reason for one in verdicts(stage, pull) for reason in one.reasons]
            assert any(reason.startswith("canary held") for reason in told), (name, told)
            if name == "fix":
                assert "before: 1 of 1 tests failed: `tests/test_small.py::Small::test_a_few_cents`" in told


MOVES = {
    "refactor": Change(
        spec(
            "Prices in a module of their own",
            shown("Everything works as before.", ALL, "keep"),
            more="removes: []\n",
        )
        + "\n## Tasks\n\n- [ ] **T-1** Move `price` and its tests (owns: `**`; proves: AC-1)\n",
        {
            "prices.py": "def price(cents):\n    return f'{cents // 100}.{cents % 100}'\n",
            "shop.py": SHOP["shop.py"]
            .replace("def price(cents):\n    return f'{cents // 100}.{cents % 100}'\n\n\n", "")
            .replace("import tomllib\n", "import tomllib\n\nfrom prices import price as price\n"),
            "tests/test_price.py": None,
            "tests/unit/__init__.py": "",
            "tests/unit/test_price.py": SHOP["tests/test_price.py"],
        },
        {},
    ),
    "deletion": Change(
        spec(
            "Nobody is shouted at any more",
            shown("`shout` is gone.", "python3 -c \"import shop; assert not hasattr(shop, 'shout')\""),
            shown("Everything else works.", ALL, "keep"),
            more="removes: [tests/test_shout.py]\n",
        ),
        {"shop.py": SHOP["shop.py"].partition("\n\ndef shout")[0], "tests/test_shout.py": None},
        {},
    ),
    "secret deletion": Change(
        spec(
            "The word is loud no more",
            shown("`shout` is gone.", "python3 -c \"import shop; assert not hasattr(shop, 'shout')\""),
        ),
        {"shop.py": SHOP["shop.py"].partition("\n\ndef shout")[0], "tests/test_shout.py": None},
        {},
    ),
}


@pytest.mark.soak
def test_tests_may_move_and_go_only_where_the_spec_says_so():
    changes = {name.replace(" ", "-"): change for name, change in MOVES.items()}
    with Stage(working_on(changes), base=SHOP) as stage, stage.worker():
        pulls = opened(stage, changes)
        refactor, deletion, secret = pulls.values()
        assert stage.acceptance(refactor) == "success", (stage.title(refactor), verdicts(stage, refactor))
        assert stage.title(refactor) == "1 of 1 criteria kept"
        assert stage.file(stage.head(refactor), "tests/unit/test_price.py") == SHOP["tests/test_price.py"]

        assert stage.acceptance(deletion) == "success", (stage.title(deletion), verdicts(stage, deletion))
        assert stage.title(deletion) == "2 of 2 criteria done: 1 proven, 1 kept"
        assert "tests/test_shout.py" not in stage._git("ls-tree", "-r", "--name-only", stage.head(deletion))

        assert stage.acceptance(secret) == "failure"
        assert {one.verdict for one in verdicts(stage, secret)} == {Verdict.TAMPERED}
        assert "TP101" in (stage.checks(stage.head(secret))[-1].output.summary or "")


LOOKED_AT = {
    "documentation": Change(
        spec("The guide explains prices", "(accept) A newcomer understands how prices are written.", scope=["docs/**"]),
        {},
        {"docs/guide.md": "# Prices\n\nA price has two digits for its cents.\n"},
    ),
    "dependency": Change(
        spec(
            "The clock comes from a newer library",
            shown("It is asked for.", "grep -qx 'clock==2.0' requirements-all.txt"),
            shown("Nothing else changes.", ALL, "keep"),
            scope=["requirements-all.txt"],
        ),
        {"requirements-all.txt": "clock==2.0\n"},
        {},
    ),
}


@pytest.mark.soak
def test_words_and_dependencies_wait_for_a_person():
    base = {**SHOP, "requirements-all.txt": "clock==1.0\n"}
    with Stage(working_on(LOOKED_AT), base=base) as stage, stage.worker():
        guide, clock = opened(stage, LOOKED_AT).values()
        assert not any("documentation" in label for label in asked(stage))
        assert stage.acceptance(guide) == "action_required"
        assert stage.title(guide).startswith("AC-1 waits for a person; 0 of 1 done")
        assert stage.acceptance(clock) == "action_required"
        assert stage.title(clock).startswith("A person has to allow TP203 requirements-all.txt; 2 of 2 done")
        assert stage.blockers(guide)
        assert stage.blockers(clock)

        accept = f"/specbot accept AC-1 {stage.head(guide)[:7]}"
        stage.say(guide, accept, login="grace")
        stage.say(clock, "/specbot allow TP203 read its notes", login="grace")
        for pull in (guide, clock):
            stage.until(lambda pull=pull: len(stage.runs_at(pull)) == 2, "the proofs to run again")
            stage.settled(pull)
            assert stage.acceptance(pull) == "success", stage.title(pull)
            assert stage.blockers(pull) == []
        assert "accepted by grace on" in (stage.checks(stage.head(guide))[-1].output.text or "")
