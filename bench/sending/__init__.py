"""What the benches of sending share: a project with people, a mail server that counts, a worker to kill."""
