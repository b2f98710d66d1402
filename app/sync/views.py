"""Peers and packages as lists show them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeerView:
    """A trusted (or revoked) peer as lists show it.

    Attributes:
        villages: codes it may see and write; empty means the villages of this workbook, whichever they are
        waiting: changes here that it is not known to have
        photographs: pictures that are pending for it besides, for lack of room or because it reports them missing
        last_heard: when its latest package was imported, ISO, "" if never
        proposed_by: names of colleagues who propose to a person here that this card be revoked
    """

    sign_key: str
    name: str
    role: str
    fingerprint: str
    age_recipient: str
    villages: tuple[str, ...]
    trusted_at: str
    revoked_at: str
    last_heard: str
    waiting: int
    photographs: int = 0
    proposed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeerVillageView:
    """What a peer has of one shared village.

    Attributes:
        has, of: changes of this village that it is known to have, out of those that are here
        photographs: pictures of this village that are pending for it
    """

    code: str
    name: str
    has: int
    of: int
    photographs: int

    @property
    def waiting(self) -> int:
        return self.of - self.has

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return 100 * self.has // self.of if self.of else 100


@dataclass(frozen=True, slots=True)
class PackageView:
    """A line of the log of packages.

    Attributes:
        way: "out" or "in"; `peer`: its name, `sign_key`: its key
        villages: codes of those it carried, as far as it is known (not for lines of the first version)
        left_out: photographs for which it had no room
        acknowledged_at: when the receipt for a package out came back, "" if it has not
        undone_at: when an import was undone, "" if it was not
    """

    n: int
    way: str
    at: str
    package: str
    peer: str
    file_name: str
    changes: int
    pictures: int
    operator: str
    result: str
    sign_key: str
    digest: str
    villages: tuple[str, ...]
    left_out: int
    acknowledged_at: str
    undone_at: str


@dataclass(frozen=True, slots=True)
class PeerDetailView:
    """One peer, village by village.

    Attributes:
        sees: (code, name) of the villages that it may see and write, as far as its trust names them; empty: whichever
            villages this workbook has
        last_sent, last_received: the newest package each way
        last_acknowledged: the newest package out for which its receipt came back
        revoked: names of cards that it says are not to be trusted any more
    """

    entry: PeerView
    sees: tuple[tuple[str, str], ...]
    villages: tuple[PeerVillageView, ...]
    last_sent: PackageView | None
    last_received: PackageView | None
    last_acknowledged: PackageView | None
    revoked: tuple[str, ...]
