"""How a demonstration server is set up, and where it is to be found. Cheap to import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mailaudit.errors import N_, UsageError
from mailaudit.model.period import Period


@dataclass(frozen=True, slots=True)
class Options:
    """What a demonstration server serves, and how it behaves.

    Attributes:
        traffic, people: Files of real traffic to serve; both None for the province.
        tracking: Folder for the message tracking logs that the traffic would have left; None for
            none.
        port: 0 takes any free one.
        latency_ms: How long every answer is held back.
        auth: "ntlm" or "basic".
        find_limit: Items one FindItem call may return.
        find_limit_over_all_folders: Whether the folders of one call share that limit.
        well_known_names: Whether folders have their DistinguishedFolderId.
        echoes_ids: Whether answers repeat the id of a request that asks for it, as Exchange 2013
            and later do.
        failing: Address -> the EWS error code its mailbox answers with, besides those of the
            province itself.
        faults: Fault file, as `mailaudit.demo.faults.file` describes it.
        access_log: File to which a JSON line a request is appended.
        log_bodies: Whether those lines hold the requests and answers too.

    Raises:
        UsageError: Only one of `traffic` and `people` is given, or `tracking` without them.
    """

    traffic: Path | None = None
    people: Path | None = None
    tracking: Path | None = None
    port: int = 0
    latency_ms: int = 0
    auth: str = "ntlm"
    find_limit: int = 1000
    find_limit_over_all_folders: bool = True
    well_known_names: bool = True
    echoes_ids: bool = True
    failing: Mapping[str, str] = field(default_factory=dict)
    faults: Path | None = None
    access_log: Path | None = None
    log_bodies: bool = False

    def __post_init__(self) -> None:
        if (self.traffic is None) != (self.people is None):
            raise UsageError(
                N_("--traffic and --people go together."), N_("Name both, or neither.")
            )
        if self.tracking is not None and self.traffic is None:
            raise UsageError(
                N_("--tracking needs recorded traffic: the demonstration's own has no recipients."),
                N_("Name --traffic and --people too."),
            )


@dataclass(frozen=True, slots=True)
class ServedAt:
    """A running demonstration server and the files that lead to it.

    Attributes:
        url: Of its EWS endpoint.
        config_path: A mailaudit.toml that audits it and needs nothing else.
        accounts_path: Who may log in, with passwords.
        ca_path: The certificate authority its TLS certificate is from.
        periods: The months it has mail in, ascending.
        outside: A mailbox that must be refused to the audit's account; "" where there is none.
        logs_config_path: A mailaudit.toml that audits the tracking logs; None without any.
    """

    url: str
    directory: Path
    config_path: Path
    accounts_path: Path
    ca_path: Path
    periods: tuple[Period, ...]
    outside: str = ""
    logs_config_path: Path | None = None
