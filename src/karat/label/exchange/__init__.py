"""Files of annotation tools: read as votes, written with labels; one file a format, recognised by content."""
