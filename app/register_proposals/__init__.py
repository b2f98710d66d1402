"""从台账带入: what the registers propose to the account of a year and to the members; decision 0037."""
