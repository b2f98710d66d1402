"""The keys of a workbook: one to open what others send to it, one to sign what it sends."""

from uuid import uuid4


def new_identity(name: str) -> dict[str, str | bytes]:
    """The values of the one row of table `identity`, for a workbook that is being made.

    Args:
        name: how colleagues see this workbook in their lists, e.g. "柳树沟村驻村工作队"
    """
    from nacl.signing import SigningKey
    from pyrage import x25519

    return {
        "workbook": uuid4().hex,
        "name": name,
        "age_secret": str(x25519.Identity.generate()),
        "sign_seed": bytes(SigningKey.generate()),
    }
