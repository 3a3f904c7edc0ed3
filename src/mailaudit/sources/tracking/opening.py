"""The bytes of a log, whether it lies there as it is, in a .gz or in a .zip."""

import contextlib
import gzip
import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault
from mailaudit.sources.tracking.names import LogName

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class LogFile:
    """One log of one server.

    Attributes:
        server: The server whose folder it lies in.
        member: Its name within a .zip; empty where `path` is the log itself.
        size: Bytes as they lie there.
    """

    server: str
    path: Path
    member: str
    name: LogName
    size: int

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return f"{self.path}/{self.member}" if self.member else str(self.path)


def blocks_of(path: Path, member: str = "") -> Generator[bytes]:
    """The content in blocks, unpacked. Raises DamagedLogError."""
    try:
        before = path.stat()
        with _opened(path, member) as file:
            while block := file.read(BLOCK_BYTES):
                yield block
        after = path.stat()
    except EOFError:
        raise DamagedLogError(Damage(Fault.CUT)) from None
    except (RuntimeError, NotImplementedError):  # what zipfile says of these
        raise DamagedLogError(Damage(Fault.ENCRYPTED)) from None
    except (zlib.error, zipfile.BadZipFile, gzip.BadGzipFile):
        raise DamagedLogError(Damage(Fault.UNREADABLE, detail="damaged archive")) from None
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise DamagedLogError(Damage(Fault.UNREADABLE, detail=detail)) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DamagedLogError(Damage(Fault.CHANGED))


@contextlib.contextmanager
def _opened(path: Path, member: str) -> Iterator[IO[bytes] | gzip.GzipFile]:
    if member:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            yield file
    elif path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as file:
            yield file
    else:
        with path.open("rb") as file:
            yield file
