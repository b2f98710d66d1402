"""政策库: who may have what, who has it, and where the two do not agree."""
