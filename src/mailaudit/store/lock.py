"""The right to write a store, or to deliver from it: held by one process at a time."""

from pathlib import Path

from filelock import FileLock, Timeout

from mailaudit.errors import N_, StoreError, StoreInUse, cause


class WriterLock:
    """A file lock of the operating system beside the database; readers need none.

    It ends with its process, however that ends.

    Args:
        file: The store.
        ending: What follows the store's name in that of the lock's file.
        held, remedy: Said where another process holds it.
    """

    def __init__(
        self,
        file: Path,
        ending: str = ".lock",
        held: str = N_("Another mailaudit is collecting into {file}."),
        remedy: str = N_("Wait until it is done, or stop it; reports can be made meanwhile."),
    ) -> None:
        self._file = file
        self._held, self._remedy = held, remedy
        # Without a real lock of the file system there is no lock at all: one by mere presence of a
        # file would outlive a killed process.
        self._lock = FileLock(f"{file}{ending}", fallback_to_soft=False)

    def acquire(self) -> None:
        """Takes the lock, or raises StoreInUse or another StoreError at once."""
        if not self._file.parent.is_dir():  # FileLock would create it
            raise StoreError(
                N_("The folder of the store {file} does not exist."),
                N_("Create it, or correct store.file in the configuration."),
                file=self._file,
            )
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise StoreInUse(self._held, self._remedy, file=self._file) from None
        except OSError as error:
            raise StoreError(
                N_("The store {file} can't be locked for writing: {why}."),
                N_("Give this account write access to its folder."),
                file=self._file,
                why=cause(error),
            ) from error

    def release(self) -> None:
        """Gives the lock back; does nothing when it is not held."""
        self._lock.release(force=True)
