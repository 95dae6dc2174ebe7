"""Which properties are personal: guessed by their names, decided by members."""
