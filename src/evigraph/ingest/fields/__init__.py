"""Single values, freed of what exporters wrap around them: titles, years, identifiers, names, LaTeX."""

__all__ = ["name_parts", "names", "registrations", "ties", "values"]
