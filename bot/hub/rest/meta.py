"""Facts about the service, and the limits of the bearer."""

from datetime import timedelta

from bot.hub.rest.call import Answer, Call, Route


def meta(call: Call) -> Answer:
    """What the service is; webhooks come from this machine."""
    return Answer(200, {"verifiable_password_authentication": False, "hooks": ["127.0.0.1/32"]})


def rate_limit(call: Call) -> Answer:
    """The limits. The headers of each answer count exactly; this gives a full hour."""
    reset = int((call.world.clock() + timedelta(hours=1)).timestamp())
    core = {"limit": 5000, "used": 0, "remaining": 5000, "reset": reset}
    search = {"limit": 30, "used": 0, "remaining": 30, "reset": reset}
    return Answer(200, {"resources": {"core": core, "search": search}, "rate": core})


def zen(call: Call) -> Answer:
    """A saying."""
    return Answer(200, text="Keep it logically awesome.", content_type="text/plain;charset=utf-8")


ROUTES = (
    Route("GET", "/meta", meta),
    Route("GET", "/rate_limit", rate_limit),
    Route("GET", "/zen", zen),
)
