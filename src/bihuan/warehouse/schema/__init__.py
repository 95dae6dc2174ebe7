"""The warehouse's tables, their layout on one node or a cluster, and their migrations."""
