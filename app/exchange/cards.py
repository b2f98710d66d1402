"""Cards: what a workbook says of itself to be trusted, signed. As text and QR code: app/exchange/card_signs.py."""

import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.exchange.refusals import NotACard
from app.workbook.workbook import Workbook
from db.schema.exchange import Identity
from db.schema.setting import Setting
from db.schema.village import Village

Role = Literal["village", "township", "county"]
ROLES: dict[str, str] = {"village": "村", "township": "乡镇", "county": "县"}
SUFFIX = ".hdcard"
_FORMAT = 1
_MOST_CARD = 256 * 1024
_OWN_CARD = "exchange.card"


@dataclass(frozen=True, slots=True)
class Card:
    """What a workbook says of itself to be trusted. `villages`: (code, name); `role`: a key of ROLES.

    `signature` (hex, by its own key) holds the rest together while it travels; it is no reason to trust it.
    """

    name: str
    role: str
    age_recipient: str
    sign_key: str
    villages: tuple[tuple[str, str], ...]
    signature: str = field(default="", repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.sign_key, self.age_recipient)


def fingerprint(sign_key: str, age_recipient: str) -> str:
    """Five groups of five digits (83 bits) that two people read to each other; the same on both screens."""
    digest = hashlib.blake2b(f"hudang card {sign_key} {age_recipient}".encode(), digest_size=16).digest()
    digits = f"{int.from_bytes(digest) % 10**25:025}"
    return " ".join(digits[n : n + 5] for n in range(0, 25, 5))


def setting(session: Session, key: str) -> dict[str, Any]:
    """What the exchange keeps under a key among the settings."""
    row = session.get(Setting, key)
    found = json.loads(row.value) if row else {}
    return found if isinstance(found, dict) else {}


def keep_setting(session: Session, key: str, value: dict[str, Any]) -> None:
    """Keep it."""
    session.merge(Setting(key=key, value=json.dumps(value, ensure_ascii=False)))


def identity(session: Session) -> Identity:
    """This workbook's own keys."""
    return session.scalars(select(Identity)).one()


def own_card(session: Session, operator: str) -> Card:
    """What this workbook tells others of itself."""
    from nacl.signing import SigningKey
    from pyrage import x25519

    own, said = identity(session), setting(session, _OWN_CARD)
    key = SigningKey(own.sign_seed)
    villages = tuple(
        (code or "", name or "")
        for code, name in session.execute(
            select(Village.village, Village.name).where(~Village.withdrawn).order_by(Village.village)
        )
    )
    card = Card(
        name=said.get("name") or f"{own.name} {operator}",
        role=said.get("role") or ("village" if len(villages) <= 1 else "township"),
        age_recipient=str(x25519.Identity.from_str(own.age_secret).to_public()),
        sign_key=key.verify_key.encode().hex(),
        villages=villages,
    )
    return replace(card, signature=key.sign(_bytes_signed(said_of(card))).signature.hex())


def my_card(workbook: Workbook) -> Card:
    """This workbook's card."""
    with workbook.reading() as session:
        return own_card(session, workbook.operator)


def name_my_card(workbook: Workbook, name: str, role: str) -> Card:
    """Say how colleagues see this workbook, and at which level it works (a key of ROLES)."""
    if not name.strip() or role not in ROLES:
        raise OfficeError("请填写本机在同事名单里的名称，并选择村、乡镇或县。")
    with workbook.writing() as session:
        keep_setting(session, _OWN_CARD, {"name": name.strip()[:40], "role": role})
    return my_card(workbook)


def said_of(card: Card) -> dict[str, Any]:
    """What is signed, as it stands in the file."""
    return {
        "hudang_card": _FORMAT,
        "name": card.name,
        "role": card.role,
        "age": card.age_recipient,
        "sign": card.sign_key,
        "villages": [list(village) for village in card.villages],
    }


def _bytes_signed(said: dict[str, Any]) -> bytes:
    return b"hudang card 1" + json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def save_card(workbook: Workbook, path: Path) -> Card:
    """Write this workbook's card for a colleague; it holds no secret and no personal data.

    Raises:
        OfficeError: the file cannot be written
    """
    card = my_card(workbook)
    said = said_of(card) | {"signature": card.signature}
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OfficeError(f"名片没有存成：“{path.parent}”不存在、已满或不能写入。") from error
    return card


def read_card(path: Path) -> Card:
    """A colleague's card. Nothing is trusted by reading it.

    Raises:
        NotACard: no card, altered, or of a newer version
    """
    try:
        if path.stat().st_size > _MOST_CARD:
            raise NotACard(path.name)
        return proven(json.loads(path.read_text(encoding="utf-8")), path.name)
    except FileNotFoundError as error:
        raise OfficeError(f"找不到名片“{path.name}”。请检查U盘是否插好。") from error
    except (OSError, ValueError, RecursionError) as error:
        raise NotACard(path.name) from error


def proven(said: Any, name: str) -> Card:
    """The card that says this, if its signature holds.

    Args:
        said: `said_of` with the signature
        name: of the file, for the sentence

    Raises:
        NotACard
    """
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey
    from pyrage import RecipientError, x25519

    try:
        signature = said.pop("signature")
        if said["hudang_card"] != _FORMAT or said["role"] not in ROLES:
            raise NotACard(name)
        VerifyKey(bytes.fromhex(said["sign"])).verify(_bytes_signed(said), bytes.fromhex(signature))
        x25519.Recipient.from_str(said["age"])
        villages = tuple((str(code), str(called)) for code, called in said["villages"])
        return Card(str(said["name"]), said["role"], said["age"], said["sign"], villages, signature)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotACard(name) from error
    except (BadSignatureError, RecipientError) as error:
        raise NotACard(name) from error
