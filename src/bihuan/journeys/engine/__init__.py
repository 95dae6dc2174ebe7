"""Moving people through journeys: in sets, each person exactly once, whatever crashes."""
