"""The tables. Importing this package imports every module, so that the metadata is complete."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from db.schema.record import Base, LocalTable, Record


@cache
def records() -> dict[str, type[Record]]:
    """Every journaled table by name, in an order in which references come after what they refer to."""
    mapped = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    return {
        table.name: mapped[table.name]
        for table in Base.metadata.sorted_tables
        if issubclass(mapped[table.name], Record)
    }


for _family in iter_modules(__path__):
    import_module(f"{__name__}.{_family.name}")

__all__ = ["Base", "LocalTable", "Record", "records"]
