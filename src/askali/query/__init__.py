"""From what was typed to one `Question`: checked, resolved, spelled, understood."""
