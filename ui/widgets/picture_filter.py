"""What a dialog offers where it asks for pictures: every format that is read, by one list (app/picture_file.py)."""

from app.picture_file import PICTURE_SUFFIXES

PICTURE_PATTERNS = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)
PICTURE_FILTER = f"照片 ({PICTURE_PATTERNS})"
