"""Forms made from the declarations of db/schema."""
