"""What officers are given: a portable zip and a Debian package of the built program, each tried before it is named."""
