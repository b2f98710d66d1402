"""照片清单: what each photograph shows. The pictures themselves stay in the workbook."""

from app.registers.engine.register import Layout, Register
from db.schema.photo import Photo

LIST = Register(
    record=Photo,
    title="照片清单",
    subject="household",
    order=16,
    columns=("kind", "taken_at", "place", "people", "photographer", "caption", "visit_id"),
    sheet=Layout(refuses_new="照片不能从表里添加，请在户档的照片里添加"),
)
