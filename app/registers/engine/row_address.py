"""How a page names one row of any register to the page that prints it."""

from app.errors import UserError
from app.registers import get_register
from app.registers.engine.register import Register

RECORD_SHEET = "record_sheet"  # the report that prints a row whose register has no paper of its own


def row_address(register: Register, record_id: str) -> str:
    """The row with this id; without an id, the register's empty form."""
    return f"{register.key}/{record_id}"


def addressed_row(address: str) -> tuple[Register, str]:
    """The register and the id of a row; the id is "" for the empty form.

    Raises:
        UserError: it names no register
    """
    key, _, record_id = address.partition("/")
    try:
        return get_register(key), record_id
    except KeyError:
        raise UserError("请到这种记录的台账里选一条，再按 Ctrl+Shift+L。") from None
