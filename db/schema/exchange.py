"""What this copy of the workbook knows about others: keys, colleagues, packages (docs/decisions/0004-journal.md)."""

from sqlalchemy import Boolean, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.record import LocalTable


class Identity(LocalTable):
    """One row: this workbook's own keys, as raw bytes. Restored copies keep them; only the replica is new."""

    __tablename__ = "identity"

    one: Mapped[int] = mapped_column(primary_key=True, server_default=text("1"))
    workbook: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String)
    age_secret: Mapped[str] = mapped_column(String)
    sign_seed: Mapped[bytes] = mapped_column(LargeBinary)


class ReplicaOwner(LocalTable):
    """Whose a replica is: its id is derived from the key and the nonce (app/workbook/replicas.py). Own ones too."""

    __tablename__ = "replica_owner"

    replica: Mapped[str] = mapped_column(String(32), primary_key=True)
    sign_key: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[bytes] = mapped_column(LargeBinary)


class SignedHead(LocalTable):
    """How far the owner of a replica says that it had written, by the chain value there (db/journal/chains.py).

    Attributes:
        replica: the root of the stream, where that is a branch
        number, chain: the newest change when it was signed
        signature: by the key of the replica's owner (app/sync/signed_heads.py)
    """

    __tablename__ = "signed_head"
    __table_args__ = ({"sqlite_with_rowid": False},)

    village: Mapped[str] = mapped_column(String(12), primary_key=True)
    replica: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    chain: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class Peer(LocalTable):
    """Another workbook that this one exchanges with, from its card. `vector` (JSON): what it last reported to know."""

    __tablename__ = "peer"

    sign_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String)
    role: Mapped[str] = mapped_column(String)
    age_recipient: Mapped[str] = mapped_column(String)
    villages: Mapped[str] = mapped_column(String, server_default=text("''"))
    trusted_at: Mapped[str] = mapped_column(String)
    revoked_at: Mapped[str | None] = mapped_column(String, nullable=True)
    vector: Mapped[str] = mapped_column(String, server_default=text("'{}'"))
    last_heard: Mapped[str | None] = mapped_column(String, nullable=True)


class CardStatement(LocalTable):
    """The last word of a card's owner about another card (app/sync/card_statements.py).

    Attributes:
        author, subject: sign keys of who says it and of whose card it is about
        epoch: the highest that counted for its author, plus one
        seen: JSON, of a revocation: how far its author had the subject's streams: (village, replica, number, chain)
        signature: by the author; empty where an earlier version of the program said it
        standing: what it means here: in force, proposed to a person, or declined by one
    """

    __tablename__ = "card_statement"
    __table_args__ = ({"sqlite_with_rowid": False},)

    author: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    epoch: Mapped[int] = mapped_column(Integer)
    trusted: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String)
    seen: Mapped[str] = mapped_column(String)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    standing: Mapped[str] = mapped_column(String(10))


class PackageLog(LocalTable):
    """A package that was exported or imported.

    Attributes:
        digest: of the whole file, hex
        upto: what the sender knew (JSON as `Peer.vector`); a receipt for this package proves that the receiver knows it
        first_seq, last_seq: which lines of the journal an import wrote; it can be undone while no later change depends
            on them. Of one that was undone, `last_seq` is the newest line from then on
        result: more of it, JSON; of an import that was undone also which line got which number by it (`moved`)
        acknowledged_at: when the receiver's receipt for a package that went out came back
        undone_at: when an import was undone
    """

    __tablename__ = "package_log"

    n: Mapped[int] = mapped_column(primary_key=True)
    way: Mapped[str] = mapped_column(String(3))
    at: Mapped[str] = mapped_column(String)
    package: Mapped[str] = mapped_column(String)
    peer: Mapped[str] = mapped_column(String)
    file_name: Mapped[str] = mapped_column(String)
    changes: Mapped[int] = mapped_column(Integer)
    pictures: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    operator: Mapped[str] = mapped_column(String)
    result: Mapped[str] = mapped_column(String, server_default=text("''"))
    digest: Mapped[str] = mapped_column(String, server_default=text("''"))
    upto: Mapped[str] = mapped_column(String, server_default=text("'{}'"))
    first_seq: Mapped[int | None] = mapped_column(Integer, nullable=True)
    last_seq: Mapped[int | None] = mapped_column(Integer, nullable=True)
    acknowledged_at: Mapped[str | None] = mapped_column(String, nullable=True)
    undone_at: Mapped[str | None] = mapped_column(String, nullable=True)


class PendingPhoto(LocalTable):
    """A photograph that a package to this peer left out for lack of room, or that the peer reports as missing."""

    __tablename__ = "owed_picture"
    __table_args__ = ({"sqlite_with_rowid": False},)

    peer: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)


class AuditEntry(LocalTable):
    """An export, print, import, or display of a masked number: what, how many, by whom. No personal data."""

    __tablename__ = "deed"

    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String)
    operator: Mapped[str] = mapped_column(String)
    what: Mapped[str] = mapped_column(String)
    how_many: Mapped[int] = mapped_column(Integer)
