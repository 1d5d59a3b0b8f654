"""Suites that were red before, that are red by chance, and one that needs a database: nobody is blamed for what they did not do."""

import shutil

import pytest

from bot.adapters.sandbox.box_programs import service_program
from bot.core.policy.model import Service
from bot.core.proofs.model import Verdict
from tests.stories.kinds import ALL, SHOP, Change, opened, shown, spec, verdicts
from tests.stories.moments import asked
from tests.support.stage import Stage, never

PRICES = SHOP["shop.py"].replace("{cents % 100}", "{cents % 100:02}")
BROKEN = SHOP["tests/test_price.py"].replace("Price(", "Old(").replace("'12.50'", "'12,50'")
LUCK = """\
import random
import unittest


class Luck(unittest.TestCase):
    pass


def tossed(self):
    if random.random() < 0.5:
        self.fail("tails")


for number in range(40):
    setattr(Luck, f"test_{number}", tossed)
"""
"""Forty coins: two runs agree about all of them once in a million million times."""

SUITES = {
    "red-before": Change(
        spec("Two digits for cents", shown("Nothing gets worse.", ALL, "keep")), {}, {"shop.py": PRICES}
    ),
    "worse": Change(
        spec("Three digits for cents", shown("Nothing gets worse.", ALL, "keep")),
        {},
        {"shop.py": SHOP["shop.py"].replace("word.upper()", "word")},
    ),
    "flaky": Change(
        spec("Prices by luck", shown("The coins fall well.", "python3 -m unittest luck.toss", "keep")),
        {},
        {"shop.py": PRICES},
    ),
    "own-runner": Change(
        spec("Checked by a runner of our own", shown("Its checks hold.", "sh check.sh", "keep")),
        {},
        {"shop.py": PRICES},
    ),
}
OWN_RUNNER = """\
mkdir -p out
echo '<testsuite><testcase classname="shop" name="opens"/><testcase classname="shop" name="sells"/></testsuite>' > out/shop.xml
"""


def test_what_was_red_before_is_named_and_not_blamed_and_what_is_red_by_chance_proves_nothing():
    base = {
        **SHOP,
        ".github/specbot.yml": SHOP[".github/specbot.yml"] + "implement: none\nreports: out/*.xml\n",
        "tests/test_old.py": BROKEN,
        "luck/toss.py": LUCK,
        "check.sh": OWN_RUNNER,
    }
    with Stage(never, base=base) as stage, stage.worker():
        red, worse, flaky, own = opened(stage, SUITES).values()
        assert stage.acceptance(red) == "success", stage.title(red)
        (kept,) = verdicts(stage, red)
        assert kept.verdict is Verdict.KEPT
        assert "these failed before the change too: `tests/test_old.py::Old::test_cents`" in kept.reasons[0]
        assert "tests/test_old.py::Old::test_cents" in (stage.checks(stage.head(red))[-1].output.text or "")

        assert stage.acceptance(worse) == "failure"
        (failed,) = verdicts(stage, worse)
        assert "green before, `tests/test_shout.py::Shout::test_shout` red now" in failed.reasons[0]

        assert stage.acceptance(flaky) == "action_required", (stage.title(flaky), verdicts(stage, flaky)[0].reasons)
        (luck,) = verdicts(stage, flaky)
        assert luck.verdict is Verdict.FLAKY
        assert "disagree about `luck/toss.py::Luck::test_" in luck.reasons[0]
        assert "make the test steady" in luck.way_out

        assert stage.acceptance(own) == "success", stage.title(own)
        (told,) = verdicts(stage, own)
        assert "after: all 2 tests passed" in told.reasons, "named in a file that the configuration knows"
        assert asked(stage) == []


STOCK_TEST = """\
import subprocess
import unittest


def sql(text):
    return subprocess.run(["psql", "-qtA", "-v", "ON_ERROR_STOP=1"], input=text, capture_output=True, text=True, check=True).stdout.strip()


class Stock(unittest.TestCase):
    def test_nothing_is_sold_twice(self):
        sql(open("schema.sql").read() + "insert into stock values ('pen', 1);")
        with self.assertRaises(subprocess.CalledProcessError):
            sql("update stock set count = count - 2 where name = 'pen';")
        self.assertEqual(sql("select count from stock;"), "1")
"""
SCHEMA = "create table stock (name text primary key, count integer not null);\n"
DATABASE = {
    "stock": Change(
        spec("Nothing is sold twice", shown("The database refuses it.", "python3 -m unittest tests.test_stock")),
        {},
        {"schema.sql": SCHEMA.replace("not null", "not null check (count >= 0)"), "tests/test_stock.py": STOCK_TEST},
    )
}


@pytest.mark.soak
@pytest.mark.skipif(
    service_program(Service.POSTGRESQL) is None or shutil.which("psql", path="/usr/local/bin:/usr/bin:/bin") is None,
    reason="no PostgreSQL where boxes find it",
)
def test_a_test_that_needs_a_database_finds_an_empty_one_each_time():
    configuration = "implement: none\nenvironment:\n  requirements: []\n  services: postgresql\n"
    base = {**SHOP, ".github/specbot.yml": configuration, "schema.sql": SCHEMA}
    with Stage(never, base=base) as stage, stage.worker():
        (pull,) = opened(stage, DATABASE).values()
        assert stage.acceptance(pull) == "success", (stage.title(pull), verdicts(stage, pull)[0].shown)
        (proven,) = verdicts(stage, pull)
        assert proven.verdict is Verdict.PROVEN
        assert "1 of 1 tests failed: `tests/test_stock.py::Stock::test_nothing_is_sold_twice`" in proven.reasons[0]
