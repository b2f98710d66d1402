"""What the window shows of registers (app/registers): one page each, and the part of the household's page."""

from typing import cast

from app.registers import all_registers
from app.registers.engine.register import Register
from ui.registers.register_page import RegisterPage
from ui.shell.page import Page


def register_page_classes() -> dict[str, type[Page]]:
    """Key of a register → its page."""
    return {register.key: _page_class(register) for register in all_registers()}


def _page_class(register: Register) -> type[Page]:
    attributes = {"REGISTER": register, "__module__": __name__}
    return cast(type[Page], type(f"{register.record.__name__}Page", (RegisterPage,), attributes))
