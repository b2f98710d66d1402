"""Any list as a sheet that is typed into: 表格编辑."""
