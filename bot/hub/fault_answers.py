"""The answers that a struck request gets."""

from datetime import timedelta

from werkzeug.wrappers import Response

from bot.hub.actor import Actor
from bot.hub.faults import Fault
from bot.hub.rest.api import DOCUMENTATION, stamp_request
from bot.hub.world import World

UNICORN = "<html><body><h1>This page is taking too long to load.</h1></body></html>"


def error(fault: Fault) -> Response:
    """A proxy's answer: HTML, no JSON."""
    response = Response(UNICORN, fault.status or 502, content_type="text/html; charset=utf-8")
    stamp_request(response)
    return response


def rate_limit(world: World, actor: Actor, fault: Fault) -> Response:
    """The primary limit: nothing remains until the reset."""
    reset = int((world.clock() + timedelta(seconds=fault.seconds or 60)).timestamp())
    number = actor.installation.id if actor.installation else 0
    response = _limited(fault, f"API rate limit exceeded for installation ID {number}.")
    response.headers["X-RateLimit-Limit"] = "5000"
    response.headers["X-RateLimit-Remaining"] = "0"
    response.headers["X-RateLimit-Used"] = "5000"
    response.headers["X-RateLimit-Reset"] = str(reset)
    response.headers["X-RateLimit-Resource"] = "core"
    return response


def secondary_limit(world: World, fault: Fault) -> Response:
    """The secondary limit: plenty remains, and still no."""
    response = _limited(
        fault,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    )
    response.headers["X-RateLimit-Limit"] = "5000"
    response.headers["X-RateLimit-Remaining"] = "4321"
    response.headers["X-RateLimit-Reset"] = str(int((world.clock() + timedelta(minutes=30)).timestamp()))
    return response


def _limited(fault: Fault, message: str) -> Response:
    status = fault.status or 403
    if status == 200:  # as GraphQL says it
        kind = '"type": "RATE_LIMITED", ' if fault.kind == "rate_limit" else ""
        body = f'{{"errors": [{{{kind}"message": "{message}"}}]}}'
    else:
        body = f'{{"message": "{message}", "documentation_url": "{DOCUMENTATION}", "status": "{status}"}}'
    response = Response(body, status, content_type="application/json; charset=utf-8")
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    stamp_request(response)
    return response
