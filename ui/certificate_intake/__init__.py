"""收证件: pictures of certificates, each with what was read and whose it is."""
