"""The values that pass between the rooms: frozen, standard library only, one word per thing."""
