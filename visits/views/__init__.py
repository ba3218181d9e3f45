"""Pages of visits and appeals, one file a topic."""
