"""How wide a column is on paper, and how much room a ledger has."""

from app.pdf.page_style import MM, a4_text_area
from app.records.field import Field
from app.registers.engine.register import Children, Register

NUMBER_MM = 10.0
BLANK_MM = 32.0  # to sign in
STATE_MM = 18.0  # how far a row has come, where there are steps
_BY_KIND = {
    "text": 24.0, "long": 40.0, "integer": 14.0, "decimal": 18.0, "money": 24.0, "date": 26.0, "month": 20.0,
    "year": 14.0, "yes_no": 12.0, "choice": 20.0, "choices": 28.0, "reference": 20.0,
}  # fmt: skip
# the columns that tell whom a row is about: group and head; group, head and member; name and unit
SUBJECT_MM = {"household": (20.0, 18.0), "member": (20.0, 18.0, 18.0), "helper": (18.0, 34.0), "village": ()}


def column_mm(register: Register | Children, one: Field) -> float:
    """The width of one column in millimetres: as declared, or usual for its kind."""
    declared = register.ledger.widths if isinstance(register, Register) else register.widths
    return declared.get(one.name, usual_mm(one))


def usual_mm(one: Field) -> float:
    """The width in millimetres that is usual for what a field holds."""
    return _BY_KIND[one.kind]


def ledger_mm(register: Register) -> float:
    """The width of the whole ledger in millimetres, with the number of the row and whom it is about."""
    columns = sum(column_mm(register, one) for one in register.ledger_fields)
    behind = BLANK_MM * len(register.ledger.blanks) + (STATE_MM if register.ledger_tells_progress else 0)
    return NUMBER_MM + sum(SUBJECT_MM[register.subject]) + columns + behind


def page_mm(register: Register) -> float:
    """The width that its page has for it, in millimetres."""
    return a4_text_area(register.ledger.landscape)[0] / MM
