"""Studies of people: RFM, lifecycle stages, activity, personas, overlaps and flows."""
