"""The work team in the village: its month of attendance as one sheet, its hours of training."""
