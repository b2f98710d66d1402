"""Pictures of certificates, a folder of them at once: read by the machine, confirmed by a person, taken in."""
