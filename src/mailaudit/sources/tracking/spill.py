"""Spill: chunks of many buckets in one temporary file, which no name leads to."""

import tempfile
from collections.abc import Mapping

_IN_MEMORY_BYTES = 1 << 14  # of a bucket


class Spill:
    """Takes chunks in any order, and gives each bucket's together. Close it.

    The file has no name where the system lets a file be without one, so that nothing is left of it
    however the program ends.
    """

    def __init__(self, buckets: int) -> None:
        self._file = tempfile.TemporaryFile(prefix="mailaudit-")  # noqa: SIM115 - see `close`
        self._chunks: list[list[tuple[int, int]]] = [[] for _ in range(buckets)]
        self._waiting = [bytearray() for _ in range(buckets)]
        self._end = 0

    def add(self, chunks: Mapping[int, bytes | bytearray]) -> None:
        """Adds to each of these buckets."""
        for bucket, chunk in chunks.items():
            waiting = self._waiting[bucket]
            waiting += chunk
            if len(waiting) >= _IN_MEMORY_BYTES:
                self._file.seek(self._end)
                self._file.write(waiting)
                self._chunks[bucket].append((self._end, len(waiting)))
                self._end += len(waiting)
                waiting.clear()

    def take(self, bucket: int) -> bytes:
        """All that was added to a bucket."""
        found = bytearray()
        for start, length in self._chunks[bucket]:
            self._file.seek(start)
            found += self._file.read(length)
        return bytes(found + self._waiting[bucket])

    def close(self) -> None:
        """Removes the file."""
        self._file.close()
