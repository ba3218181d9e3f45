"""What pages show that no document does. No requests and no answers here: reports.views."""
