"""What a command wrote: the first and the last part of it, how much there was, and the digest of all of it."""

import hashlib

from bot.ids import Digest


class KeptOutput:
    """Keeps at most `limit` bytes of a stream, half from its beginning and half from its end."""

    def __init__(self, limit: int) -> None:
        self._head_limit = limit // 2
        self._tail_limit = limit - self._head_limit
        self._head = bytearray()
        self._tail = bytearray()
        self._digest = hashlib.sha256()
        self.total = 0

    def add(self, data: bytes) -> None:
        self.total += len(data)
        self._digest.update(data)
        room = self._head_limit - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data
        # Cutting only now and then keeps the cost of a long stream linear.
        if len(self._tail) > 2 * self._tail_limit + 65_536:
            self._cut()

    def text(self) -> bytes:
        """The kept bytes; where some were left out, a line says how many."""
        self._cut()
        left_out = self.total - len(self._head) - len(self._tail)
        if left_out == 0:
            return bytes(self._head + self._tail)
        return bytes(self._head) + f"\n[… {left_out} bytes left out …]\n".encode() + bytes(self._tail)

    def digest(self) -> Digest:
        return Digest(self._digest.hexdigest())

    def _cut(self) -> None:
        if len(self._tail) > self._tail_limit:
            del self._tail[: len(self._tail) - self._tail_limit]
