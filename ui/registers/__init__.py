"""What the window shows of registers (app/registers): one page each, and the part of the household's page."""

from typing import cast

from app.registers import all_registers
from app.registers.engine.register import Register
from ui.registers.register_page import RegisterPage
from ui.shell.page import Page

_ORDER = 300  # behind the pages of everyday work, before those of the workbook


def register_page_classes() -> dict[str, type[Page]]:
    """Key of a register → its page."""
    return {register.key: _page_class(n, register) for n, register in enumerate(all_registers())}


def _page_class(n: int, register: Register) -> type[Page]:
    attributes = {
        "REGISTER": register,
        "TITLE": register.title,
        "ORDER": _ORDER + n,
        "SHORTCUT": f"Ctrl+Shift+G, {register.order // 10}, {register.order % 10}",  # its number, which never changes
        "__module__": __name__,
    }
    return cast(type[Page], type(f"{register.record.__name__}Page", (RegisterPage,), attributes))
