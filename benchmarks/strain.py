"""Measures mailaudit's collection where it is not easy: busy mailboxes, large ones, and many.

Run: python -m benchmarks.strain
"""

from typing import Any

from benchmarks.collect import contend, server

BUSY_EVERY, BUSY_MAILBOXES = 100, 6000
CROWDED_EVERY, CROWDED_MAILBOXES, MOST_CONNECTIONS = 4, 800, 27
LARGE_FACTOR, LARGE_MAILBOXES = 67, 20  # 20,000 mails a month
FEW, MANY = 1000, 20_000


def collect(
    mailboxes: int, *, connections: int = 8, warm: int = 60, **served: Any
) -> dict[str, float]:
    """One collection on a server of its own."""
    with server(workload="folders", latency_ms=20, **served) as at:
        return contend(
            url=at.url,
            ca=at.ca,
            auth="basic",
            connections=connections,
            contender="mailaudit",
            warm=warm,
            mailboxes=mailboxes,
        )


def main() -> None:
    """Prints a line a measure."""
    clean = collect(BUSY_MAILBOXES)["seconds"]
    busy = collect(BUSY_MAILBOXES, busy_every=BUSY_EVERY)["seconds"]
    print(
        f"1 mailbox in {BUSY_EVERY} busy for 3 s: {busy / clean:.2f} x the time of none", flush=True
    )

    crowded = collect(CROWDED_MAILBOXES, connections=MOST_CONNECTIONS, busy_every=CROWDED_EVERY)[
        "seconds"
    ]
    print(f"1 in {CROWDED_EVERY} busy, {MOST_CONNECTIONS} connections: {crowded:.1f} s for"
          f" {CROWDED_MAILBOXES} mailboxes", flush=True)  # fmt: skip

    usual = collect(LARGE_MAILBOXES)["rss_mib"]
    for limit in (250, 1000):
        large = collect(LARGE_MAILBOXES, factor=LARGE_FACTOR, find_limit=limit)["rss_mib"]
        print(f"mailboxes of 20,000 mails in pages of {limit}: {large:.0f} MiB, {usual:.0f} MiB"
              " where they have 300", flush=True)  # fmt: skip

    for connections in (8, MOST_CONNECTIONS):
        # Not warmed: a run reads its staff list before it collects, and once.
        few, many = (
            collect(count, connections=connections, warm=0)["rss_mib"] for count in (FEW, MANY)
        )
        print(f"{connections} connections, {FEW} mailboxes: {few:.1f} MiB; {MANY}: {many:.1f} MiB",
              flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
