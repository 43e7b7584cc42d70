"""What customers pay or owe: online payments, bank files, reminders, and disputes with the record that answers."""
