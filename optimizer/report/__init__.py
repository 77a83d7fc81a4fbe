"""Pages, charts, tables and workbooks of a plan: everything here reads plans and computes nothing new."""
