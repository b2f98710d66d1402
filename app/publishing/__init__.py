"""Publishing the records into a PostgreSQL database, where a county queries all its villages.

docs/publishing.md, docs/decisions/0042-publishing.md. Nothing comes back from there: the workbook stays the place where
records are written.
"""
