"""The vocabularies as data: one TOML file each, checked when it is read (see ``vocabulary``)."""
