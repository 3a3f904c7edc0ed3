"""The script a user would write with exchangelib: an Account per mailbox, folders, filter, only."""

import requests.adapters
from exchangelib import (
    BASIC,
    IMPERSONATION,
    NTLM,
    Account,
    Build,
    Configuration,
    Credentials,
    Version,
)
from exchangelib.protocol import BaseProtocol

from benchmarks.workload import PERIOD


class Naive:
    """Reads mailboxes one Account at a time; call it from as many threads as connections."""

    def __init__(
        self, url: str, ca: str, username: str, password: str, auth: str, connections: int
    ) -> None:
        class TrustingAdapter(requests.adapters.HTTPAdapter):
            def cert_verify(
                self,
                conn: object,
                url: str,
                verify: bool | str | None,
                cert: str | tuple[str, str] | None,
            ) -> None:
                super().cert_verify(conn, url, ca, cert)

        BaseProtocol.HTTP_ADAPTER_CLS = TrustingAdapter
        self._config = Configuration(
            service_endpoint=url,
            credentials=Credentials(username, password),
            auth_type=NTLM if auth == "ntlm" else BASIC,
            version=Version(Build(15, 1, 2507)),
            max_connections=connections,
        )

    def __call__(self, address: str) -> int:
        """Reads one mailbox; returns how many mails it counted."""
        account = Account(
            address, config=self._config, autodiscover=False, access_type=IMPERSONATION
        )
        within = {"datetime_received__gte": PERIOD.start, "datetime_received__lt": PERIOD.end}
        fields = ("datetime_received", "is_read")
        count = 0
        folders = [account.sent, account.inbox, *account.inbox.walk()]
        for folder in folders:
            count += sum(1 for _ in folder.filter(**within).only(*fields))
        return count
