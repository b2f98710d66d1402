"""The program on a desktop: its folder and version, the kinds of files it opens, and how a desktop learns of them."""
