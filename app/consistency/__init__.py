"""What other places hold of a household beside this workbook: 待录入清单 and 三者一致.

docs/decisions/0025-consistency.md
"""
