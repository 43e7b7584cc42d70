"""What people type, read into what machines keep."""
