"""What is wrong with declarations, told before anybody meets it: `python3 dev.py check` and a test ask."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from app.records.field import fields
from app.registers import all_registers
from app.registers.engine import widths
from app.registers.engine.register import SORT_BY_DUE, SORT_BY_STEP, Children, Count, Register, Step, Sum
from resources.option_roles import RoleError, value_of


def declaration_errors(registers: Sequence[Register]) -> list[str]:
    """One sentence for each fault; none where all can work."""
    errors = [error for register in registers for error in _errors(register)]
    for what, values in (
        ("table", [register.key for register in registers]),
        ("title", [register.title for register in registers]),
        ("order", [register.order for register in registers]),
        ("ledger title", [printed.ledger_title for register in registers for printed in register.printings]),
    ):
        errors += [
            f"{count} registers have the {what} “{value}”" for value, count in Counter(values).items() if count > 1
        ]
    return errors


def _errors(register: Register) -> Iterator[str]:
    where = f"register {register.key}"
    kept = {one.name for one in fields(register.key)}
    if not 10 <= register.order <= 99:
        yield f"{where}: its order {register.order} is not of two digits"
    known = kept | {computed.name for computed in register.computed}
    for what, names in _named_columns(register):
        for name in names:
            if name not in known:
                yield f"{where}: {what} names a column “{name}” that {register.record.__name__} does not have"
    if register.subject != "village" and f"{register.subject}_id" not in kept:
        yield f"{where}: it is about a {register.subject}, but {register.record.__name__} has no {register.subject}_id"
    for step in register.all_steps:
        yield from _step_errors(where, register, step, kept)
    for children in register.children:
        yield from _children_errors(where, register, children)
    yield from _roll_errors(where, register)
    yield from _proposal_errors(where, register)
    for printed in register.printings:
        if all(name in known for name in (*register.columns, *printed.ledger.columns)):
            needed, there = widths.ledger_mm(printed), widths.page_mm(printed)
            if needed > there:
                yield f"{where}: its {printed.ledger.name} is {needed:.0f} mm wide, its page holds {there:.0f} mm"


def _named_columns(register: Register) -> Iterator[tuple[str, Sequence[str]]]:
    yield "columns", register.columns
    for ledger in (register.ledger, *register.more_ledgers):
        yield ledger.name, (*ledger.columns, *ledger.widths, *((ledger.only[0],) if ledger.only else ()))
    yield "sheet", tuple(register.sheet.aliases)
    yield "groups", tuple(name for _, names in register.groups for name in names)
    yield "form excludes", register.form_excludes
    yield "starts", tuple(register.starts)
    yield "explained", (*register.explained, *(name for names in register.explained.values() for name in names))
    yield "author", (register.author,) if register.author else ()
    yield "blank texts", tuple(register.blank_texts)
    yield "totals", register.totals
    yield "public", register.public
    yield "filters", register.filters
    sorted_by = (name.removeprefix("-") for sort in (register.sort, register.ledger.sort) for name in sort.split(","))
    yield "sort", tuple(name for name in sorted_by if name not in ("", SORT_BY_STEP, SORT_BY_DUE))
    yield "dated", (register.dated,) if register.dated else ()
    yield "follows", (register.follows,) if register.follows else ()
    for slip in register.slips:
        yield f"slip {slip.name}", (*slip.columns, *slip.named_in_text, *slip.photographs)
    for figure in register.figures:
        named = figure.column if isinstance(figure, Sum) else figure.distinct if isinstance(figure, Count) else ""
        if named:
            yield f"figure {figure.label}", (named,)


def _step_errors(where: str, register: Register, step: Step, kept: set[str]) -> Iterator[str]:
    if bool(step.done_on) == bool(step.outcome):
        yield f"{where}: step {step.name} must have either the date on which it is done or the column of its outcome"
    named = (step.column, step.if_filled, *step.due, step.responsible, step.counted_from, *step.needs)
    for name in (one for one in named if one and one not in kept):
        yield f"{where}: step {step.name} needs a column “{name}” that {register.record.__name__} does not have"
    for name in (one for one in (step.done_on, *step.due, step.counted_from) if one in kept):
        if register.field(name).kind not in (("date", "month") if name == step.done_on else ("date",)):
            yield f"{where}: step {step.name} asks for a date, but “{name}” is of kind {register.field(name).kind}"
    if step.within_days is not None and not step.counted_from and register.steps[:1] == (step,):
        yield f"{where}: step {step.name} is the first and has no step before it to count days from"


def _children_errors(where: str, register: Register, children: Children) -> Iterator[str]:
    table = children.record.__tablename__
    kept = {one.name for one in fields(table)}
    if not children.parent_column(register.record):
        yield f"{where}: {table} has no reference to {register.key}"
    for name in (*children.columns, *children.totals, *children.widths):
        if name not in kept:
            yield f"{where}: {table} has no column “{name}”"


def _roll_errors(where: str, register: Register) -> Iterator[str]:
    for slip in register.slips:
        listed = {one.name for one in fields(register.children[0].record.__tablename__)} if register.children else set()
        for name in slip.roll.columns if slip.roll else ():
            if name not in listed:
                yield f"{where}: slip {slip.name} lists a column “{name}” that nothing below its rows has"


def _proposal_errors(where: str, register: Register) -> Iterator[str]:
    """What is proposed to accounts and members has its columns, and exactly one place where it would stand."""
    for source in register.incomes:
        rows = {one.name for one in fields((source.record or register.record).__tablename__)}
        known = rows | {one.name for one in fields(register.key)}
        for name in (one for one in (source.dated, source.until, source.months) if one and one not in known):
            yield f"{where}: income names a column “{name}” that its rows do not have"
        if bool(source.role) == bool(source.cell):
            yield f"{where}: income must have either the role of an item or a column of the account"
        elif source.role:
            try:
                value_of("income_item", source.role)
            except RoleError as error:
                yield f"{where}: {error}"
        elif source.cell not in {one.name for one in fields("income_year")}:
            yield f"{where}: the account has no column “{source.cell}”"
    if register.ends_with_member and register.ends_with_member not in {one.name for one in fields(register.key)}:
        yield f"{where}: it has no column “{register.ends_with_member}” that ends a row"
    members = {one.name for one in fields("member")}
    own = {one.name for one in fields(register.key)}
    for mark in register.marks:
        if mark.column not in members:
            yield f"{where}: a member has no column “{mark.column}”"
        for name in (one for one in (mark.value, mark.year) if one and one not in own):
            yield f"{where}: mark {mark.column} names a column “{name}” that {register.record.__name__} does not have"


def main() -> int:
    """Print the faults of all registers; the exit status says whether there are any."""
    errors = declaration_errors(all_registers())
    print("\n".join([*errors, f"registers: {len(all_registers())}, faults: {len(errors)}"]))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
