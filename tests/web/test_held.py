"""Work that is held back, on its run's page: what it is, the word that publishes it, and its patch as a file."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from bot.adapters.clock import SystemClock
from bot.adapters.store import SqlStore
from bot.core.codec import encode
from bot.core.held import KIND, LARGEST_PATCH, Held, held
from bot.core.runs import Run, RunState, Stage
from bot.ids import Sha
from bot.web.metrics import WebMetrics
from bot.web.run_view import PATCH_LINES
from bot.web.server import create_app
from bot.workflows import notes
from tests.adapters.store.values import run
from tests.web.conftest import DOOR

COMMIT = Sha("c2" * 20)
PATCH = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-old\n+<script>alert(1)</script>\u202e\n"


@pytest.fixture
def open_client(store: SqlStore) -> FlaskClient:
    app = create_app(store, replace(DOOR, open_pages=True), clock=SystemClock(), metrics=WebMetrics(), runs=store)
    return app.test_client()


def waiting(store: SqlStore, note: Held, state: RunState = RunState.WAITING) -> Run:
    made = store.create_run(replace(run(), stage=Stage.VERIFY))
    store.keep_note(made.run_id, KIND, encode(note))
    return store.update_run(made.run_id, state=state, stage=Stage.ENDED, candidate=COMMIT)


def test_the_page_has_the_word_and_the_patch_and_the_file_is_the_patch(
    open_client: FlaskClient, store: SqlStore
) -> None:
    made = waiting(store, held(COMMIT, PATCH))
    page = open_client.get(f"/runs/{made.run_id}").text
    assert f"/specbot publish {COMMIT[:7]}" in page
    assert '<span class="added">+&lt;script&gt;alert(1)&lt;/script&gt;\n</span>' in page
    file = open_client.get(f"/runs/{made.run_id}/held.diff")
    assert file.text == PATCH
    assert file.mimetype == "text/plain"
    assert file.headers["Content-Disposition"] == f'attachment; filename="pull-7-{COMMIT[:7]}.diff"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_a_stranger_gets_neither_and_learns_nothing(client: FlaskClient, store: SqlStore) -> None:
    made = waiting(store, held(COMMIT, PATCH))
    denied, nothing = client.get(f"/runs/{made.run_id}/held.diff"), client.get("/runs/run-1-2-3-4/held.diff")
    assert denied.status_code == nothing.status_code == 404
    assert COMMIT[:7] not in denied.text


@pytest.mark.parametrize("state", [RunState.WORKING, RunState.DONE, RunState.STOPPED])
def test_once_nothing_waits_for_the_word_none_is_asked_for(
    open_client: FlaskClient, store: SqlStore, state: RunState
) -> None:
    made = waiting(store, held(COMMIT, PATCH), state)
    assert "/specbot publish" not in open_client.get(f"/runs/{made.run_id}").text
    assert open_client.get(f"/runs/{made.run_id}/held.diff").status_code == 404


def test_a_word_that_was_given_is_not_asked_for_again(open_client: FlaskClient, store: SqlStore) -> None:
    made = waiting(store, Held(COMMIT, "", 0))
    assert "Held back" not in open_client.get(f"/runs/{made.run_id}").text


def test_a_long_patch_is_begun_on_the_page_and_a_huge_one_is_named(open_client: FlaskClient, store: SqlStore) -> None:
    long = "@@ -0,0 +1,9999 @@\n" + "+x\n" * (PATCH_LINES + 9)
    page = open_client.get(f"/runs/{waiting(store, held(COMMIT, long)).run_id}").text
    assert "10 more are in the file" in page
    huge = waiting(store, held(COMMIT, "x" * (LARGEST_PATCH + 1)))
    page = open_client.get(f"/runs/{huge.run_id}").text
    assert "2,000,001 characters, which is too much for this page" in page
    assert open_client.get(f"/runs/{huge.run_id}/held.diff").status_code == 404


def test_the_note_has_the_kind_that_the_page_reads() -> None:
    assert notes._KINDS[Held] == KIND
