"""Cards: the signed identity by which a workbook is trusted. As text and QR code: app/sync/card_qr.py."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.sync.errors import NotACard
from app.workbook import files
from app.workbook.identity import age_recipient, sign_key
from app.workbook.roles import REVIEW
from app.workbook.workbook import Workbook
from db.schema.exchange import Identity
from db.schema.setting import Setting
from db.schema.village import Village

Role = Literal["village", "township", "county"]
ROLES: dict[str, str] = {"village": "村", "township": "乡镇", "county": "县"}
SUFFIX = ".hdcard"
_FORMAT = 1
_MAX_CARD_BYTES = 256 * 1024
_OWN_CARD_KEY = "exchange.card"


_Hex32 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Hex64 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{128}$")]
_CardText = Annotated[str, msgspec.Meta(max_length=400)]


class _CardFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON of a card. The signature is over all of it, so that it has exactly these fields."""

    hudang_card: Literal[1]
    name: _CardText
    role: Role
    age: _CardText
    sign: _Hex32
    villages: Annotated[list[tuple[_CardText, _CardText]], msgspec.Meta(max_length=10_000)]
    signature: _Hex64


@dataclass(frozen=True, slots=True)
class Card:
    """A workbook's identity. `villages`: (code, name); `role`: a key of ROLES.

    `signature` (hex, by its own key) protects the rest in transit; it is no reason to trust it.
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


def rank(role: str) -> int:
    """The level of a role; the higher one is obeyed."""
    return tuple(ROLES).index(role) if role in ROLES else 0


def fingerprint(sign_key: str, age_recipient: str) -> str:
    """Five groups of five digits (83 bits) that two people read to each other; the same on both screens."""
    digest = hashlib.blake2b(f"hudang card {sign_key} {age_recipient}".encode(), digest_size=16).digest()
    digits = f"{int.from_bytes(digest) % 10**25:025}"
    return " ".join(digits[n : n + 5] for n in range(0, 25, 5))


def load_setting(session: Session, key: str) -> dict[str, Any]:
    """The exchange's setting under a key."""
    row = session.get(Setting, key)
    try:
        value = msgspec.json.decode(row.value, type=dict[str, Any]) if row else {}
    except (msgspec.MsgspecError, RecursionError):
        return {}
    return value


def save_setting(session: Session, key: str, value: dict[str, Any]) -> None:
    """Store a setting of the exchange."""
    session.merge(Setting(key=key, value=json.dumps(value, ensure_ascii=False)))


def load_identity(session: Session) -> Identity:
    """This workbook's own keys."""
    return session.scalars(select(Identity)).one()


def load_own_keys(session: Session) -> tuple[str, str]:
    """The public keys of this workbook's card: by which colleagues know it, and for which they encrypt."""
    keys = load_identity(session)
    return sign_key(keys.sign_seed), age_recipient(keys.age_secret)


def build_own_card(session: Session, operator: str) -> Card:
    """This workbook's identity as others see it."""
    from nacl.signing import SigningKey

    keys, profile = load_identity(session), load_setting(session, _OWN_CARD_KEY)
    key, villages = SigningKey(keys.sign_seed), _own_villages(session)
    card = Card(
        name=profile.get("name") or f"{keys.name} {operator}",
        role=_own_role(profile, villages),
        age_recipient=age_recipient(keys.age_secret),
        sign_key=key.verify_key.encode().hex(),
        villages=villages,
    )
    return replace(card, signature=key.sign(_signed_bytes(card_payload(card))).signature.hex())


def load_own_role(session: Session) -> str:
    """The level of this workbook, a key of ROLES."""
    return _own_role(load_setting(session, _OWN_CARD_KEY), _own_villages(session))


def _own_role(profile: dict[str, Any], villages: tuple[tuple[str, str], ...]) -> str:
    return profile.get("role") or ("village" if len(villages) <= 1 else "township")


def _own_villages(session: Session) -> tuple[tuple[str, str], ...]:
    """(code, name) of each village."""
    found = session.execute(select(Village.village, Village.name).where(~Village.withdrawn).order_by(Village.village))
    return tuple((code, name or "") for code, name in found)


def load_own_card(workbook: Workbook) -> Card:
    """This workbook's card."""
    with workbook.reading() as session:
        return build_own_card(session, workbook.operator)


def update_own_card(workbook: Workbook, name: str, role: str) -> Card:
    """Set how colleagues see this workbook, and its level (a key of ROLES)."""
    if not name.strip() or role not in ROLES:
        raise UserError("请填写本机在同事名单里的名称，并选择村、乡镇或县。")
    workbook.require(REVIEW, "更改本机名片")
    with workbook.writing() as session:
        save_setting(session, _OWN_CARD_KEY, {"name": name.strip()[:40], "role": role})
    return load_own_card(workbook)


def card_payload(card: Card) -> dict[str, Any]:
    """The signed contents of a card, as in its file."""
    return {
        "hudang_card": _FORMAT,
        "name": card.name,
        "role": card.role,
        "age": card.age_recipient,
        "sign": card.sign_key,
        "villages": [list(village) for village in card.villages],
    }


def _signed_bytes(payload: dict[str, Any]) -> bytes:
    return b"hudang card 1" + json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def save_card(workbook: Workbook, path: Path) -> Card:
    """Write this workbook's card for a colleague; it holds no secret and no personal data.

    Raises:
        UserError: the file cannot be written
    """
    card = load_own_card(workbook)
    payload = card_payload(card) | {"signature": card.signature}
    try:
        with files.atomic_write(path) as temporary:
            temporary.write_text(json.dumps(payload, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"名片没有存成：“{path.parent}”不存在、已满或不能写入。") from error
    return card


def read_card(path: Path) -> Card:
    """A colleague's card. Reading it does not establish trust.

    Raises:
        NotACard: no card, altered, or of a newer version
    """
    try:
        if path.stat().st_size > _MAX_CARD_BYTES:
            raise NotACard(path.name)
        return verify_card(msgspec.json.decode(path.read_bytes()), path.name)
    except FileNotFoundError as error:
        raise UserError(f"找不到名片“{path.name}”。请检查 U 盘是否插好。") from error
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise NotACard(path.name) from error


def verify_card(payload: Any, name: str) -> Card:
    """The card with this payload, if its signature is valid.

    Args:
        payload: `card_payload` with the signature
        name: of the file, for messages

    Raises:
        NotACard
    """
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey
    from pyrage import RecipientError, x25519

    try:
        file = msgspec.convert(payload, _CardFile)
        card = Card(file.name, file.role, file.age, file.sign, tuple(file.villages), file.signature)
        VerifyKey(bytes.fromhex(file.sign)).verify(_signed_bytes(card_payload(card)), bytes.fromhex(file.signature))
        x25519.Recipient.from_str(file.age)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError, BadSignatureError, RecipientError) as error:
        raise NotACard(name) from error
    return card
