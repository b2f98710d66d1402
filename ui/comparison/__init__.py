"""What the page 数据比对 is made of: its rows, its filter, the dialogs that compare a list and take its side."""
