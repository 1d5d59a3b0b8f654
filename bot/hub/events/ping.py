"""`ping`: sent when a webhook address is set, to show that it works."""

from bot.hub.fields import Json
from bot.hub.render.view import View, stamp
from bot.hub.state.apps import App
from bot.hub.world import World


def announce(world: World, app: App) -> None:
    """Ping the App's webhook."""
    view = View(world.store, world.url)
    payload: Json = {
        "zen": "Keep it logically awesome.",
        "hook_id": app.hook_id,
        "hook": {
            "type": "App",
            "id": app.hook_id,
            "name": "web",
            "active": True,
            "events": list(app.events),
            "config": {
                "content_type": app.content_type,
                "insecure_ssl": "0",
                "secret": "********",
                "url": app.webhook_url,
            },
            "updated_at": stamp(app.created_at),
            "created_at": stamp(app.created_at),
            "app_id": app.id,
            "deliveries_url": f"{view.api}/app/hook/deliveries",
        },
    }
    world.outbox.send(app, "ping", payload)
