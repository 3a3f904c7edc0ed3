"""Files that hold lists, whatever their kind: each to sheets of rows."""
