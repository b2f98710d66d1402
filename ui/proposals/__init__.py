"""从台账带入: what the registers propose, ticked by a person."""
