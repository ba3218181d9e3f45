"""Pages and files for browsers. They print what others computed."""
