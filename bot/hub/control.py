"""`/_hub/faults`: the fault switch over HTTP, for loopback only."""

import ipaddress
import json

from werkzeug.wrappers import Request, Response

from bot.hub.faults import Faults, from_json, to_json
from bot.hub.fields import Fields
from bot.hub.refusal import Refused


class Control:
    """GET lists the rules, POST adds one, DELETE takes all away."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def answer(self, request: Request) -> Response:
        """Do what is asked."""
        if not _is_local(request.remote_addr) or request.path != "/_hub/faults":
            return _json({"message": "Not Found"}, 404)
        if request.method == "GET":
            return _json([to_json(rule) for rule in self._faults.rules()])
        # A page in a browser cannot send this content type across origins without asking first.
        if request.method == "POST" and request.mimetype == "application/json":
            return self._add(request)
        if request.method == "DELETE":
            self._faults.clear()
            return Response(status=204)
        return _json({"message": "send JSON by POST"}, 415)

    def _add(self, request: Request) -> Response:
        try:
            values = json.loads(request.get_data())
            rule = from_json(Fields(values if isinstance(values, dict) else {}, "Fault"))
        except ValueError:
            return _json({"message": "Problems parsing JSON"}, 400)
        except Refused as refused:
            return _json({"message": refused.message, "errors": list(refused.errors)}, refused.status)
        return _json(to_json(self._faults.add(rule)), 201)


def _is_local(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
