"""The local GitHub: REST, webhooks and git over HTTP on real bare repositories, on one machine. Knows nothing of the rest of bot.

    with Hub(tmp_path) as hub:
        repo = hub.create_repository("ada/text", files={"README.md": "# text\\n"})
        app = hub.register_app("specbot", "Specbot", {"checks": "write", "contents": "write"}, ["push"], webhook_url=url)
        installation_id = hub.install(app, "ada", [repo])
        hub.commit(repo, "topic", {"a.txt": "a\\n"}, "Add a", "ada")
        pull = hub.open_pull_request(repo, "topic", "Add a", "ada")
        assert hub.deliveries_idle(5)

Clients use `hub.api_url`, `repo.clone_url`, `app.app_id`, `app.client_id`, `app.private_key_pem`, `app.webhook_secret`.
`hub.faults.add(Fault(...))` makes things go wrong, `hub.journal` says what crossed the door, `hub.on_write` watches the
moments around each outside write, `hub.store` holds the records.
"""

from bot.hub.faults import Fault
from bot.hub.hub import Hub
from bot.hub.journal import Event, Exchange, Write
from bot.hub.refusal import Drop, Refused
from bot.hub.state.apps import App
from bot.hub.state.repositories import Repository

__all__ = ["App", "Drop", "Event", "Exchange", "Fault", "Hub", "Refused", "Repository", "Write"]
