"""待录入 and 三者一致 in the window: their tables, the line above them, their dialogs."""
