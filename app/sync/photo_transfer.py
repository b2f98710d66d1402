"""Photographs for a peer: which fit into a package, which are pending, and which are missing here.

The journal carries what a photograph shows and its content hash; the picture itself goes once, in some package. What
did not fit into a package is pending for its receiver and goes first in the next one. Packages get lost, so every
sender also names the pictures it lacks, which become pending for it again; those of withdrawn photographs too, because
these may be restored on any laptop.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

MAX_MISSING_LISTED = 2000  # lacking photographs that a manifest names, 32 bytes each; the rest is named by the next one


@dataclass(frozen=True, slots=True)
class PhotoSelection:
    """The photographs of one package, by content hash.

    Attributes:
        selected: those that go, in this order
        left_out: those that must go and did not fit
        missing: those that must go and are not here yet themselves
    """

    selected: tuple[str, ...]
    left_out: tuple[str, ...]
    missing: tuple[str, ...]


def select_photos(
    session: Session, required: Collection[str], optional: Collection[str], max_bytes: int | None
) -> PhotoSelection:
    """Select the photographs of a package.

    Args:
        required: hashes that must go; what does not fit stays pending
        optional: hashes that went in an earlier package of which we do not know whether it arrived; they fill the
            remaining space
        max_bytes: limit for pictures, None for no limit. One picture goes even if it alone is larger
    """
    rows = session.execute(
        text("SELECT sha256, length(jpeg) FROM picture WHERE sha256 IN (SELECT value FROM json_each(:some))"),
        {"some": json.dumps([*required, *optional])},
    )
    sizes: dict[str, int] = {str(row[0]): row[1] for row in rows}
    selected: list[str] = []
    left_out: list[str] = []
    remaining = max_bytes if max_bytes is not None else sum(sizes.values())
    for sha256 in required:
        if sha256 not in sizes:
            continue
        if sizes[sha256] <= remaining or not selected:
            selected.append(sha256)
            remaining -= sizes[sha256]
        else:
            left_out.append(sha256)
    for sha256 in optional:
        if sha256 in sizes and sha256 not in required and sizes[sha256] <= remaining:
            selected.append(sha256)
            remaining -= sizes[sha256]
    return PhotoSelection(tuple(selected), tuple(left_out), tuple(sha256 for sha256 in required if sha256 not in sizes))


def pending(session: Session, sign_key: str, villages: Collection[str]) -> dict[str, str]:
    """Content hash → village of the pictures pending for a peer that are here, of photographs of these villages."""
    rows = session.execute(
        text(
            "SELECT o.sha256, min(p.village) FROM owed_picture o CROSS JOIN photo p ON p.content = o.sha256 "
            "WHERE o.peer = :peer AND p.village IN (SELECT value FROM json_each(:villages)) "
            "AND EXISTS (SELECT 1 FROM picture WHERE sha256 = o.sha256) GROUP BY o.sha256 ORDER BY 2, 1"
        ),
        {"peer": sign_key, "villages": json.dumps(sorted(villages))},
    )
    return {str(row[0]): str(row[1]) for row in rows}


def mark_pending(session: Session, sign_key: str, hashes: Iterable[str], villages: Collection[str]) -> None:
    """Mark pictures as pending for a peer, as far as a photograph of these villages names them."""
    session.execute(
        text(
            "INSERT OR IGNORE INTO owed_picture (peer, sha256) SELECT DISTINCT :peer, content FROM photo "
            "WHERE content IN (SELECT value FROM json_each(:some)) "
            "AND village IN (SELECT value FROM json_each(:villages))"
        ),
        {"peer": sign_key, "some": json.dumps(list(hashes)), "villages": json.dumps(sorted(villages))},
    )


def mark_sent(session: Session, sign_key: str, hashes: Iterable[str]) -> None:
    """Mark pictures as sent to the peer."""
    session.execute(
        text("DELETE FROM owed_picture WHERE peer = :peer AND sha256 IN (SELECT value FROM json_each(:some))"),
        {"peer": sign_key, "some": json.dumps(list(hashes))},
    )


def missing(session: Session, villages: Collection[str], limit: int = -1) -> list[str]:
    """Hashes that photographs of these villages name and whose pictures are not here; at most so many, -1 for all."""
    return list(
        session.scalars(
            text(
                "SELECT DISTINCT content FROM photo WHERE content IS NOT NULL AND content != '' "
                "AND village IN (SELECT value FROM json_each(:villages)) "
                "AND content NOT IN (SELECT sha256 FROM picture) LIMIT :most"
            ),
            {"villages": json.dumps(sorted(villages)), "most": limit},
        )
    )
