"""Pages by audience. Views parse, call services and queries, and answer with templates."""
