"""The door of narrators: telling without an account, the own story afterwards, and messages about what was done."""
