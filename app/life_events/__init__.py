"""动态管理: what an event of a household asks for, what it touches, and writing all of it as one operation."""
