"""Where logs lie: a storage service under another name than the API's, which knows no tokens but signed addresses, each good for a minute."""

import hashlib
import hmac
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from bot.hub.world import World

PREFIX = "/_storage/logs/"

NAME = "localhost"
"""The hub is 127.0.0.1; under this name it is another host to whoever compares."""

GOOD_FOR_SECONDS = 60
"""GitHub REST, workflow jobs: the address expires after one minute."""


def address_of(world: World, job: int) -> str:
    """Where the log of a job is handed out, signed."""
    ends = int(world.clock().timestamp()) + GOOD_FOR_SECONDS
    return f"http://{NAME}:{urlsplit(world.address).port}{PREFIX}{job}?se={ends}&sig={_signature(world, job, ends)}"


def answer(world: World, request: Request) -> Response:
    """The log as plain text. An `Authorization` beside a signed address is refused, as by the service that GitHub uses."""
    job, ends = request.path.removeprefix(PREFIX), request.args.get("se", "")
    found = world.store.job_logs.get(int(job)) if job.isascii() and job.isdigit() else None
    if found is None or not ends.isascii() or not ends.isdigit():
        return Response("BlobNotFound", 404)
    signed = hmac.compare_digest(request.args.get("sig", ""), _signature(world, int(job), int(ends)))
    if not signed or int(ends) < world.clock().timestamp() or "Authorization" in request.headers:
        return Response("AuthenticationFailed", 403)
    return Response(found, 200, content_type="text/plain; charset=utf-8")


def _signature(world: World, job: int, ends: int) -> str:
    return hmac.new(world.store.storage_key, f"{job} {ends}".encode(), hashlib.sha256).hexdigest()
