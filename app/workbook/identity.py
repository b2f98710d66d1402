"""The keys of a workbook: one to open what others send to it, one to sign what it sends."""

from uuid import uuid4

from db.schema.exchange import Identity


def sign_key(sign_seed: bytes) -> str:
    """The public key (hex) of a workbook, by which colleagues know it."""
    from nacl.signing import SigningKey

    return SigningKey(sign_seed).verify_key.encode().hex()


def age_recipient(age_secret: str) -> str:
    """The public key of a workbook for which colleagues encrypt."""
    from pyrage import x25519

    return str(x25519.Identity.from_str(age_secret).to_public())


def new_identity(name: str) -> Identity:
    """The one row of table `identity`, for a workbook that is being made.

    Args:
        name: how colleagues see this workbook in their lists, e.g. "柳树沟村驻村工作队"
    """
    from nacl.signing import SigningKey
    from pyrage import x25519

    return Identity(
        workbook=uuid4().hex,
        name=name,
        age_secret=str(x25519.Identity.generate()),
        sign_seed=bytes(SigningKey.generate()),
    )
